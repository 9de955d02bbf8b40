/**
 * The same trees, launches and outcomes however they are come by: three exporters follow the same processes at once, with names
 * from BPF, with names from /proc, and by polls.
 *
 * By BPF there is no difference from the truth. Two are left that can't be avoided, and nothing else:
 *
 * - From /proc a name comes too late where its process has ended. All launches and outcomes are the same; a launch whose name was missed goes
 *   by what its accounting record tells, and what it launched lies below that. Those that live until they are seen are the same.
 * - A poll doesn't see what lives between two of them, nor how a process ended. What it sees is in the same trees, and
 *   counted at most as often; what lives until it is seen is counted as often.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Exporter, NAMED_BY_PROC } from "./exporter.ts";
import { endings, type Scrape, type Tree } from "./exposition.ts";
import { assertCounted, assertForest, Forest, forestEnded, type ForestRun, launchesOf, MODES } from "./forest.ts";

/** What must be the same of a tree. */
type Figures = Pick<Tree, "launches" | "running" | "processes" | "exits">;

/** Trees through the element `name`, by their paths from the machine's first process on. */
function treesOf(scrape: Scrape, name: string): Map<string, Figures> {
  const figures = ({ launches, running, processes, exits }: Tree): Figures => ({
    launches,
    running,
    processes,
    exits: Object.fromEntries(Object.entries(exits).filter(([, count]) => count > 0)),
  });
  return new Map(scrape.treesThrough(name).map((tree) => [tree.path, figures(tree)]));
}

function total(trees: ReadonlyMap<string, Figures>): { launches: number; exits: Record<string, number> } {
  const exits: Record<string, number> = {};
  let launches = 0;
  for (const tree of trees.values()) {
    launches += tree.launches;
    for (const [outcome, count] of Object.entries(tree.exits)) exits[outcome] = (exits[outcome] ?? 0) + count;
  }
  return { launches, exits };
}

/** Launches that two count in the same trees. */
function inCommon(some: ReadonlyMap<string, Figures>, others: ReadonlyMap<string, Figures>): number {
  const common = [...some].map(([path, { launches }]) => Math.min(launches, others.get(path)?.launches ?? 0));
  return common.reduce((sum, launches) => sum + launches, 0);
}

/** The three that follow the same processes. */
class Three implements AsyncDisposable {
  private constructor(readonly bpf: Exporter, readonly proc: Exporter, readonly poll: Exporter) {}

  static async start(): Promise<Three> {
    const flags = ["--source=poll", "--source.poll-interval=100ms"];
    const started = [
      Exporter.start({ capture: "bpf" }),
      Exporter.start({ capture: "proc" }),
      Exporter.start({ flags }),
    ];
    const [bpf, proc, poll] = await Promise.all(started);
    return new Three(bpf!, proc!, poll!);
  }

  /** The trees through `name` of all three, as soon as each fulfils the condition. */
  async until(what: string, name: string, condition: (scrape: Scrape) => boolean): Promise<Map<string, Figures>[]> {
    const scrapes = [];
    for (const exporter of [this.bpf, this.proc, this.poll]) scrapes.push(await exporter.scrapeUntil(what, condition));
    return scrapes.map((scrape) => treesOf(scrape, name));
  }

  /** Waits until all have `name`, which lives until then. */
  async seen(name: string): Promise<void> {
    await this.until(`a tree ${name}`, name, (scrape) => scrape.treeNamed(name) !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const exporter of [this.bpf, this.proc, this.poll]) await exporter[Symbol.asyncDispose]();
  }
}

/** Whether nothing through `name` runs any more. */
function hasEnded(scrape: Scrape, name: string): boolean {
  const trees = scrape.treesThrough(name);
  return trees.length > 0 && trees.every((tree) => tree.processes === 0 && tree.launches === endings(tree));
}

/** What a poll may say of ended processes of which `truth` is known. */
function assertPolled(polled: ReadonlyMap<string, Figures>, truth: ReadonlyMap<string, Figures>): void {
  for (const [path, { launches, exits }] of polled) {
    assert.ok(
      launches <= (truth.get(path)?.launches ?? 0),
      `${path}: ${launches} launches by polls, more than there were`,
    );
    assert.deepEqual(exits, launches === 0 ? {} : { unknown: launches });
  }
}

const ignore = requireRoot() || requireBpf() || requireTool("cc", "gcc") || requireTool("make");

Deno.test({ name: "live: the same trees by BPF, from /proc and by polls", ignore }, async (t) => {
  await using forest = await Forest.build();
  await using three = await Three.start();

  for (const [what, stem, count] of [["programs", "sleeping", 30], ["forks", "forking", 20]] as const) {
    await t.step(`${what} that live until they are seen: no difference but the outcomes of a poll`, async () => {
      const running = await forest.start(stem, stem === "sleeping" ? "sleepers" : "forks", String(count));
      await running.ready();
      const { name } = running,
        processes = (scrape: Scrape) => scrape.treesThrough(name).reduce((sum, tree) => sum + tree.processes, 0);
      const [bpf, proc, poll] = await three.until("all of them", name, (scrape) => processes(scrape) === count + 1);
      assert.deepEqual(proc, bpf);
      assert.deepEqual(poll, bpf);
      const run = await running.end();
      const [ended, endedByProc, endedByPoll] = await three.until(
        "their end",
        name,
        (scrape) => hasEnded(scrape, name),
      );
      assert.deepEqual(endedByProc, ended);
      assert.equal(total(ended!).launches, launchesOf(run));
      for (const tree of ended!.values()) tree.exits = { unknown: tree.launches };
      assert.deepEqual(endedByPoll, ended);
    });
  }

  const compare = async (run: ForestRun) => {
    const truth = await three.bpf.scrapeUntil("its end", (scrape) => forestEnded(scrape, run));
    assertForest(truth, run);
    const raced = await three.proc.scrapeUntil("its end", (scrape) => forestEnded(scrape, run));
    const inTheirTrees = assertCounted(raced, run), { name } = run;
    const polled = await three.poll.scrapeUntil("its end", (scrape) => hasEnded(scrape, name));
    return { inTheirTrees, truth: treesOf(truth, name), polled: treesOf(polled, name) };
  };
  const run = async (stem: string, ...args: string[]) => {
    const running = await forest.start(stem, ...args);
    await three.seen(running.name);
    return await running.end();
  };

  await t.step("a known forest, of which most is short", async () => {
    let launches = 0, inTheirTrees = 0;
    for (const [, stem, ...args] of MODES) {
      const ended = await run(stem, ...args);
      const common = await compare(ended);
      launches += launchesOf(ended);
      inTheirTrees += common.inTheirTrees;
      // By polls a process whose parent ended before is init's, and one that exec'd meanwhile lies where its parent does now.
      if (!["daemons", "chained", "threadexec"].includes(stem)) assertPolled(common.polled, common.truth);
    }
    console.log(`from /proc ${inTheirTrees} of ${launches} launches of the forest are in the same trees`);
    assert.ok(inTheirTrees >= NAMED_BY_PROC * launches);
  });

  await t.step("a storm", async () => {
    const ended = await run("storming", "launch", "base", "1000", "0", "/bin/true");
    const { inTheirTrees, truth, polled } = await compare(ended);
    assert.ok(inTheirTrees >= NAMED_BY_PROC * 1001, `${inTheirTrees} of 1,001 from /proc`);
    assertPolled(polled, truth);
  });

  await t.step("a build", async () => {
    await Deno.copyFile("/bin/bash", forest.path("builder"));
    await Deno.mkdir(forest.path("build"));
    const write = (name: string, text: string) => Deno.writeTextFile(forest.path(`build/${name}`), text);
    await write("main.c", "int part(void);\nint main(void) { return part(); }\n");
    await write("part.c", "int part(void) { return 0; }\n");
    await write("Makefile", "program: main.o part.o\n\t$(CC) -o $@ $^\n%.o: %.c\n\t$(CC) -c -o $@ $<\n");
    const script =
      "make -s; ./program; cat *.c | sed s/part/piece/ | sort | uniq -c | sort -rn > sorted; ls | wc -l > n; read line";
    const child = new Deno.Command(forest.path("builder"), {
      args: ["-c", script],
      cwd: forest.path("build"),
      stdin: "piped",
    }).spawn();
    await three.seen("builder");
    await child.stdin.close();
    await child.status;
    const [bpf, proc, poll] = await three.until("its end", "builder", (scrape) => hasEnded(scrape, "builder"));
    const truth = total(bpf!), common = inCommon(proc!, bpf!);
    console.log(
      `a build of ${truth.launches} launches, ${common} from /proc and ${
        inCommon(poll!, bpf!)
      } by polls in the same trees:`,
      [
        ...bpf!.keys(),
      ].map((path) => path.slice(path.indexOf("/builder"))),
    );
    assert.deepEqual(total(proc!), truth);
    assert.ok(common >= NAMED_BY_PROC * truth.launches, `${common} of ${truth.launches} from /proc`);
    assertPolled(poll!, bpf!);
    const names = [...bpf!.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1));
    for (const name of ["builder", "make", "program"]) assert.ok(names.includes(name), `${name} among ${names}`);
  });

  await t.step("nothing was lost by anyone", async () => {
    for (const exporter of [three.bpf, three.proc]) {
      assert.equal((await exporter.scrape()).value("cnproc_events_lost_total"), 0);
    }
  });
});
