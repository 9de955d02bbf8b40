/**
 * The trie of fingerprints. A node is a tree: the labels from the root ancestor to a program, interned once; a process holds
 * a node's number.
 *
 * @module
 */
import { ChildIndex } from "./child_index.ts";
import { isRandom, type LabelTable, OVERFLOW_ID, plain } from "../labels/mod.ts";
import { OnceSeen } from "./once_seen.ts";

/** The root: the kernel, and systemd where it is the first process. It has no label and is not shown. */
export const ROOT = 0;
/** Stands above all trees with a machine-made name. It is no tree itself. */
const RANDOM_ROOT = 1;
/** Where trees count that come after the limit; the first number that is a tree's. */
export const OTHER = 2;
/** Labels of a tree at most; what is launched below counts as the last. */
export const MAX_DEPTH = 32;
/** The label that is always left out directly below the root: pid 1 and its user managers. */
const LEFT_OUT = "systemd";

/** An operator's word about trees. */
export interface TreeRules {
  /** Further labels that are left out directly below the root. */
  readonly roots: ReadonlySet<string>;
  /** Whether what is launched below this tree counts as launches of it. */
  ignores(tree: string): boolean;
}

const INITIAL_CAPACITY = 256;

/** Directly below the root so many times as many names launched once have trees: every service and its helpers stand there. */
const ROOT_SHARE = 4;
/** Bytes of the path of an average tree at most. Every series carries its tree's path: long ones use up the limit sooner. */
const PATH_BYTES = 256;

/** What is in the place of a node. */
const FREE = 0;
/** A node without series: its tree left, but trees below it or processes launched from it are there. */
const ASLEEP = 1;
const LIVE = 2;

/** How often a tree's program was launched, as far as the guard of its parent wants to know. */
const ONCE = 1;
const REGULAR = 2;

const ENCODER = new TextEncoder();

export class Trie {
  readonly #labels: LabelTable;
  readonly #limit: number;
  readonly #maxOnce: number;
  readonly #onceSeen = new OnceSeen();
  #parent = new Int32Array(INITIAL_CAPACITY);
  #label = new Int32Array(INITIAL_CAPACITY);
  #depth = new Uint8Array(INITIAL_CAPACITY);
  /** Whether the node is below {@link RANDOM_ROOT}. */
  #random = new Uint8Array(INITIAL_CAPACITY);
  /** Bytes of the printed path. */
  #pathBytes = new Int32Array(INITIAL_CAPACITY);
  #state = new Uint8Array(INITIAL_CAPACITY);
  /** Number of the tree in the reports: never given to another, and a new one for a tree that comes back. */
  #id = new Uint32Array(INITIAL_CAPACITY);
  #launches = new Uint8Array(INITIAL_CAPACITY);
  /** Children that were launched once. */
  #once = new Int32Array(INITIAL_CAPACITY);
  #children = new Int32Array(INITIAL_CAPACITY);
  /** Processes that were forked from the tree: what they exec stands below it. */
  #holds = new Int32Array(INITIAL_CAPACITY);
  /**
   * Where launches stand that would stand in or below the node: the node itself, unless it is below an ignored tree, or is that of
   * a label that has been left out since.
   */
  #target = new Int32Array(INITIAL_CAPACITY);
  /** 1 for a node that has no others below it. */
  #ignored = new Uint8Array(INITIAL_CAPACITY);
  #rules: TreeRules | undefined;
  #index = new ChildIndex(INITIAL_CAPACITY);
  #length = OTHER + 1;
  #nextId = OTHER + 1;
  #size = 0;
  #sleeping = 0;
  /** Bytes of the paths of all live trees. */
  #bytes = 0;
  #free: number[] = [];
  #announced: number[] = [OTHER];

  /**
   * `limit` is the number of trees that get a node of their own, `maxOnce` the number of names launched once that do so below
   * one tree; 0 is any number.
   */
  constructor(labels: LabelTable, limit: number, maxOnce = 0) {
    this.#labels = labels;
    this.#limit = limit;
    this.#maxOnce = maxOnce;
    this.#label[ROOT] = this.#label[RANDOM_ROOT] = this.#label[OTHER] = -1;
    this.#state[ROOT] = this.#state[RANDOM_ROOT] = this.#state[OTHER] = LIVE;
    this.#id[RANDOM_ROOT] = RANDOM_ROOT;
    this.#id[OTHER] = OTHER;
    this.#random[RANDOM_ROOT] = 1;
    for (const node of [ROOT, RANDOM_ROOT, OTHER]) this.#target[node] = node;
  }

  /**
   * Takes an operator's word. Running processes stay where they are; what is launched from now on follows it, below the trees
   * that the processes have which launch it.
   */
  configure(rules: TreeRules): void {
    this.#rules = rules;
    const done = new Uint8Array(this.#length);
    // A parent may have the higher number, where that of one that had left was given to it: so each node's line comes first.
    for (let node = OTHER + 1; node < this.#length; node++) {
      if (this.#state[node] === FREE) continue;
      const line: number[] = [];
      for (let at = node; at > OTHER && done[at] === 0; at = this.#parent[at]!) line.push(at);
      for (const at of line.reverse()) {
        this.#applyRules(at);
        done[at] = 1;
      }
    }
  }

  #applyRules(node: number): void {
    const parent = this.#parent[node]!, rules = this.#rules, above = this.#target[parent]!;
    this.#ignored[node] = 0;
    this.#target[node] = node;
    if (this.#ignored[above] === 1) {
      this.#target[node] = above;
    } else if (rules !== undefined && parent === ROOT && rules.roots.has(this.#labels.textOf(this.#label[node]!))) {
      this.#target[node] = ROOT;
    } else if (rules !== undefined && rules.ignores(this.pathOf(node))) {
      this.#ignored[node] = 1;
    }
  }

  /** Number of trees that have series or may get some, without the root and `/other`. */
  get size(): number {
    return this.#size;
  }

  /** Nodes are numbered below this. */
  get length(): number {
    return this.#length;
  }

  /**
   * The tree of a program with this label found running below `node`: the node itself where its label is the same (neighbours
   * are rolled up), the root for systemd below the root, {@link OTHER} where a new tree would exceed the limit. A machine-made
   * name marks the whole chain: what is launched by or below such a program is in the marked trees, a chain of the same
   * labels without one is another tree.
   */
  child(node: number, label: number): number {
    return this.#below(node, label, false);
  }

  /**
   * Like {@link child}, for a program whose launch was seen. Where many names below the tree were launched once and not again,
   * a further new one is `*`: whoever makes up names, in whatever way, gets so many trees and no more. A name that comes a
   * second time gets its own; so do names that the guard has never stood in the way of.
   */
  launch(node: number, label: number): number {
    return this.#below(node, label, this.#maxOnce > 0);
  }

  /** An image of the tree began. */
  countLaunch(node: number): void {
    if (this.#launches[node] === REGULAR || this.#label[node] === OVERFLOW_ID) return;
    if (this.#launches[node] === ONCE) return this.prove(node);
    this.#launches[node] = ONCE;
    this.#once[this.#parent[node]!]!++;
  }

  /** The image that began last turns out to be another tree's. */
  revokeLaunch(node: number): void {
    if (this.#launches[node] === ONCE) this.#setLaunches(node, 0);
  }

  /** The tree's program is no throwaway name: it was launched again, or runs for long. */
  prove(node: number): void {
    if (this.#launches[node] === ONCE) this.#setLaunches(node, REGULAR);
  }

  /** A process keeps the node, which it was forked from, until it {@link release}s it. */
  hold(node: number): void {
    this.#holds[node]!++;
  }

  release(node: number): void {
    this.#holds[node]!--;
  }

  /** Number of the tree in the reports; that of a tree that left is the one it had. */
  idOf(node: number): number {
    return this.#id[node]!;
  }

  isLive(node: number): boolean {
    return this.#state[node] === LIVE;
  }

  /** A tree that left is there again, with a new number. */
  wake(node: number): void {
    if (this.#state[node] !== ASLEEP) return;
    this.#sleeping--;
    this.#enliven(node);
  }

  /** A tree leaves: it counts no more, and its node is given back as soon as nothing needs it ({@link sweep}). */
  retire(node: number): void {
    this.#state[node] = ASLEEP;
    this.#size--;
    this.#sleeping++;
    this.#bytes -= this.#pathBytes[node]!;
    if (this.#launches[node] === ONCE) this.#once[this.#parent[node]!]!--;
    this.#launches[node] = 0;
  }

  /** Gives back the nodes that nothing needs any more, and memory that a storm of names has needed. */
  sweep(): void {
    if (this.#sleeping === 0) return;
    const sleeping = this.#sleeping;
    for (let from = OTHER + 1; from < this.#length; from++) {
      for (let node = from; this.#isNeedless(node);) node = this.#remove(node);
    }
    if (this.#sleeping === sleeping) return;
    while (this.#length > OTHER + 1 && this.#state[this.#length - 1] === FREE) this.#length--;
    this.#free = [];
    for (let node = this.#length - 1; node > OTHER; node--) if (this.#state[node] === FREE) this.#free.push(node);
    let capacity = this.#parent.length;
    while (capacity > INITIAL_CAPACITY && 4 * this.#length < capacity) capacity /= 2;
    if (capacity < this.#parent.length) this.#resize(capacity);
  }

  /** The nodes whose trees came, or came back, since the last call. */
  takeAnnounced(): number[] {
    const announced = this.#announced;
    this.#announced = [];
    return announced;
  }

  /** The tree that it was launched from; the root above the first program, marked or not. */
  parentOf(node: number): number {
    const parent = this.#parent[node]!;
    return parent === RANDOM_ROOT ? ROOT : parent;
  }

  /** The plain id of its last label; negative for the root and {@link OTHER}. */
  labelOf(node: number): number {
    return this.#label[node]!;
  }

  /** Whether the program or one it was launched from has a machine-made name or place. */
  isRandom(node: number): boolean {
    return this.#random[node] === 1;
  }

  /** The plain ids of all labels that have a node. Asked for when all others are to be forgotten: so are those seen once. */
  usedLabels(): Set<number> {
    this.#onceSeen.clear();
    const used = new Set<number>();
    for (let node = OTHER + 1; node < this.#length; node++) {
      if (this.#state[node] !== FREE) used.add(this.#label[node]!);
    }
    return used;
  }

  /** The fingerprint: `/sshd/base/pstree`, `/random/cron/top.py`. */
  pathOf(node: number): string {
    if (node === OTHER) return "/other";
    let path = "";
    for (let at = node; at > OTHER; at = this.#parent[at]!) path = `/${this.#labels.textOf(this.#label[at]!)}${path}`;
    return this.isRandom(node) ? `/random${path}` : path === "" ? "/" : path;
  }

  #below(node: number, label: number, guarded: boolean): number {
    node = this.#target[node]!;
    if (this.#ignored[node] === 1) return this.#admitted(node);
    if (isRandom(label)) {
      node = this.#marked(node);
      label = plain(label);
    }
    if (node === OTHER) return OTHER;
    if (this.#label[node] === label) return this.#admitted(node);
    const found = this.#index.find(node, label);
    if (found >= 0) return this.#admitted(this.#target[found]!);
    if (node === ROOT && this.#isLeftOut(this.#labels.textOf(label))) return ROOT;
    if (this.#depth[node]! >= MAX_DEPTH) return this.#admitted(node);
    if (guarded && label !== OVERFLOW_ID && this.#isCrowded(node)) {
      if (!this.#onceSeen.isSecond(this.#id[node]!, label)) return this.#below(node, OVERFLOW_ID, false);
      if (this.#isFull) return OTHER;
      const regular = this.#add(node, label);
      this.#launches[regular] = REGULAR;
      return regular;
    }
    return this.#isFull ? OTHER : this.#add(node, label);
  }

  #isLeftOut(label: string): boolean {
    return label === LEFT_OUT || this.#rules?.roots.has(label) === true;
  }

  get #isFull(): boolean {
    return this.#size >= this.#limit || this.#bytes >= this.#limit * PATH_BYTES;
  }

  /** Whether enough names below the tree were launched once. */
  #isCrowded(node: number): boolean {
    return this.#once[node]! >= (node === ROOT ? ROOT_SHARE * this.#maxOnce : this.#maxOnce);
  }

  /** The node; {@link OTHER} where its tree left and there is no room for it to come back. */
  #admitted(node: number): number {
    return this.#state[node] === ASLEEP && this.#isFull ? OTHER : node;
  }

  /** The tree of the same labels that is marked. */
  #marked(node: number): number {
    if (node === ROOT) return RANDOM_ROOT;
    return node === OTHER || this.#random[node] === 1
      ? node
      : this.#below(this.#marked(this.#parent[node]!), this.#label[node]!, false);
  }

  #setLaunches(node: number, launches: number): void {
    this.#launches[node] = launches;
    this.#once[this.#parent[node]!]!--;
  }

  #add(parent: number, label: number): number {
    const node = this.#free.pop() ?? this.#length++;
    if (node === this.#parent.length) this.#resize(2 * node);
    this.#parent[node] = parent;
    this.#label[node] = label;
    this.#depth[node] = this.#depth[parent]! + 1;
    this.#random[node] = this.#random[parent]!;
    this.#pathBytes[node] = this.#pathBytes[parent]! + 1 + ENCODER.encode(this.#labels.textOf(label)).length;
    this.#launches[node] =
      this.#once[node] =
      this.#children[node] =
      this.#holds[node] =
        0;
    this.#children[parent]!++;
    this.#applyRules(node);
    this.#index.add(parent, label, node);
    this.#enliven(node);
    return node;
  }

  #enliven(node: number): void {
    this.#state[node] = LIVE;
    this.#id[node] = this.#nextId++;
    this.#size++;
    this.#bytes += this.#pathBytes[node]!;
    this.#announced.push(node);
  }

  #isNeedless(node: number): boolean {
    return this.#state[node] === ASLEEP && this.#children[node] === 0 && this.#holds[node] === 0;
  }

  /** Returns its parent. */
  #remove(node: number): number {
    const parent = this.#parent[node]!;
    this.#index.remove(parent, this.#label[node]!);
    this.#state[node] = FREE;
    this.#sleeping--;
    this.#children[parent]!--;
    return parent;
  }

  #resize(capacity: number): void {
    const length = Math.min(capacity, this.#parent.length);
    const ints = (from: Ints) => copy(from, new Int32Array(capacity), length);
    const bytes = (from: Uint8Array<ArrayBuffer>) => copy(from, new Uint8Array(capacity), length);
    this.#parent = ints(this.#parent);
    this.#label = ints(this.#label);
    this.#pathBytes = ints(this.#pathBytes);
    this.#once = ints(this.#once);
    this.#children = ints(this.#children);
    this.#holds = ints(this.#holds);
    this.#target = ints(this.#target);
    this.#ignored = bytes(this.#ignored);
    this.#depth = bytes(this.#depth);
    this.#random = bytes(this.#random);
    this.#state = bytes(this.#state);
    this.#launches = bytes(this.#launches);
    this.#id = copy(this.#id, new Uint32Array(capacity), length);
    this.#index = new ChildIndex(capacity);
    for (let node = OTHER + 1; node < length; node++) {
      if (this.#state[node] !== FREE) this.#index.add(this.#parent[node]!, this.#label[node]!, node);
    }
  }
}

type Ints = Int32Array<ArrayBuffer>;

function copy<T extends Ints | Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(from: T, to: T, length: number): T {
  to.set(from.subarray(0, length));
  return to;
}
