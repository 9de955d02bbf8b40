/**
 * Builds and runs the forest of processes whose truth is known, and compares the exporter's trees with it.
 *
 * @module
 */

import assert from "node:assert/strict";
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

/** Whether everything of the forest has ended, by the exporter's own figures: the condition to poll for. */
export function forestEnded(scrape: Scrape, run: ForestRun): boolean {
  const root = scrape.treeNamed(run.name)?.path;
  if (root === undefined) return false;
  const trees = scrape.below(root);
  const launches = run.truth.reduce((sum, part) => sum + part.launches, 0);
  return trees.reduce((sum, tree) => sum + tree.ended, 0) >= launches && trees.every((tree) => tree.processes === 0);
}
