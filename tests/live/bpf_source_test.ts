/**
 * `--source=bpf`: all events from the ring, exact, without the connector's sockets. That the trees are the same is shown by
 * forest_test.ts and same_trees_test.ts.
 */

import assert from "node:assert/strict";
import { Btf } from "../../netlink/bpf/btf.ts";
import * as b from "../../netlink/bpf/constants.ts";
import { layoutOf, tracepointOf, TYPE_NAMES } from "../../netlink/bpf/layout.ts";
import { exitProgram } from "../../netlink/bpf/lifecycle_programs.ts";
import { EXIT_RECORD } from "../../netlink/bpf/mod.ts";
import { RingReader } from "../../netlink/bpf/ring.ts";
import { attachTracing, createMap, loadTracing } from "../../netlink/bpf/system_calls.ts";
import { constants as c, Libc } from "../../netlink/linux/mod.ts";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Exporter, FROM_SOURCE } from "./exporter.ts";
import { assertForest, Forest, forestEnded } from "./forest.ts";

// The C library stays open, as it does in the exporter.
const live = { ignore: requireRoot() || requireBpf(), sanitizeResources: false };

const RING = ["--source=bpf"];

/** Sockets of the proc connector (NETLINK_CONNECTOR) that a process has. */
async function connectorSockets(pid: number): Promise<number> {
  const inodes = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    inodes.add(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "");
  }
  const rows = (await Deno.readTextFile("/proc/net/netlink")).trim().split("\n").map((row) => row.trim().split(/\s+/));
  return rows.filter((row) => row[1] === "11" && inodes.has(row.at(-1)!)).length;
}

Deno.test({ ...live, name: "source bpf: no socket of the connector is open, and all else is up" }, async () => {
  await using forest = await Forest.build();
  await using ring = await Exporter.start({ flags: RING });
  await using connector = await Exporter.start({ flags: ["--source=connector"] });
  const run = await forest.run("bombs", "bomb", "3", "8", "1");
  const scrape = await ring.scrapeUntil("the end of all", (scrape) => forestEnded(scrape, run));
  assert.deepEqual([await connectorSockets(ring.pid), await connectorSockets(connector.pid)], [0, 2]);
  const up = (source: string) => scrape.value("cnproc_source_up", { source });
  assert.deepEqual(["bpf", "connector", "procfs", "taskstats"].map(up), [1, 0, 1, 1]);
  for (const type of ["fork", "exec", "exit", "accounting"]) {
    assert.ok(scrape.value("cnproc_events_total", { type }) > 500, type);
  }
  assert.equal(scrape.value("cnproc_boost", { kind: "none" }), 1);
  assert.equal(scrape.value("cnproc_events_lost_total"), 0);
});

Deno.test({ ...live, name: "source bpf: 20,000 launches flat out, all counted and accounted, none lost" }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: RING });
  const run = await forest.run("flatout", "launch", "base", "20000", "0", "/bin/true");
  const scrape = await exporter.scrapeUntil("the end of all", (now) => forestEnded(now, run), 30_000);
  assertForest(scrape, run);
  assert.equal(scrape.value("cnproc_events_lost_total"), 0);
  assert.equal(scrape.value("cnproc_images_total", { identified_by: "unknown" }), 0);
  assert.ok(scrape.value("cnproc_images_total", { identified_by: "bpf" }) >= 20_000);
});

Deno.test(
  { ...live, name: "source bpf: a ring that overflows is a counted loss, and gauges are true after it" },
  async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ flags: [...RING, "--capture.ring-size=65536"] });
    const ending = await forest.start("overrun", "sleepers", "50");
    await ending.ready();
    await exporter.scrapeUntil("50 sleepers", (scrape) => {
      const root = scrape.treeNamed(ending.name)?.path;
      return root !== undefined && scrape.trees.get(`${root}/sleeper`)?.running === 50;
    });
    exporter.kill("SIGSTOP");
    await forest.run("overflow", "launch", "base", "3000", "0", "/bin/true");
    const ended = await ending.end();
    const staying = await forest.start("afterwards", "sleepers", "30");
    await staying.ready();
    exporter.kill("SIGCONT");
    const after = await exporter.scrapeUntil("true gauges", (now) => {
      const [gone, here] = [now.treeNamed(ended.name), now.treeNamed(staying.name)];
      const running = here && now.trees.get(`${here.path}/sleeper`)?.running;
      return gone !== undefined && now.below(gone.path).every((tree) => tree.processes === 0) && running === 30;
    });
    // Each launch is a fork, an exec and an exit, 224 bytes; the ring holds fewer than 300.
    const lost = after.value("cnproc_events_lost_total", { socket: "ring" });
    assert.ok(lost > 3 * 2500, `${lost} lost`);
    assert.ok(after.value("cnproc_resyncs_total") > 0);
    assert.ok(exporter.log.some((line) => /dropped events.*--capture\.ring-size/.test(line)), exporter.log.join("\n"));
    const run = await staying.end();
    await exporter.scrapeUntil("the end of all", (now) => forestEnded(now, run));
  },
);

/** Runs `trace --source=bpf` in namespaces of its own; what it writes to both outputs until it ends, or `stop` finds enough. */
async function traced(namespaces: readonly string[], stop: (text: string) => boolean): Promise<string> {
  const args = [...namespaces, ...FROM_SOURCE, "trace", "--source=bpf", "--log.level=info"];
  const child = new Deno.Command("unshare", { args, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  let text = "", isStopped = false;
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (isStopped || !stop(text)) continue;
      isStopped = true;
      child.kill("SIGTERM");
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  await child.status;
  return text;
}

const namespaces = { ...live, ignore: live.ignore || requireTool("unshare", "util-linux") };

Deno.test({ ...namespaces, name: "source bpf: works in a network namespace of its own, with taskstats" }, async () => {
  await using forest = await Forest.build();
  let run: Promise<unknown> | undefined;
  const text = await traced(["--net"], (text) => {
    // What runs from then on has its lines.
    if (/Watching processes/.test(text)) run ??= forest.run("seen", "launch", "base", "1", "0", "/bin/true");
    return /success.*\/seen/.test(text);
  });
  await run;
  assert.doesNotMatch(text, /Cannot/);
  assert.match(text, /Watching processes" source=bpf/);
});

Deno.test({ ...namespaces, name: "source bpf: fails in a pid namespace of its own, with one line" }, async () => {
  const text = await traced(["--pid", "--fork", "--mount-proc"], () => false);
  assert.match(
    text,
    /level=error msg="Cannot use BPF: its programs were attached, but .* run in the host's pid namespace"/,
  );
});

Deno.test({ ...live, name: "source bpf: the exit program of kernels before 6.16 misses no process" }, async () => {
  await using forest = await Forest.build();
  const libc = new Libc(), page = libc.pageBytes, ringBytes = 1 << 20;
  using owned = new DisposableStack();
  const btf = new Btf(await Deno.readFile("/sys/kernel/btf/vmlinux"), TYPE_NAMES);
  const map = (type: number, keyBytes: number, valueBytes: number, entries: number) =>
    owned.use(createMap(libc, { type, keyBytes, valueBytes, entries, name: "cnproc_test" }));
  const ring = map(b.BPF_MAP_TYPE_RINGBUF, 0, 0, ringBytes), lost = map(b.BPF_MAP_TYPE_ARRAY, 4, 8, 1);
  const code = exitProgram(layoutOf(btf), { ring: ring.fd, lost: lost.fd }, ringBytes, false);
  owned.use(attachTracing(libc, owned.use(loadTracing(libc, code, tracepointOf(btf, "exit"), "cnproc_test"))));
  const mapped = (length: number, protection: number, offset: number) =>
    owned.adopt(libc.map(ring.fd, length, protection, offset), (mapping) => mapping.close()).bytes;
  const consumer = mapped(page, c.PROT_READ | c.PROT_WRITE, 0),
    producer = mapped(page + 2 * ringBytes, c.PROT_READ, page);
  const reader = new RingReader(consumer, producer, page, ringBytes), statuses = new Map<number, number[]>();

  const children = ["true", "exit 7", "kill -9 $$"].map((script) =>
    new Deno.Command("/bin/sh", { args: ["-c", script] }).spawn()
  );
  await Promise.all(children.map(({ status }) => status));
  for (const mode of [["threads", "500"], ["leaderless"], ["thread-exec"]]) await forest.run(`old-${mode[0]}`, ...mode);
  reader.drain({
    record(at) {
      const pid = reader.view.getUint32(at + EXIT_RECORD.tgid, true);
      statuses.set(pid, [...statuses.get(pid) ?? [], reader.view.getUint32(at + EXIT_RECORD.status, true)]);
    },
  });
  assert.deepEqual(children.map(({ pid }) => statuses.get(pid)), [[0], [0x700], [9]]);
  const twice = [...statuses.values()].filter(({ length }) => length > 1);
  assert.ok(twice.every(([first, ...others]) => others.every((other) => other === first)), JSON.stringify(twice));
});
