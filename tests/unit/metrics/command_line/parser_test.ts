import assert from "node:assert/strict";
import type { ServeOptions } from "../../../../metrics/command_line/mod.ts";
import {
  COMMAND_SET,
  type CommandLine,
  parseCommandLine,
  takesValue,
  UsageError,
} from "../../../../metrics/command_line/mod.ts";
import { FAKE_SET } from "./fake_set.ts";

/** The options of `serve` that these arguments give. */
function options(...args: string[]): ServeOptions {
  const line = parseCommandLine(args);
  return line.command === "serve" ? line.options : assert.fail(line.command);
}

/** Asserts that what was given is refused in one line. */
function assertRefused(parse: () => CommandLine, want: RegExp): void {
  assert.throws(parse, (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, want);
    assert.match(error.message, /^Cannot use [^\n]+$/);
    return true;
  });
}

Deno.test("the defaults", () => {
  assert.deepEqual(options(), {
    listenAddresses: [{ hostname: "127.0.0.1", port: 9501 }],
    telemetryPath: "/metrics",
    maxRequests: 40,
    allowedHosts: undefined,
    webConfigFile: undefined,
    lifecycle: false,
    profile: "full",
    enabledGroups: undefined,
    disabledGroups: undefined,
    source: "auto",
    capture: "auto",
    ringBytes: 2 << 20,
    pollIntervalMs: 1000,
    maxTrees: 1000,
    maxOnce: 64,
    treesRetentionMs: 86_400_000,
    receiveBufferBytes: 0,
    boost: "auto",
    rootfs: undefined,
    baseVerify: "auto",
    privileges: "minimal",
    baselineFile: undefined,
    baselineMode: "enforce",
    eventLog: undefined,
    eventLogOnly: ["flagged", "new", "unexpected"],
    configFile: undefined,
    logLevel: "info",
    logFormat: "logfmt",
  });
  assert.deepEqual(options("serve"), options());
});

Deno.test("each flag, both ways to write its value", () => {
  const cases: [flag: string, value: string, field: keyof ServeOptions, want: unknown][] = [
    ["web.listen-address", ":9501", "listenAddresses", [{ hostname: "", port: 9501 }]],
    ["web.listen-address", "[::1]:0", "listenAddresses", [{ hostname: "::1", port: 0 }]],
    ["web.listen-address", "[fe80::1%eth0]:1", "listenAddresses", [{ hostname: "fe80::1%eth0", port: 1 }]],
    ["web.listen-address", "localhost:65535", "listenAddresses", [{ hostname: "localhost", port: 65535 }]],
    ["web.telemetry-path", "/a/b.c_d~e-f", "telemetryPath", "/a/b.c_d~e-f"],
    ["web.telemetry-path", "/", "telemetryPath", "/"],
    ["web.max-requests", "1", "maxRequests", 1],
    ["web.max-requests", "0", "maxRequests", 0],
    ["web.allowed-hosts", "a-b.example,c", "allowedHosts", ["a-b.example", "c"]],
    ["web.allowed-hosts", "*", "allowedHosts", ["*"]],
    ["web.config.file", "web.yml", "webConfigFile", "web.yml"],
    ["metrics.profile", "small", "profile", "small"],
    ["metrics.enable", "durations, io", "enabledGroups", ["durations", "io"]],
    ["metrics.disable", "delays", "disabledGroups", ["delays"]],
    ["source", "poll", "source", "poll"],
    ["source.poll-interval", "250ms", "pollIntervalMs", 250],
    ["capture", "bpf", "capture", "bpf"],
    ["capture.ring-size", "64KiB", "ringBytes", 65536],
    ["trees.max", "10000", "maxTrees", 10000],
    ["trees.max-once", "0", "maxOnce", 0],
    ["trees.retention", "0", "treesRetentionMs", 0],
    ["trees.retention", "30m", "treesRetentionMs", 1_800_000],
    ["netlink.receive-buffer", "64MiB", "receiveBufferBytes", 67108864],
    ["netlink.receive-buffer", "auto", "receiveBufferBytes", 0],
    ["scheduler.boost", "fifo", "boost", "fifo"],
    ["path.rootfs", "/host", "rootfs", "/host"],
    ["base.verify", "off", "baseVerify", "off"],
    ["privileges", "all", "privileges", "all"],
    ["baseline.file", "/etc/baseline.yml", "baselineFile", "/etc/baseline.yml"],
    ["baseline.mode", "shadow", "baselineMode", "shadow"],
    ["event-log", "/var/log/e.jsonl", "eventLog", "/var/log/e.jsonl"],
    ["event-log.only", "unexpected,flagged", "eventLogOnly", ["unexpected", "flagged"]],
    ["event-log.only", "all", "eventLogOnly", ["all"]],
    ["config.file", "/etc/x.yml", "configFile", "/etc/x.yml"],
    ["log.level", "trace", "logLevel", "trace"],
    ["log.format", "json", "logFormat", "json"],
  ];
  for (const [flag, value, field, want] of cases) {
    assert.deepEqual(options(`--${flag}=${value}`)[field], want);
    assert.deepEqual(options(`--${flag}`, value)[field], want);
  }
  assert.equal(
    new Set(cases.map(([flag]) => flag)).size,
    Object.values(COMMAND_SET.byDefault.flags).filter(takesValue).length,
    "every flag with a value is tried",
  );
  assert.equal(options("--web.enable-lifecycle").lifecycle, true);
  assert.equal(options("--web.enable-lifecycle", "--no-web.enable-lifecycle").lifecycle, false);
});

Deno.test("--web.listen-address may be given several times", () => {
  assert.deepEqual(options("--web.listen-address=:1", "--web.listen-address", "[::1]:2").listenAddresses, [
    { hostname: "", port: 1 },
    { hostname: "::1", port: 2 },
  ]);
});

Deno.test("help and version are commands, too", () => {
  assert.deepEqual(parseCommandLine(["help"]), { command: "help", about: undefined });
  assert.deepEqual(parseCommandLine(["help", "trace"]), { command: "help", about: "trace" });
  assert.deepEqual(parseCommandLine(["help", "baseline"]), { command: "help", about: "baseline" });
  assert.deepEqual(parseCommandLine(["help", "baseline", "learn"]), { command: "help", about: "baseline learn" });
  assert.deepEqual(parseCommandLine(["help", "--version"]), { command: "version" });
  assert.deepEqual(parseCommandLine(["version"]), { command: "version" });
  assertRefused(() => parseCommandLine(["help", "trac"]), /"trac": it is no command; did you mean trace\?$/);
  assertRefused(() => parseCommandLine(["help", "trace", "top"]), /"top": want one command$/);
  assertRefused(() => parseCommandLine(["version", "now"]), /"now": version takes none$/);
});

Deno.test("--help and --version", () => {
  for (
    const args of [["--help"], ["-h"], ["--version", "--help"], ["--log.level=nonsense", "-h"]]
  ) {
    assert.deepEqual(parseCommandLine(args), { command: "help", about: undefined });
  }
  for (const args of [["serve", "--help"], ["--help", "serve", "more"]]) {
    assert.deepEqual(parseCommandLine(args), { command: "help", about: "serve" });
  }
  assert.deepEqual(parseCommandLine(["--version"]), { command: "version" });
});

Deno.test("what can't be followed is named, with what was wanted", () => {
  const cases: [args: string[], want: RegExp][] = [
    [["--web.listen-adress=:1"], /"--web.listen-adress": there is none.*did you mean --web.listen-address\?$/],
    [["--listen-address=:1"], /did you mean --web.listen-address\?$/],
    [["--verison"], /did you mean --version\?$/],
    [["--frobnicate"], /"--frobnicate": there is none of this name; --help lists all flags$/],
    [["--event-log.only=new,grave"], /"new,grave" for --event-log.only: want all, or some of flagged,new,unexpected/],
    [["--event-log.only="], /"" for --event-log.only: want all/],
    [["-x"], /"-x"/],
    [["-hx"], /"-x"/],
    [["--no-help"], /"--no-help"/],
    [["sevre"], /"sevre": it is no command; did you mean serve\?$/],
    [["serve", "more"], /"more": serve takes none$/],
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
    [["--web.max-requests=-1"], /"-1" for --web.max-requests: want a whole number from 0/],
    [["--web.allowed-hosts="], /want host names/],
    [["--web.allowed-hosts=a:9501"], /"a:9501"/],
    [["--web.allowed-hosts=http://a"], /"http:\/\/a"/],
    [["--web.allowed-hosts=*.a"], /"\*\.a"/],
    [["--web.max-requests=1e3"], /"1e3"/],
    [["--metrics.enable=io,nothing"], /"io,nothing" for --metrics.enable: want some of baseline, context, cpu/],
    [["--metrics.disable="], /want some of baseline/],
    [["--trees.max=-1"], /"-1"/],
    [["--trees.max", "-1"], /--trees.max without a value/],
    [
      ["--source=conector"],
      /"conector" for --source: want one of auto, connector, bpf, poll; did you mean connector\?$/,
    ],
    [["--source=AUTO"], /"AUTO"/],
    [["--source=bpf", "--capture=proc"], /--source=bpf with --capture=proc: the records/],
    [["trace", "--capture=proc", "--source=bpf"], /--source=bpf with --capture=proc/],
    [["baseline", "learn", "--capture=proc", "--source=bpf"], /--source=bpf with --capture=proc/],
    [["--source.poll-interval=1"], /"1" for --source.poll-interval: want a duration/],
    [["--source.poll-interval=1ms"], /"1ms"/],
    [["--netlink.receive-buffer=8MB8"], /"8MB8" for --netlink.receive-buffer: want auto, or a size/],
    [["--log.level=inof"], /did you mean info\?$/],
    [["--log.level=info", "--log.level=warn"], /--log.level 2 times: want it once$/],
    [["--log.level=\x1b[2J\n\u202e"], /"\\u001b\[2J\\n\\u202e"/],
  ];
  for (const [args, want] of cases) {
    assertRefused(() => parseCommandLine(args), want);
  }
});

Deno.test("a command has flags and arguments of its own", () => {
  const cases: [args: string[], want: unknown][] = [
    [[], { command: "run", options: { level: "low" }, operands: [] }],
    [["--level=high"], { command: "run", options: { level: "high" }, operands: [] }],
    [["show", "a"], show({}, "a")],
    [["show", "a", "-", "b"], show({}, "a", "-", "b")],
    [["show", "--", "--color", "-x"], show({}, "--color", "-x")],
    [["show", "a", "--no-color", "--file", "x", "--file=y"], show({ color: false, files: ["x", "y"] }, "a")],
    [["--no-color", "--color", "show", "a"], show({}, "a")],
    [["--limit", "3", "show", "show"], show({ limit: 3 }, "show")],
    [["run"], { command: "run", options: { level: "low" }, operands: [] }],
    [["list", "all"], { command: "list all", options: { limit: undefined }, operands: [] }],
    [["--limit=2", "list", "all", "x"], { command: "list all", options: { limit: 2 }, operands: ["x"] }],
    [["list", "--help"], { command: "help", about: "list" }],
    [["list", "all", "-h"], { command: "help", about: "list all" }],
    [["show", "-h"], { command: "help", about: "show" }],
  ];
  for (const [args, want] of cases) assert.deepEqual(parseCommandLine(args, FAKE_SET), want);
});

/** A command line of the fake command `show`. */
function show(options: Record<string, unknown>, ...operands: string[]) {
  return { command: "show", options: { color: true, files: [], limit: undefined, ...options }, operands };
}

Deno.test("what a command doesn't know is refused with its own names", () => {
  const cases: [args: string[], want: RegExp][] = [
    [["show"], /show without an argument: want NAME$/],
    [["show", "a", "--level=low"], /"--level": show has none of this name; it is one of run$/],
    [["--color"], /"--color": there is none of this name; it is one of show$/],
    [["show", "a", "--colour"], /"--colour": show has none of this name; did you mean --color\?$/],
    [["show", "a", "--zzz"], /"--zzz": show has none of this name; show --help lists all flags$/],
    [["show", "a", "--color=yes"], /"yes" for --color: it takes no value$/],
    [["show", "a", "--no-limit"], /"--no-limit": show has none of this name/],
    [["show", "a", "--limit"], /--limit without a value: want a whole number$/],
    [["show", "a", "--limit=1", "--limit=2"], /--limit 2 times/],
    [["shwo"], /"shwo": it is no command; did you mean show\?$/],
    [["zzz"], /"zzz": it is no command; the commands are run, show, list$/],
    [["list"], /list by itself: want one of all after it$/],
    [["list", "al"], /"al": it is no command of list; did you mean all\?$/],
    [["list", "zzz"], /"zzz": it is no command of list; the commands are all$/],
    [["list", "all", "x", "y"], /"y": list all takes at most 1$/],
    [["list", "--limit=1"], /"--limit"/],
    [["constructor"], /"constructor": it is no command/],
    [["__proto__"], /"__proto__": it is no command/],
  ];
  for (const [args, want] of cases) assertRefused(() => parseCommandLine(args, FAKE_SET), want);
});

Deno.test("the tables of the commands hold what the parser relies on", () => {
  const { commands, groups, byDefault } = COMMAND_SET;
  assert.ok(commands.includes(byDefault));
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  const kinds = new Map<string, boolean>();
  for (const { name, help, flags } of commands) {
    assert.match(name, /^[a-z-]+( [a-z]+)?$/);
    assert.match(help, /^[A-Z].*\.$/);
    if (name.includes(" ")) assert.ok(Object.hasOwn(groups, name.split(" ")[0]!), name);
    for (const flag of Object.values(flags)) {
      assert.match(flag.name, /^(?!no-)[a-z]+([.-][a-z]+)*$/);
      assert.match(flag.help, /^[A-Z].*\.$/, flag.name);
      assert.equal(kinds.get(flag.name) ?? takesValue(flag), takesValue(flag), `${flag.name} has one kind everywhere`);
      kinds.set(flag.name, takesValue(flag));
    }
  }
  for (const group of Object.keys(groups)) assert.ok(!commands.some(({ name }) => name === group), group);
});
