/** What can't work ends with one line that names cause and remedy, and the right status; never with a stack trace. */

import assert from "node:assert/strict";
import { skipUnless } from "../require.ts";
import { Exporter, poll } from "../live/exporter.ts";
import { BINARY, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();
const ANY_PORT = "--web.listen-address=127.0.0.1:0";

/** Ends with `code` and one line that says why. The log of a start that failed later may say before how far it came. */
async function assertFails(
  command: readonly string[],
  flags: readonly string[],
  code: number,
  names: RegExp,
): Promise<void> {
  await using exporter = Exporter.launch({ command, flags });
  const status = await exporter.ended();
  const text = exporter.log.join("\n");
  const errors = exporter.log.filter((line) => !/^ts=\S+ level=(info|warn) /.test(line));
  assert.equal(status.code, code, text);
  assert.equal(errors.length, 1, `one line: ${text}`);
  assert.match(errors[0]!, names);
  assert.deepEqual(traces(exporter.log), []);
}

Deno.test({ name: "e2e: wrong usage ends with 2 and one line", ignore }, async (t) => {
  const cases: ReadonlyArray<readonly [what: string, flags: string[], names: RegExp]> = [
    ["unknown flag", ["--no-such-flag"], /--no-such-flag/],
    ["unknown short flag", ["-z"], /-z/],
    ["unknown command", ["frobnicate"], /frobnicate/],
    ["a value that is none of the choices", ["--source=guess"], /--source.*auto.*connector.*poll/],
    ["a level that does not exist", ["--log.level=loud"], /--log\.level/],
    ["a number that is none", ["--trees.max=many"], /--trees\.max/],
    ["a negative number", ["--trees.max=-1"], /--trees\.max/],
    ["an address without a port", ["--web.listen-address=localhost"], /--web\.listen-address/],
    ["a port that is too large", ["--web.listen-address=127.0.0.1:70000"], /--web\.listen-address/],
    ["a flag without its value", ["--log.level"], /--log\.level/],
  ];
  for (const [what, flags, names] of cases) {
    await t.step(what, () => assertFails([BINARY], flags, 2, names));
  }
});

Deno.test({ name: "e2e: a port that is taken ends with 1 and one line", ignore }, async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await assertFails(
    [BINARY],
    [`--web.listen-address=127.0.0.1:${port}`],
    1,
    new RegExp(`${port}.*--web\\.listen-address`),
  );
});

/** Runs the exporter in a place where something is missing: each word of the command before the exporter's own. */
interface Place {
  readonly what: string;
  readonly before: readonly string[];
  /** What `--source=connector` says. */
  readonly names: RegExp;
}

const PLACES: readonly Place[] = [
  { what: "another pid namespace", before: ["unshare", "--pid", "--fork", "--kill-child"], names: /namespace/ },
  { what: "another user namespace", before: ["unshare", "--user", "--map-root-user"], names: /namespace/ },
  {
    what: "another network namespace",
    before: ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$0" "$@"'],
    names: /namespace/,
  },
];

function works(before: readonly string[]): boolean {
  const [command, ...args] = before;
  return new Deno.Command(command!, { args: [...args, "true"] }).outputSync().success;
}

Deno.test({ name: "e2e: in another namespace", ignore }, async (t) => {
  for (const { what, before, names } of PLACES) {
    const missing = skipUnless(works(before), `needs ${before.join(" ")}`);
    await t.step({
      name: `${what}: --source=connector ends with 1 and one line`,
      ignore: missing,
      fn: () => assertFails([...before, BINARY], [ANY_PORT, "--source=connector"], 1, names),
    });
    await t.step({
      name: `${what}: --source=auto polls, with one warning`,
      ignore: missing,
      fn: async () => {
        await using exporter = Exporter.launch({ command: [...before, BINARY], flags: [ANY_PORT] });
        await exporter.listening();
        const warnings = () => exporter.log.filter((line) => /\blevel=warn/.test(line) && /poll/.test(line));
        await poll("the warning", () => warnings().length > 0);
        assert.equal(exporter.status, undefined);
        assert.equal(warnings().length, 1, exporter.log.join("\n"));
        assert.match(warnings()[0]!, names);
        assert.deepEqual(traces(exporter.log), []);
      },
    });
  }
});

Deno.test({ name: "e2e: a user without any right", ignore }, async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "cnproc-unprivileged-" });
  await Deno.chmod(folder, 0o755);
  const binary = `${folder}/cnproc-exporter`;
  await Deno.copyFile(BINARY, binary);
  const before = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=-all",
    "--bounding-set=-all",
  ];

  await t.step("--source=connector works (Linux 6.6) or ends with 1 and one line", async () => {
    const flags = [ANY_PORT, "--source=connector"];
    const version = (await Deno.readTextFile("/proc/sys/kernel/osrelease")).split(".").map(parseFloat);
    const mayListen = version[0]! > 6 || (version[0] === 6 && version[1]! >= 6);
    if (!mayListen) return await assertFails([...before, binary], flags, 1, /CAP_NET_ADMIN/);
    await using exporter = await Exporter.start({ command: [...before, binary], flags: ["--source=connector"] });
    const scrape = await exporter.scrape();
    assert.equal(scrape.value("cnproc_source_up", { source: "connector" }), 1);
    assert.equal(scrape.value("cnproc_source_up", { source: "taskstats" }), 0);
    const warnings = exporter.log.filter((line) => /\blevel=warn/.test(line) && /taskstats/.test(line));
    assert.equal(warnings.length, 1, exporter.log.join("\n"));
    assert.match(warnings[0]!, /CAP_NET_ADMIN/);
    assert.equal((await exporter.stop()).code, 0);
    assert.deepEqual(traces(exporter.log), []);
  });

  await t.step("a port below 1024 ends with 1 and one line", async () => {
    const limit = Number(await Deno.readTextFile("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
    if (skipUnless(limit > 81, "needs a port that only root may use")) return;
    await assertFails([...before, binary], ["--web.listen-address=127.0.0.1:81"], 1, /81/);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test({ name: "e2e: an unreadable /proc ends with 1", ignore }, async (t) => {
  const within = (prepare: string) => ["unshare", "--mount", "sh", "-c", `${prepare} && exec "$0" "$@"`, BINARY];
  const empty = "mount -t tmpfs none /proc";

  await t.step("nothing but what the runtime itself needs: one line", async () => {
    const prepare = `${empty} && mkdir /proc/self && ln -s "$(realpath "$0")" /proc/self/exe`;
    for (const source of ["auto", "connector", "poll"]) {
      // With all its rights it mounts no procfs of its own.
      await assertFails(within(prepare), [ANY_PORT, "--privileges=all", `--source=${source}`], 1, /\/proc/);
    }
  });

  await t.step("nothing at all: the runtime's own words, no trace", async () => {
    await using exporter = Exporter.launch({ command: within(empty), flags: [ANY_PORT] });
    assert.equal((await exporter.ended()).code, 1);
    assert.match(exporter.log.join(" "), /Is \/proc mounted\?/);
    assert.deepEqual(traces(exporter.log), []);
  });
});
