/** The number of launches, compared with the kernel's own tracepoint. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { Exporter, NAMED_BY_PROC, poll, testCaptures } from "./exporter.ts";
import { assertCounted, assertForest, Forest, forestEnded } from "./forest.ts";

/** Counts execs by the path that was executed, with bpftrace. */
class ExecTrace implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;
  #output = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#read = (async () => {
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) this.#output += chunk;
    })();
  }

  static async start(): Promise<ExecTrace> {
    const tracing = "/sys/kernel/tracing";
    const mounted = await Deno.stat(`${tracing}/events`).then(() => true, () => false);
    if (!mounted) await new Deno.Command("mount", { args: ["-t", "tracefs", "tracefs", tracing] }).output();
    const program = 'BEGIN { printf("attached\\n"); } ' +
      "tracepoint:sched:sched_process_exec { @[str(args->filename)] = count(); }";
    const command = new Deno.Command("bpftrace", {
      args: ["-e", program],
      env: { BPFTRACE_STRLEN: "128" },
      stdout: "piped",
      stderr: "inherit",
    });
    const trace = new ExecTrace(command.spawn());
    await poll("bpftrace attached", () => trace.#output.includes("attached\n"), 60_000);
    return trace;
  }

  /** Ends the trace; gives the number of execs by path. */
  async end(): Promise<Map<string, number>> {
    this.#child.kill("SIGINT");
    await this.#child.status;
    await this.#read;
    const counts = [...this.#output.matchAll(/^@\[(.*)\]: (\d+)$/gm)];
    return new Map(counts.map(([, path, count]) => [path!, Number(count)]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = await Promise.race([this.#child.status, Promise.resolve(undefined)]);
    if (ended === undefined) await this.end().catch(() => {});
  }
}

Deno.test({
  name: "live: launches against the kernel's tracepoint",
  ignore: requireRoot() || requireTool("bpftrace"),
}, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: ["--source=connector"] });
  // A name of its own for a program of the base system: the tracepoint shows the path as it was given.
  await Deno.symlink("/bin/true", forest.path("blank"));
  await using trace = await ExecTrace.start();
  const runs = [
    await forest.run("blanks", "launch", "base", "2000", "1000", forest.path("blank")),
    await forest.run("vforks", "vfork", "100"),
    await forest.run("links", "chain", "20", "2000"),
    await forest.run("bombs", "bomb", "2", "10", "1"),
  ];
  const counts = await trace.end();
  const scrape = await exporter.scrapeUntil("the end of all", (now) => runs.every((run) => forestEnded(now, run)));
  for (const run of runs) assertForest(scrape, run);

  // What the forests said they launched is what the kernel saw.
  const programs = new Map<string, number>();
  for (const { name, truth } of runs) {
    for (const { tree, launches } of truth) {
      const program = tree === "" ? name : tree === "base" ? "blank" : tree.slice(tree.lastIndexOf("/") + 1);
      programs.set(forest.path(program), (programs.get(forest.path(program)) ?? 0) + launches);
    }
  }
  const own = new Map([...counts].filter(([path]) => path.startsWith(`${forest.folder}/`)));
  assert.deepEqual(Object.fromEntries(own), Object.fromEntries(programs));
});

testCaptures("live: 2,000 launches of /bin/true", requireRoot(), async (capture) => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ capture });
  const before = await exporter.scrape();
  const run = await forest.runSeen(exporter, "trues", "launch", "base", "2000", "1000", "/bin/true");
  const after = await exporter.scrapeUntil("the end of all", (scrape) => forestEnded(scrape, run));
  if (capture === "bpf") assertForest(after, run);
  const inTheirTrees = assertCounted(after, run);
  assert.ok(inTheirTrees >= NAMED_BY_PROC * 2001, `${inTheirTrees} of 2,001 in their trees`);
  const delta = (name: string, labels: Record<string, string>) =>
    after.value(name, labels) - (before.value(name, labels) || 0);
  for (const type of ["fork", "exec", "exit"]) assert.ok(delta("cnproc_events_total", { type }) >= 2000, type);
  assert.equal(after.value("cnproc_events_lost_total"), 0);
});
