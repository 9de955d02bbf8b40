/**
 * A machine in memory on which recordings are replayed: events go through the exporter's own table of processes, labels, trie
 * and registry, at the times of a clock that is set.
 *
 * @module
 */

import {
  Column,
  EVENT_WIDTH,
  EventField,
  EventKind,
  type FlagName,
  flagNames,
  FLAGS,
  Rows,
  Stat,
  STAT_WIDTH,
} from "../../fingerprint/mod.ts";
import {
  type Expectation,
  flagsIn,
  isLaunchExpected,
  RARITY,
  Registry,
  type TreeOf,
} from "../../metrics/registry/mod.ts";
import { fileAt, Scene } from "../../tests/unit/fingerprint/fake_proc.ts";
import type { SeenTree } from "../../metrics/baseline/mod.ts";
import type { Recording } from "./recording.ts";

/** Trees at most, as the exporter has it unless told otherwise. */
const TREES = 2000;
/** Another file than the one at its path. */
const ELSEWHERE = 0x7fff_fff1;

/** Flags that hang on what only a kernel, or the file itself, can tell: a replay takes them over from the recording. */
const TOLD: readonly FlagName[] = ["inline", "modified", "new", "preload", "setuid", "socket", "unparsed", "upper"];

/** A launch, as the exporter told it right after it. */
export interface Launch {
  readonly tree: string;
  readonly flags: readonly FlagName[];
  /** Seconds since the machine began. */
  readonly time: number;
  /** Undefined without a baseline. */
  readonly isExpected: boolean | undefined;
  /** Whether the baseline expects its tree, whatever flags the launch has. */
  readonly isExpectedTree: boolean;
  /** Whether its tree was never launched before. */
  readonly isNew: boolean;
}

/** Rewrites what is another text on each machine, for each user or at each time. */
export type Rewrite = (text: string) => string;

const AS_RECORDED: Rewrite = (text) => text;

function bitsOf(flags: readonly FlagName[]): number {
  return flags.reduce((bits, flag) => bits | 1 << FLAGS.indexOf(flag), 0);
}

export class Host {
  readonly #scene = new Scene(TREES);
  readonly #registry: Registry;
  /** Where the row of each tree begins, as long as {@link Registry.trees} is this array. */
  readonly #rows = new Map<string, number>();
  #shown: unknown;
  /** Events that were looked at, and not reported yet. */
  readonly #pending: Float64Array<ArrayBuffer>[] = [];
  #launches: Launch[] = [];
  #report = 0;
  #nextPid = 1000;

  constructor() {
    const scene = this.#scene;
    this.#registry = new Registry(
      { events: (batch, treeOf) => this.#take(new Rows(EVENT_WIDTH, batch.fields), treeOf) },
      0,
      { now: () => scene.nowNs / 1e9 },
    );
    scene.proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd", argv: ["/sbin/init"], startTicks: 1 });
    scene.scanner.scan();
    scene.events.listen(true);
  }

  /** Takes down launches, each with the flags that were told of it later. */
  #take(batch: Rows, treeOf: TreeOf): void {
    for (let i = 0; i < batch.capacity; i++) {
      const event = batch.row(i),
        kind = event[EventField.Kind],
        tree = treeOf(event[EventField.Tree]!, event[EventField.Context]!);
      if (kind === EventKind.Correction) throw new Error("Cannot replay: a launch was counted under a wrong tree");
      if (kind !== EventKind.Launch && kind !== EventKind.Flags) continue;
      const before = kind === EventKind.Flags ? this.#launches.pop() : undefined;
      const flags = event[EventField.Flags]! | bitsOf(before?.flags ?? []);
      const time = before?.time ?? event[EventField.UnixSeconds]!;
      this.#launches.push({
        tree: tree.path,
        flags: flagNames(flags),
        time,
        isExpected: isLaunchExpected(tree, flags),
        isExpectedTree: tree.expected === true,
        isNew: before?.isNew ?? tree.firstSeen === time,
      });
    }
  }

  /** Sets the clock, in seconds; it never goes back. */
  set time(seconds: number) {
    const nanoseconds = seconds * 1e9;
    if (nanoseconds > this.#scene.nowNs) this.#scene.nowNs = nanoseconds;
  }

  /** Starts a program below a process, which runs until {@link end}; its id. */
  start(parent: number, exe: string, argv?: readonly string[], cwd?: string): number {
    const pid = this.#nextPid++;
    this.#scene.launch(parent, pid, exe, argv, cwd);
    return pid;
  }

  end(pid: number): void {
    this.#scene.exit(pid);
  }

  /** Replays a recording below a process. */
  replay({ strings, events }: Recording, above: number, rewrite: Rewrite = AS_RECORDED): void {
    const scene = this.#scene, texts = strings.map(rewrite), living = new Map<number, number>();
    const pidOf = (number: number) => living.get(number)!;
    const fork = (parent: number, number: number) => {
      living.set(number, this.#nextPid);
      scene.fork(parent, this.#nextPid++);
    };
    fork(above, 100);
    for (const event of events) {
      if (event[0] === "fork") fork(pidOf(event[1]), event[2]);
      else if (event[0] === "exit") {
        if (living.has(event[1])) scene.exit(pidOf(event[1]), event[2]);
        living.delete(event[1]);
      } else {
        const [, number, exe, cwd, , argv, flags = []] = event;
        this.#exec(pidOf(number), texts[exe]!, argv.map((index) => texts[index]!), texts[cwd]!, flags);
      }
    }
    for (const pid of [...living.values()].reverse()) scene.exit(pid);
  }

  /** An exec whose flags were told by an exporter: those that hang on what only a kernel knows are taken over. */
  #exec(pid: number, exe: string, argv: readonly string[], cwd: string, told: readonly FlagName[]): void {
    const scene = this.#scene, { files } = scene, isElsewhere = told.includes("unconfirmed");
    if (isElsewhere) files.there.set(exe, { ...fileAt(exe), inodeLow: ELSEWHERE });
    scene.exec(pid, exe, argv, cwd);
    if (isElsewhere) files.there.delete(exe);
    const node = scene.table.nodeOf(pid);
    // What its path and arguments say, the exporter's code has found again; the rest it was told later, as of a file that differs.
    const found = this.#flagsOfLast();
    const missing = bitsOf(told.filter((flag) => TOLD.includes(flag))) & ~found;
    if (node >= 0 && missing !== 0) scene.trees.flagLaunched(node, pid, missing);
  }

  /** The flags that the exporter's code gave the last launch. */
  #flagsOfLast(): number {
    const batch = this.#scene.events.take()!, rows = new Rows(EVENT_WIDTH, batch.fields);
    let flags = 0;
    this.#pending.push(batch.fields);
    for (let i = 0; i < rows.capacity; i++) {
      if (rows.row(i)[EventField.Kind] === EventKind.Launch) flags = rows.row(i)[EventField.Flags]!;
    }
    return flags;
  }

  /** Reports to the registry, as before a scrape; the launches since the last report, in their order. */
  report(): Launch[] {
    const scene = this.#scene, stats = new Float64Array(STAT_WIDTH), rest = scene.events.take()!;
    this.#pending.push(rest.fields);
    const fields = new Float64Array(this.#pending.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#pending.splice(0)) {
      fields.set(part, at);
      at += part.length;
    }
    stats[Stat.Report] = ++this.#report;
    const trees = scene.trees.collect({ report: this.#report, scraped: this.#report - 1, nowNs: scene.nowNs });
    this.#launches = [];
    this.#registry.apply({ ...trees, stats, events: { fields, skipped: rest.skipped } });
    return this.#launches;
  }

  /** How rare a tree is now, in bits, and how many seconds ago it was launched; undefined where there is none. */
  rarity(tree: string): { readonly bits: number; readonly age: number } | undefined {
    const registry = this.#registry;
    if (this.#shown !== registry.trees) {
      this.#shown = registry.trees;
      this.#rows.clear();
      for (const { path, at } of registry.trees) this.#rows.set(path, at);
    }
    const at = this.#rows.get(tree), { rows } = registry;
    if (at === undefined) return undefined;
    return { bits: rows[at + RARITY]!, age: this.#scene.nowNs / 1e9 - rows[at + Column.LastLaunch]! };
  }

  /** What was launched up to now, as a baseline is learned from it. */
  seen(name: string): SeenTree[] {
    const { trees, rows } = this.#registry;
    return trees.map(({ path, at }) => ({
      tree: path,
      launches: 1,
      firstSeenSeconds: undefined,
      flags: flagsIn(rows, at),
      instances: [name],
    }));
  }

  /** From now on this is expected. */
  expect(baseline: Expectation): void {
    this.#registry.expect(baseline);
  }
}
