/**
 * Numbers for the places of processes, so that a process and a launch hold one integer, and how many launches each place had.
 *
 * A process's place is read from /proc; with the id of its control group, which the kernel records at an exec, once a group is enough.
 *
 * @module
 */
import { unifiedPath } from "./cgroup_file.ts";
import { Groups } from "./groups.ts";
import { placeIn, type ProcessPlace } from "./place.ts";

/** The number of a place that nobody knows. */
export const UNKNOWN_CONTEXT = 0;

/** In place of a number: by the id of its control group a process's place can't be told. */
export const UNTOLD = -1;
/** The same in {@link Groups}, where no number is negative. */
const UNTOLD_GROUP = UNKNOWN_CONTEXT;

/** Places that are told apart at the same time: with more of them the numbers are given anew. Containers come and go. */
const MOST_CONTEXTS = 4096;

/** Texts of files whose place is remembered. */
const MOST_TEXTS = 512;

export interface NewContext extends ProcessPlace {
  readonly id: number;
}

/** What changed since the last report. */
export interface ContextChanges {
  readonly added: readonly NewContext[];
  /** Number of a context, and of its launches since the last report, in turn. */
  readonly launches: Float64Array<ArrayBuffer>;
}

export class Contexts {
  /** Id of the control group that {@link look} found a process in last; 0 where that isn't told. */
  group = 0;
  readonly #readCgroup: (pid: number) => string;
  readonly #meet: (place: ProcessPlace) => void;
  readonly #idOf: (path: string) => number;
  readonly #groups = new Groups();
  /** Whether ids tell places here: the hierarchy of version 2 is the only one, and its folders are seen. */
  #tellsGroups = false;
  /** The file's text → number: those of a machine are few. */
  readonly #byText = new Map<string, number>();
  /** A place in words → number. */
  readonly #byPlace = new Map<string, number>();
  /** Number of the first of those that are known now, and of the next: none is used twice. */
  #first = UNKNOWN_CONTEXT + 1;
  #next = UNKNOWN_CONTEXT + 1;
  #added: NewContext[] = [];
  /** Launches by number, from {@link #first}; those of the unknown place. */
  readonly #launches = new Float64Array(MOST_CONTEXTS);
  #unknownLaunches = 0;
  readonly #pending: number[] = [];

  /**
   * `readCgroup` gives the text of a process's /proc/PID/cgroup, empty when it has gone; `meet` is told of each place in a container
   * that is new; `idOf` gives the id of the control group at a path, 0 where that can't be told.
   */
  constructor(
    readCgroup: (pid: number) => string,
    meet: (place: ProcessPlace) => void = () => {},
    idOf: (path: string) => number = () => 0,
  ) {
    this.#readCgroup = readCgroup;
    this.#meet = meet;
    this.#idOf = idOf;
  }

  /** The context of a process, by a look at it; {@link UNKNOWN_CONTEXT} when it has gone. */
  look(pid: number): number {
    return this.#contextIn(this.#readCgroup(pid));
  }

  /**
   * The context of a process that was in the control group of this id at its exec: {@link UNKNOWN_CONTEXT} when it has gone, or moved
   * on, and nobody else was seen there; {@link UNTOLD} where ids don't tell.
   */
  inGroup(id: number, pid: number): number {
    if (!this.#tellsGroups) return UNTOLD;
    const known = this.#groups.get(id);
    if (known >= 0) return known === UNTOLD_GROUP ? UNTOLD : known;
    const text = this.#readCgroup(pid), context = this.#contextIn(text);
    if (!this.#tellsGroups) return UNTOLD;
    if (this.group === id) return context;
    if (text === "" || this.group !== 0) return UNKNOWN_CONTEXT;
    // Its folder isn't seen from here: no use to look for it at each launch.
    if (unifiedPath(text) === undefined) this.#groups.set(id, UNTOLD_GROUP);
    return UNTOLD;
  }

  /** The kernel told what a control group is called: its path in the hierarchy of version 2. */
  told(id: number, path: string): void {
    if (id === 0 || this.#groups.get(id) > UNTOLD_GROUP) return;
    const context = this.#numberOf(`0::${path}\n`);
    if (context !== UNKNOWN_CONTEXT) this.#groups.set(id, context);
  }

  #contextIn(text: string): number {
    this.group = 0;
    if (text === "") return UNKNOWN_CONTEXT;
    const context = this.#numberOf(text), path = unifiedPath(text);
    if (path !== undefined) this.group = this.#idOf(path);
    else if (!text.startsWith("0::/..")) this.#tellsGroups = false;
    if (this.group === 0) return context;
    this.#tellsGroups = true;
    if (context !== UNKNOWN_CONTEXT) this.#groups.set(this.group, context);
    return context;
  }

  #numberOf(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const place = placeIn(text), words = JSON.stringify(Object.values(place));
    let id = this.#byPlace.get(words);
    if (id === undefined) {
      if (this.isFull) return UNKNOWN_CONTEXT; // until the end of the drain
      this.#byPlace.set(words, id = this.#next++);
      this.#added.push({ id, ...place });
      if (place.containerId !== undefined) this.#meet(place);
    }
    if (this.#byText.size >= MOST_TEXTS) this.#byText.clear();
    this.#byText.set(text, id);
    return id;
  }

  /** Counts a launch, or takes one back. */
  count(context: number, launches = 1): void {
    const index = context - this.#first;
    if (index >= 0) this.#launches[index]! += launches;
    else this.#unknownLaunches += launches;
  }

  /** Whether the numbers have reached their bound, so that {@link restart} is due. */
  get isFull(): boolean {
    return this.#byPlace.size >= MOST_CONTEXTS;
  }

  /** Forgets all places: none of their numbers may be in use. */
  restart(): void {
    this.#flush();
    this.#byText.clear();
    this.#byPlace.clear();
    this.#groups.clear();
    this.#first = this.#next;
  }

  /** What changed since the last call. */
  take(): ContextChanges {
    this.#flush();
    const added = this.#added, launches = Float64Array.from(this.#pending);
    this.#added = [];
    this.#pending.length = 0;
    return { added, launches };
  }

  #flush(): void {
    if (this.#unknownLaunches !== 0) this.#pending.push(UNKNOWN_CONTEXT, this.#unknownLaunches);
    this.#unknownLaunches = 0;
    for (let index = 0; index < this.#next - this.#first; index++) {
      if (this.#launches[index] === 0) continue;
      this.#pending.push(this.#first + index, this.#launches[index]!);
      this.#launches[index] = 0;
    }
  }
}
