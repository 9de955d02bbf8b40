/**
 * Rights of the compiled exporter: what it keeps of root's in each of its threads, that four capabilities are enough for
 * another user, two of them for the start, and what each of them is for.
 */

import assert from "node:assert/strict";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { Exporter, poll } from "../live/exporter.ts";
import type { Scrape } from "../live/exposition.ts";
import { requireTool } from "../require.ts";
import { must, temporaryFolder } from "./artifacts.ts";

const ignore = requireBinary() || requireTool("setpriv", "util-linux");

/** Numbers of capabilities(7). */
const DAC_READ_SEARCH = 2, NET_BIND_SERVICE = 10, NET_ADMIN = 12, SYS_PTRACE = 19, SYS_NICE = 23;
const NEEDED = [NET_ADMIN, SYS_PTRACE];
const FOUR = ["net_admin", "sys_ptrace", "bpf", "perfmon"];
const NOBODY = 65534;

function mask(numbers: readonly number[]): string {
  return numbers.reduce((set, number) => set | 1n << BigInt(number), 0n).toString(16).padStart(16, "0");
}

/** A line of the status of each thread, without repetition. */
function inAllThreads(pid: number, name: string): string[] {
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)].map((entry) => entry.name);
  assert.ok(threads.length > 2, `${threads.length} threads`);
  const values = threads.map((thread) => {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${thread}/status`);
    return new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)![1]!;
  });
  return [...new Set(values)];
}

/** Of root the bounding set is small as well; who isn't root can't make it so. */
function assertRights(pid: number, capabilities: readonly number[], uid: string): void {
  const sets = ["CapEff", "CapPrm", "CapInh", "CapAmb", ...uid === "0" ? ["CapBnd"] : []];
  for (const set of sets) assert.deepEqual(inAllThreads(pid, set), [mask(capabilities)], set);
  assert.deepEqual(inAllThreads(pid, "NoNewPrivs"), ["1"]);
  assert.deepEqual(inAllThreads(pid, "Uid"), [Array(4).fill(uid).join("\t")]);
}

const ALL_UP = { bpf: 1, connector: 1, taskstats: 1, procfs: 1 };

/** The sources that work. */
function sourcesUp(scrape: Scrape): Record<string, number> {
  const value = (source: string) => scrape.value("cnproc_source_up", { source })!;
  return {
    ...{ bpf: value("bpf"), connector: value("connector") },
    ...{ taskstats: value("taskstats"), procfs: value("procfs") },
  };
}

function warnings(exporter: Exporter): string[] {
  return exporter.log.filter((line) => line.includes(" level=warn "));
}

/** Processes of another user, each named by its own executable: they end with the test. */
async function otherUsersProcess(folder: string): Promise<AsyncDisposable & { label: string }> {
  const path = `${folder}/other-users-program`;
  await Deno.chmod(folder, 0o755);
  await Deno.copyFile("/bin/sleep", path);
  await Deno.chmod(path, 0o755);
  const command = new Deno.Command("setpriv", { args: ["--reuid=1234", "--regid=1234", "--clear-groups", path, "60"] });
  const child = command.spawn();
  return {
    label: "other-users-program",
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

function names(scrape: Scrape, label: string): boolean {
  return scrape.samples.some(({ labels }) => labels.tree?.endsWith(`/${label}`));
}

Deno.test(
  { name: "privileges: root keeps two capabilities in every thread, and all sources work", ignore },
  async () => {
    await using folder = await temporaryFolder();
    await using other = await otherUsersProcess(folder.path);
    await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector"] });
    const scrape = await exporter.scrapeUntil("another user's program", (now) => names(now, other.label));
    assertRights(exporter.pid, NEEDED, "0");
    assert.deepEqual(sourcesUp(scrape), ALL_UP);
    assert.deepEqual(warnings(exporter), []);
    assert.equal((await Deno.readTextFile(`/proc/${exporter.pid}/comm`)).trim(), "cnproc-exporter");
  },
);

Deno.test(
  { name: "privileges: where names come from /proc, root keeps the right to run before others", ignore },
  async () => {
    await using exporter = await Exporter.start({ command: [BINARY], flags: ["--capture=proc"] });
    assertRights(exporter.pid, [...NEEDED, SYS_NICE], "0");
    assert.deepEqual(sourcesUp(await exporter.scrape()), { ...ALL_UP, bpf: 0 });
    assert.deepEqual(warnings(exporter), []);
  },
);

Deno.test({ name: "privileges: --privileges=all keeps what root has", ignore }, async () => {
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--privileges=all"] });
  assert.deepEqual(inAllThreads(exporter.pid, "CapEff"), inAllThreads(Deno.pid, "CapEff"));
});

Deno.test({ name: "privileges: arguments come through as they were given", ignore }, async () => {
  const flags = ["--log.level", "debug", "--web.telemetry-path=/a-b~c"];
  await using exporter = await Exporter.start({ command: [BINARY], flags });
  assert.equal((await exporter.get("/a-b~c")).status, 200);
  const [, ...given] = (await Deno.readTextFile(`/proc/${exporter.pid}/cmdline`)).split("\0");
  assert.deepEqual(given, ["--web.listen-address=127.0.0.1:0", ...flags, ""]);
});

Deno.test({ name: "privileges: a port below 1024 keeps the right to it", ignore }, async () => {
  await using exporter = Exporter.launch({ command: [BINARY], flags: ["--web.listen-address=127.0.0.1:1023"] });
  await exporter.listening();
  assertRights(exporter.pid, [NET_BIND_SERVICE, ...NEEDED], "0");
});

Deno.test({ name: "privileges: in a folder closed to user 0 it keeps the right to read", ignore }, async () => {
  await using folder = await temporaryFolder();
  await Deno.copyFile(BINARY, `${folder.path}/cnproc-exporter`);
  await Deno.chown(folder.path, NOBODY, NOBODY);
  await Deno.chmod(folder.path, 0o700);
  await using exporter = await Exporter.start({ command: [`${folder.path}/cnproc-exporter`] });
  assertRights(exporter.pid, [DAC_READ_SEARCH, ...NEEDED], "0");
  assert.ok(exporter.log.some((line) => line.includes("CAP_DAC_READ_SEARCH") && line.includes(folder.path)));
});

Deno.test({ name: "privileges: what only root may read is read", ignore }, async () => {
  await using folder = await temporaryFolder();
  await Deno.chmod(folder.path, 0o700);
  const file = `${folder.path}/baseline.yaml`;
  await using first = await Exporter.start({ command: [BINARY] });
  const learned = await must([BINARY, "baseline", "learn", `--exporter.url=${first.url}`, "--for=1s"]);
  await Deno.writeTextFile(file, learned);
  await Deno.chmod(file, 0o600);
  await using exporter = await Exporter.start({ command: [BINARY], flags: [`--baseline.file=${file}`] });
  assertRights(exporter.pid, NEEDED, "0");
});

/** Runs as user 65534 with these capabilities and no way to more, as the unit does. */
function asNobody(names: readonly string[]): string[] {
  const set = names.map((name) => `+${name}`).join(",");
  const limits = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=-all,${set}`, "--no-new-privs"];
  return ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", ...limits, BINARY];
}

Deno.test({
  name: "privileges: another user with the four capabilities has all sources, and gives two of them up",
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  await using other = await otherUsersProcess(folder.path);
  const command = asNobody(FOUR);
  await using exporter = await Exporter.start({ command, flags: ["--source=connector"] });
  const scrape = await exporter.scrapeUntil("another user's program", (now) => names(now, other.label));
  assertRights(exporter.pid, NEEDED, String(NOBODY));
  assert.deepEqual(sourcesUp(scrape), ALL_UP);
  assert.deepEqual(warnings(exporter), []);
});

Deno.test({ name: "privileges: each capability taken away takes one thing, and that is said", ignore }, async (t) => {
  await t.step("NET_ADMIN: no accounting records, small buffers", async () => {
    await using exporter = await Exporter.start({ command: asNobody(FOUR.slice(1)) });
    assert.equal(sourcesUp(await exporter.scrape()).taskstats, 0);
    const said = warnings(exporter);
    assert.ok(said.every((line) => line.includes("CAP_NET_ADMIN")), said.join("\n"));
    assert.match(said[0]!, /Cannot use taskstats: not permitted \(EPERM\)/);
  });
  await t.step("SYS_PTRACE: no executables of other users", async () => {
    await using folder = await temporaryFolder();
    await using other = await otherUsersProcess(folder.path);
    await using exporter = await Exporter.start({ command: asNobody(["net_admin", "bpf", "perfmon"]) });
    await poll("the warning", () => warnings(exporter).length > 0);
    assert.match(
      warnings(exporter)[0]!,
      /Cannot read which executables other users' processes run; give CAP_SYS_PTRACE/,
    );
    assert.equal(warnings(exporter).length, 1);
    const scrape = await exporter.scrape();
    assert.deepEqual(sourcesUp(scrape), ALL_UP);
    assert.ok(!names(scrape, other.label), "its executable can't be read");
  });
  await t.step("BPF or PERFMON: names from /proc", async () => {
    for (const missing of ["bpf", "perfmon"]) {
      const command = asNobody([...FOUR.filter((name) => name !== missing), "sys_nice"]);
      await using exporter = await Exporter.start({ command });
      await poll("the warning", () => warnings(exporter).length > 0);
      assert.match(
        warnings(exporter)[0]!,
        /Cannot use BPF: not permitted \(EPERM\); run as root, or with CAP_BPF and CAP_PERFMON .*going on with names from/,
      );
      assert.equal(warnings(exporter).length, 1);
      assertRights(exporter.pid, [...NEEDED, SYS_NICE], String(NOBODY));
      assert.deepEqual(sourcesUp(await exporter.scrape()), { ...ALL_UP, bpf: 0 });
    }
  });
  await t.step("BPF where it is a must: it doesn't start, and says why in one line", async () => {
    await using exporter = Exporter.launch({
      command: asNobody(["net_admin"]),
      flags: ["--web.listen-address=127.0.0.1:0", "--capture=bpf"],
    });
    assert.equal((await exporter.ended()).code, 1);
    assert.match(exporter.log.at(-1)!, /level=error msg="Cannot use BPF: not permitted \(EPERM\); run as root/);
  });
  await t.step("SYS_NICE, where names come from /proc: no start before others", async () => {
    const command = asNobody(["net_admin", "sys_ptrace"]);
    await using exporter = await Exporter.start({ command, flags: ["--capture=proc"] });
    await poll("the warning", () => warnings(exporter).length > 0);
    assert.match(warnings(exporter)[0]!, /Cannot run the reading thread before others; give CAP_SYS_NICE/);
    assert.equal(warnings(exporter).length, 1);
    const scrape = await exporter.scrape();
    assert.deepEqual(sourcesUp(scrape), { ...ALL_UP, bpf: 0 });
    assert.equal(scrape.value("cnproc_boost", { kind: "fifo" }), 0);
  });
});
