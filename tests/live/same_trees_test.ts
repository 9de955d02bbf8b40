/**
 * The same trees, launches and outcomes however they are come by: four exporters follow the same processes at once, by the
 * kernel's own programs alone, with names from those, with names from /proc, and by polls.
 *
 * By BPF, of either kind, there is no difference from the truth. Two are left that can't be avoided, and nothing else:
 *
 * - From /proc a name comes too late where its process has ended. All launches and outcomes are the same; a launch whose name was
 *   missed goes by what its accounting record tells, and what it launched lies below that. Those that live until they are seen
 *   are the same.
 * - A poll doesn't see what lives between two of them, nor how a process ended, nor the name of what ends while it is looked at.
 *   What it sees is counted at most as often; what lives until it is seen is in the same trees, and counted as often.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { type Capture, Exporter, NAMED_BY_PROC } from "./exporter.ts";
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

type Name = Capture | "poll";
const NAMES: readonly Name[] = ["ring", "bpf", "proc", "poll"];

/** Those that follow the same processes. */
class Followers implements AsyncDisposable {
  readonly #owned = new AsyncDisposableStack();

  private constructor(readonly by: Readonly<Record<Name, Exporter>>) {
    for (const name of NAMES) this.#owned.use(by[name]);
  }

  static async start(): Promise<Followers> {
    const flags = ["--source=poll", "--source.poll-interval=100ms"];
    const start = (name: Name) => Exporter.start(name === "poll" ? { flags } : { capture: name });
    const [ring, bpf, proc, poll] = await Promise.all([start("ring"), start("bpf"), start("proc"), start("poll")]);
    return new Followers({ ring, bpf, proc, poll });
  }

  /** The trees through `element` of each, as soon as each fulfils the condition. */
  async until(
    what: string,
    element: string,
    condition: (scrape: Scrape) => boolean,
  ): Promise<Record<Name, Map<string, Figures>>> {
    const trees = async (name: Name) =>
      treesOf(await this.by[name].scrapeUntil(`${what}, by ${name}`, condition), element);
    return { ring: await trees("ring"), bpf: await trees("bpf"), proc: await trees("proc"), poll: await trees("poll") };
  }

  /** Waits until all have a tree `name`, whose process lives until then. */
  async seen(name: string): Promise<void> {
    await this.until(`a tree ${name}`, name, (scrape) => scrape.treeNamed(name) !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

/** Whether nothing through `name` runs any more. */
function hasEnded(scrape: Scrape, name: string): boolean {
  const trees = scrape.treesThrough(name);
  return trees.length > 0 && trees.every((tree) => tree.processes === 0 && tree.launches === endings(tree));
}

/** What a poll may say of ended processes of which `truth` is known. One that ended while it was looked at may have another name. */
function assertPolled(polled: ReadonlyMap<string, Figures>, truth: ReadonlyMap<string, Figures>): void {
  for (const [path, { launches, exits }] of polled) {
    const most = truth.get(path)?.launches ?? Infinity;
    assert.ok(launches <= most, `${path}: ${launches} launches by polls, of ${most}`);
    assert.deepEqual(exits, launches === 0 ? {} : { unknown: launches });
  }
  assert.ok(total(polled).launches <= total(truth).launches);
}

const ignore = requireRoot() || requireBpf() || requireTool("cc", "gcc") || requireTool("make");

Deno.test({ name: "live: the same trees by BPF, from /proc and by polls", ignore }, async (t) => {
  await using forest = await Forest.build();
  await using followers = await Followers.start();

  for (const [what, stem, count] of [["programs", "sleeping", 30], ["forks", "forking", 20]] as const) {
    await t.step(`${what} that live until they are seen: no difference but the outcomes of a poll`, async () => {
      const running = await forest.start(stem, stem === "sleeping" ? "sleepers" : "forks", String(count));
      await running.ready();
      const { name } = running,
        processes = (scrape: Scrape) => scrape.treesThrough(name).reduce((sum, tree) => sum + tree.processes, 0);
      const during = await followers.until("all of them", name, (scrape) => processes(scrape) === count + 1);
      for (const by of NAMES) assert.deepEqual(during[by], during.bpf, by);
      const run = await running.end();
      const { poll, ...exact } = await followers.until("their end", name, (scrape) => hasEnded(scrape, name));
      for (const [by, trees] of Object.entries(exact)) assert.deepEqual(trees, exact.bpf, by);
      assert.equal(total(exact.bpf).launches, launchesOf(run));
      for (const tree of exact.bpf.values()) tree.exits = { unknown: tree.launches };
      assert.deepEqual(poll, exact.bpf);
    });
  }

  const compare = async (run: ForestRun) => {
    const { ring, bpf, proc, poll } = followers.by, isEnd = (scrape: Scrape) => forestEnded(scrape, run);
    const truth = await bpf.scrapeUntil("its end by BPF", isEnd);
    assertForest(truth, run);
    assertForest(await ring.scrapeUntil("its end by the ring", isEnd), run);
    const inTheirTrees = assertCounted(await proc.scrapeUntil("its end from /proc", isEnd), run);
    const polled = await poll.scrapeUntil("its end by polls", (scrape) => hasEnded(scrape, run.name));
    return { inTheirTrees, truth: treesOf(truth, run.name), polled: treesOf(polled, run.name) };
  };
  const run = async (stem: string, ...args: string[]) => {
    const running = await forest.start(stem, ...args);
    await followers.seen(running.name);
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
    await followers.seen("builder");
    await child.stdin.close();
    await child.status;
    const { ring, bpf, proc, poll } = await followers.until("its end", "builder", (now) => hasEnded(now, "builder"));
    const truth = total(bpf), common = inCommon(proc, bpf), polled = inCommon(poll, bpf);
    console.log(
      `a build of ${truth.launches} launches, ${common} from /proc and ${polled} by polls in the same trees:`,
      [...bpf.keys()].map((path) => path.slice(path.indexOf("/builder"))),
    );
    assert.deepEqual(ring, bpf);
    assert.deepEqual(total(proc), truth);
    assert.ok(common >= NAMED_BY_PROC * truth.launches, `${common} of ${truth.launches} from /proc`);
    assertPolled(poll, bpf);
    const names = [...bpf.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1));
    for (const name of ["builder", "make", "program"]) assert.ok(names.includes(name), `${name} among ${names}`);
  });

  await t.step("nothing was lost by anyone", async () => {
    for (const by of ["ring", "bpf", "proc"] as const) {
      assert.equal((await followers.by[by].scrape()).value("cnproc_events_lost_total"), 0, by);
    }
  });
});
