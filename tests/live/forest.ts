/**
 * Builds and runs the forest of processes whose truth is known, and compares the exporter's trees with it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Exporter } from "./exporter.ts";
import type { Scrape, Tree } from "./exposition.ts";

/** Endings of one kind in one tree, as forest.c prints them. */
export interface Truth {
  /** Relative to the forest's own tree; "" is the forest itself. */
  readonly tree: string;
  readonly outcome: string;
  readonly launches: number;
  /** Bounds of the sum of the run times, seconds. */
  readonly secondsMin: number;
  readonly secondsMax: number;
}

/** What a run of the forest was. */
export interface ForestRun {
  /** Name of the forest's executable: the last element of its tree. */
  readonly name: string;
  readonly truth: readonly Truth[];
  /** Seconds the mode took. */
  readonly seconds: number;
}

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** A name of this process in words: one with digits or random letters might be taken for a machine-made one. */
const OWN_NAME = [...String(Deno.pid)].map((digit) => DIGITS[Number(digit)]).join("-");

/** Modes of the forest that end by themselves. */
export const MODES: ReadonlyArray<readonly [what: string, stem: string, ...args: string[]]> = [
  ["every way to end", "ending", "ends"],
  ["daemons that forked twice", "daemons", "double", "20"],
  ["a chain of programs in one process", "chained", "chain", "10", "3000"],
  ["programs below programs", "nested", "nest", "12"],
  ["500 threads that end together", "threaded", "threads", "500"],
  ["a first thread that ends first", "headless", "leaderless"],
  ["programs run by another thread than the first", "threadexec", "thread-exec"],
  ["vfork, and programs that do not exist", "vforking", "vfork", "50"],
  ["a fork bomb of programs", "bombing", "bomb", "3", "6", "1"],
  ["a fork bomb without programs", "forkbomb", "bomb", "3", "8", "0"],
  ["200 processes with one process id", "recycled", "reuse", "200", "0"],
];

/** A running forest. */
export class RunningForest {
  readonly #child: Deno.ChildProcess;
  readonly #began: number;
  readonly #truth: Truth[] = [];
  readonly #read: Promise<void>;
  readonly #ready = Promise.withResolvers<number>();
  #seconds: number | undefined;

  /** Takes the time before its start. */
  constructor(readonly name: string, child: Deno.ChildProcess, began: number) {
    this.#child = child;
    this.#began = began;
    this.#ready.promise.catch(() => {});
    this.#read = this.#readTruth();
    this.#read.catch(() => {}); // end() throws it
  }

  async #readTruth(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const value = JSON.parse(line) as Truth & { ready?: number; done?: boolean; seconds?: number };
        if (value.ready !== undefined) this.#ready.resolve(value.ready);
        else if (value.done) this.#seconds = value.seconds;
        else this.#truth.push(value);
      }
    }
    this.#ready.reject(new Error(`the forest ${this.name} ended before it held`));
  }

  /** Waits until a mode that holds has started everything; gives the number of processes alive. */
  async ready(): Promise<number> {
    return await this.#ready.promise;
  }

  /** Waits until `exporter` has the forest by its name. That is no race: it doesn't end before {@link end}. */
  async seenBy(exporter: Pick<Exporter, "scrapeUntil">): Promise<this> {
    await exporter.scrapeUntil(`a tree ${this.name}`, (scrape) => scrape.treeNamed(this.name) !== undefined);
    return this;
  }

  /** Lets a mode that holds go on, and waits for its end. */
  async end(): Promise<ForestRun> {
    await this.#child.stdin.close();
    const status = await this.#child.status;
    await this.#read;
    assert.ok(status.success && this.#seconds !== undefined, `the forest ${this.name} ended with ${status.code}`);
    const own = { secondsMin: this.#seconds, secondsMax: (performance.now() - this.#began) / 1000 };
    const truth: Truth[] = [{ tree: "", outcome: "success", launches: 1, ...own }, ...this.#truth];
    return { name: this.name, truth, seconds: this.#seconds };
  }
}

/** A folder with the compiled forest; removed at its end. */
export class Forest implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** Compiles forest.c into a folder of its own. */
  static async build(): Promise<Forest> {
    const forest = new Forest(`${Deno.env.get("TMPDIR") ?? "/tmp"}/cnproc-live-${OWN_NAME}`);
    await Deno.remove(forest.folder, { recursive: true }).catch(() => {}); // of a test that was killed
    await Deno.mkdir(forest.folder, { mode: 0o755 });
    const source = `${import.meta.dirname}/forest.c`;
    const args = ["-O2", "-pthread", "-o", forest.path("forest"), source];
    const { success, stderr } = await new Deno.Command("cc", { args, stderr: "piped" }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return forest;
  }

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Starts a mode of the forest under a name of its own. */
  async start(stem: string, ...args: string[]): Promise<RunningForest> {
    const name = `${stem}-${OWN_NAME}`;
    await Deno.copyFile(this.path("forest"), this.path(name));
    const command = new Deno.Command(this.path(name), { args, stdin: "piped", stdout: "piped", stderr: "inherit" });
    const began = performance.now();
    return new RunningForest(name, command.spawn(), began);
  }

  /** Runs a mode of the forest to its end. */
  async run(stem: string, ...args: string[]): Promise<ForestRun> {
    return await (await this.start(stem, ...args)).end();
  }

  /** As {@link run}, and the forest's own tree has its name, whatever names launches. */
  async runSeen(exporter: Pick<Exporter, "scrapeUntil">, stem: string, ...args: string[]): Promise<ForestRun> {
    return await (await (await this.start(stem, ...args)).seenBy(exporter)).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Figures of a tree that can be compared with the truth. */
interface Expected {
  launches: number;
  exits: Record<string, number>;
  secondsMin: number;
  secondsMax: number;
}

function expectedTrees(root: string, truth: readonly Truth[]): Map<string, Expected> {
  const trees = new Map<string, Expected>();
  for (const part of truth) {
    const path = part.tree === "" ? root : `${root}/${part.tree}`;
    let tree = trees.get(path);
    if (tree === undefined) trees.set(path, tree = { launches: 0, exits: {}, secondsMin: 0, secondsMax: 0 });
    tree.launches += part.launches;
    tree.exits[part.outcome] = (tree.exits[part.outcome] ?? 0) + part.launches;
    tree.secondsMin += part.secondsMin;
    tree.secondsMax += part.secondsMax;
  }
  return trees;
}

function happened(exits: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(exits).filter(([, count]) => count > 0));
}

/** Rounding of a clock that counts nanoseconds and is printed in microseconds, per ending. */
const ROUNDING_SECONDS = 2e-6;

/** Compares every tree of an ended forest with the truth: names, launches, outcomes, durations; nothing runs any more. */
export function assertForest(scrape: Scrape, run: ForestRun): void {
  const root = scrape.treeNamed(run.name)?.path;
  assert.ok(root, `a tree that ends with ${run.name}`);
  const expected = expectedTrees(root, run.truth);
  const actual = new Map<string, Tree>(scrape.below(root).map((tree) => [tree.path, tree]));
  const summary = (trees: Iterable<[string, { launches: number; exits: Record<string, number> }]>) =>
    Object.fromEntries([...trees].map(([path, { launches, exits }]) => [path, { launches, exits: happened(exits) }]));
  assert.deepEqual(summary(actual), summary(expected));
  for (const [path, tree] of actual) {
    const { secondsMin, secondsMax, launches } = expected.get(path)!;
    const slack = ROUNDING_SECONDS * launches;
    const bounds = `${path}: ${secondsMin} <= ${tree.seconds} <= ${secondsMax} seconds`;
    assert.ok(tree.seconds >= secondsMin - slack && tree.seconds <= secondsMax + slack, bounds);
    assert.deepEqual([tree.running, tree.processes], [0, 0], `${path}: nothing runs any more`);
  }
}

/** Launches by outcome. */
function byOutcome(parts: Iterable<readonly [outcome: string, launches: number]>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [outcome, launches] of parts) sums[outcome] = (sums[outcome] ?? 0) + launches;
  return happened(sums);
}

/**
 * What holds of an ended forest whichever names came too late, as they may when /proc is asked for them: every launch and its
 * outcome counts below the forest, and nothing runs any more. Gives the number of launches that count in their own trees.
 */
export function assertCounted(scrape: Scrape, run: ForestRun): number {
  const trees = scrape.treesThrough(run.name), root = scrape.treeNamed(run.name)?.path;
  assert.ok(root, `a tree that ends with ${run.name}`);
  assert.deepEqual(
    byOutcome(trees.flatMap(({ exits }) => Object.entries(exits))),
    byOutcome(run.truth.map(({ outcome, launches }) => [outcome, launches])),
  );
  for (const { path, running, processes } of trees) assert.deepEqual([path, running, processes], [path, 0, 0]);
  const expected = expectedTrees(root, run.truth);
  return trees.reduce((sum, { path, launches }) => sum + Math.min(launches, expected.get(path)?.launches ?? 0), 0);
}

/** Adds launches to the truth of a run: those of what the forest launched. Each took no longer than the forest itself. */
export function withBelow(run: ForestRun, ...below: readonly Omit<Truth, "secondsMin" | "secondsMax">[]): ForestRun {
  const { secondsMax } = run.truth[0]!;
  const bounded = below.map((part) => ({ ...part, secondsMin: 0, secondsMax: secondsMax * part.launches }));
  return { ...run, truth: [...run.truth, ...bounded] };
}

/** Launches of a run, the forest's own among them. */
export function launchesOf(run: ForestRun): number {
  return run.truth.reduce((sum, { launches }) => sum + launches, 0);
}

/** Whether everything of the forest has ended, by the exporter's own figures: the condition to poll for. */
export function forestEnded(scrape: Scrape, run: ForestRun): boolean {
  const trees = scrape.treesThrough(run.name);
  return trees.reduce((sum, tree) => sum + tree.ended, 0) >= launchesOf(run) &&
    trees.every((tree) => tree.processes === 0);
}
