import assert from "node:assert/strict";
import { FLAGS, helpText, parseFlags, SWITCHES, UsageError } from "../../../metrics/mod.ts";
import { parseDuration, parseSize } from "../../../metrics/flag_values.ts";

/** The configuration that these arguments give. */
function config(...args: string[]) {
  const line = parseFlags(args);
  assert.equal(line.command, "serve");
  return line.command === "serve" ? line.config : assert.fail();
}

Deno.test("the defaults", () => {
  assert.deepEqual(config(), {
    listenAddresses: [{ hostname: "127.0.0.1", port: 9501 }],
    telemetryPath: "/metrics",
    maxRequests: 40,
    source: "auto",
    pollIntervalMs: 1000,
    maxTrees: 1000,
    maxOnce: 64,
    treesRetentionMs: 86_400_000,
    receiveBufferBytes: 0,
    boost: "auto",
    logLevel: "info",
    logFormat: "logfmt",
  });
  assert.deepEqual(config("serve"), config());
});

Deno.test("each flag, both ways to write its value", () => {
  const cases: [flag: string, value: string, field: keyof typeof FLAGS, want: unknown][] = [
    ["web.listen-address", ":9501", "listenAddresses", [{ hostname: "", port: 9501 }]],
    ["web.listen-address", "[::1]:0", "listenAddresses", [{ hostname: "::1", port: 0 }]],
    ["web.listen-address", "[fe80::1%eth0]:1", "listenAddresses", [{ hostname: "fe80::1%eth0", port: 1 }]],
    ["web.listen-address", "localhost:65535", "listenAddresses", [{ hostname: "localhost", port: 65535 }]],
    ["web.telemetry-path", "/a/b.c_d~e-f", "telemetryPath", "/a/b.c_d~e-f"],
    ["web.telemetry-path", "/", "telemetryPath", "/"],
    ["web.max-requests", "1", "maxRequests", 1],
    ["source", "poll", "source", "poll"],
    ["source.poll-interval", "250ms", "pollIntervalMs", 250],
    ["trees.max", "10000", "maxTrees", 10000],
    ["trees.max-once", "0", "maxOnce", 0],
    ["trees.retention", "0", "treesRetentionMs", 0],
    ["trees.retention", "30m", "treesRetentionMs", 1_800_000],
    ["netlink.receive-buffer", "64MiB", "receiveBufferBytes", 67108864],
    ["netlink.receive-buffer", "auto", "receiveBufferBytes", 0],
    ["scheduler.boost", "fifo", "boost", "fifo"],
    ["log.level", "trace", "logLevel", "trace"],
    ["log.format", "json", "logFormat", "json"],
  ];
  for (const [flag, value, field, want] of cases) {
    assert.deepEqual(config(`--${flag}=${value}`)[field], want);
    assert.deepEqual(config(`--${flag}`, value)[field], want);
  }
  assert.equal(new Set(cases.map(([flag]) => flag)).size, Object.keys(FLAGS).length, "every flag is tried");
});

Deno.test("--web.listen-address may be given several times", () => {
  assert.deepEqual(config("--web.listen-address=:1", "--web.listen-address", "[::1]:2").listenAddresses, [
    { hostname: "", port: 1 },
    { hostname: "::1", port: 2 },
  ]);
});

Deno.test("--help and --version", () => {
  for (
    const args of [["--help"], ["-h"], ["serve", "--help"], ["--version", "--help"], ["--log.level=nonsense", "-h"]]
  ) {
    assert.deepEqual(parseFlags(args), { command: "help" });
  }
  assert.deepEqual(parseFlags(["--version"]), { command: "version" });
});

Deno.test("what can't be followed is named, with what was wanted", () => {
  const cases: [args: string[], want: RegExp][] = [
    [["--web.listen-adress=:1"], /"--web.listen-adress": there is none.*did you mean --web.listen-address\?$/],
    [["--listen-address=:1"], /did you mean --web.listen-address\?$/],
    [["--verison"], /did you mean --version\?$/],
    [["--frobnicate"], /"--frobnicate": there is none of this name; --help lists all flags$/],
    [["-x"], /"-x"/],
    [["-hx"], /"-x"/],
    [["--no-help"], /"--no-help"/],
    [["sevre"], /"sevre": it is no command; did you mean serve\?$/],
    [["serve", "more"], /"more"/],
    [["--", "--help"], /"--help": it is no command/],
    [["--help=yes"], /"yes" for --help: it takes no value$/],
    [["--web.listen-address"], /--web.listen-address without a value: want HOST:PORT/],
    [["--web.listen-address", "--help"], /--web.listen-address without a value/],
    [["--web.listen-address=9501"], /"9501" for --web.listen-address: want HOST:PORT/],
    [["--web.listen-address=:65536"], /":65536"/],
    [["--web.listen-address=::1:80"], /"::1:80"/],
    [["--web.listen-address=a b:80"], /"a b:80"/],
    [["--web.listen-address="], /""/],
    [["--web.telemetry-path=metrics"], /"metrics" for --web.telemetry-path: want a path/],
    [["--web.telemetry-path=/:a"], /"\/:a"/],
    [["--web.telemetry-path=/a/../b"], /"\/a\/..\/b"/],
    [["--web.telemetry-path=//a"], /"\/\/a"/],
    [["--web.telemetry-path=/-/ready"], /"\/-\/ready"/],
    [["--web.max-requests=0"], /"0" for --web.max-requests: want a whole number from 1/],
    [["--web.max-requests=1e3"], /"1e3"/],
    [["--trees.max=-1"], /"-1"/],
    [["--trees.max", "-1"], /--trees.max without a value/],
    [["--source=conector"], /"conector" for --source: want one of auto, connector, poll; did you mean connector\?$/],
    [["--source=AUTO"], /"AUTO"/],
    [["--source.poll-interval=1"], /"1" for --source.poll-interval: want a duration/],
    [["--source.poll-interval=1ms"], /"1ms"/],
    [["--netlink.receive-buffer=8MB8"], /"8MB8" for --netlink.receive-buffer: want auto, or a size/],
    [["--log.level=inof"], /did you mean info\?$/],
    [["--log.level=info", "--log.level=warn"], /--log.level 2 times: want it once$/],
    [["--log.level=\x1b[2J\n\u202e"], /"\\u001b\[2J\\n\\u202e"/],
  ];
  for (const [args, want] of cases) {
    assert.throws(() => parseFlags(args), (error) => {
      assert.ok(error instanceof UsageError, `${args}: ${error}`);
      assert.match(error.message, want);
      assert.match(error.message, /^Cannot use [^\n]+$/);
      return true;
    });
  }
});

Deno.test("durations and sizes", () => {
  const durations: [string, number | undefined][] = [
    ["250ms", 250],
    ["1.5s", 1500],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
    ["1", undefined],
    ["s", undefined],
    ["1.s", undefined],
    ["1.2.3s", undefined],
    ["-1s", undefined],
    ["1 s", undefined],
    ["", undefined],
  ];
  for (const [text, want] of durations) assert.equal(parseDuration(text), want, text);
  const sizes: [string, number | undefined][] = [
    ["0", 0],
    ["65536", 65536],
    ["1kB", 1000],
    ["1.5GB", 1_500_000_000],
    ["80MiB", 83_886_080],
    ["1KiB", 1024],
    ["1K", undefined],
    ["1kib", undefined],
    [" 1", undefined],
    ["", undefined],
  ];
  for (const [text, want] of sizes) assert.equal(parseSize(text), want, text);
});

Deno.test("--help names every flag, its default and its choices", () => {
  const text = helpText();
  for (const flag of Object.values(FLAGS)) {
    assert.ok(text.includes(`--${flag.name}=${flag.placeholder}\n`), flag.name);
    assert.ok(text.includes(`Default: ${flag.default}`), flag.name);
    assert.match(flag.help, /^[A-Z].*\.$/);
  }
  for (const { name } of SWITCHES) assert.ok(text.includes(`--${name}\n`), name);
  for (const line of text.split("\n")) assert.ok(line.length <= 120, line);
});
