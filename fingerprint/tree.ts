/**
 * The trie of fingerprints. A node is a tree: the labels from the root ancestor to a program, interned once; a process holds
 * a node's number.
 *
 * @module
 */
import { isRandom, type LabelTable, plain } from "./labels.ts";

/** The root: the kernel, and systemd where it is the first process. It has no label and is not shown. */
export const ROOT = 0;
/** Stands above all trees with a machine-made name. It is no tree itself. */
const RANDOM_ROOT = 1;
/** Where trees count that come after the limit; the first number that is a tree's. */
export const OTHER = 2;
/** Labels of a tree at most; what is launched below counts as the last. */
export const MAX_DEPTH = 32;
/** The label that is left out directly below the root: pid 1 and its user managers. */
const LEFT_OUT = "systemd";

const INITIAL_CAPACITY = 256;

export class Trie {
  readonly #labels: LabelTable;
  readonly #limit: number;
  #parent = new Int32Array(INITIAL_CAPACITY);
  #label = new Int32Array(INITIAL_CAPACITY);
  #depth = new Uint8Array(INITIAL_CAPACITY);
  /** Whether the node is below {@link RANDOM_ROOT}. */
  #random = new Uint8Array(INITIAL_CAPACITY);
  /** Hash table of (parent, label) → node, open addressing. */
  #keys = new Int32Array(4 * INITIAL_CAPACITY); // pairs of parent + 1 (0: free) and label
  #values = new Int32Array(2 * INITIAL_CAPACITY);
  #length = OTHER + 1;

  /** `limit` is the number of trees that get a node of their own. */
  constructor(labels: LabelTable, limit: number) {
    this.#labels = labels;
    this.#limit = limit;
    this.#label[ROOT] = this.#label[RANDOM_ROOT] = this.#label[OTHER] = -1;
    this.#random[RANDOM_ROOT] = 1;
  }

  /** Number of trees, without the root and `/other`. */
  get size(): number {
    return this.#length - (OTHER + 1);
  }

  /** Nodes are numbered below this. */
  get length(): number {
    return this.#length;
  }

  /**
   * The tree of a program with this label launched from `node`: the node itself where its label is the same (neighbours are
   * rolled up), the root for systemd below the root, {@link OTHER} where a new tree would exceed the limit. A machine-made
   * name marks the whole chain: what is launched by or below such a program is in the marked trees, a chain of the same
   * labels without one is another tree.
   */
  child(node: number, label: number): number {
    if (isRandom(label)) {
      node = this.#marked(node);
      label = plain(label);
    }
    if (node === OTHER || this.#label[node] === label) return node;
    const found = this.#find(node, label);
    if (found >= 0) return found;
    if (node === ROOT && this.#labels.textOf(label) === LEFT_OUT) return ROOT;
    if (this.#depth[node]! >= MAX_DEPTH) return node;
    return this.size >= this.#limit ? OTHER : this.#add(node, label);
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

  /** The plain ids of all labels that have a node. */
  usedLabels(): Set<number> {
    return new Set(this.#label.subarray(OTHER + 1, this.#length));
  }

  /** The fingerprint: `/sshd/base/pstree`, `/random/cron/top.py`. */
  pathOf(node: number): string {
    if (node === OTHER) return "/other";
    let path = "";
    for (let at = node; at > OTHER; at = this.#parent[at]!) path = `/${this.#labels.textOf(this.#label[at]!)}${path}`;
    return this.isRandom(node) ? `/random${path}` : path === "" ? "/" : path;
  }

  /** The tree of the same labels that is marked. */
  #marked(node: number): number {
    if (node === ROOT) return RANDOM_ROOT;
    return node === OTHER || this.#random[node] === 1
      ? node
      : this.child(this.#marked(this.#parent[node]!), this.#label[node]!);
  }

  #add(parent: number, label: number): number {
    if (this.#length === this.#parent.length) this.#grow();
    const node = this.#length++;
    this.#parent[node] = parent;
    this.#label[node] = label;
    this.#depth[node] = this.#depth[parent]! + 1;
    this.#random[node] = this.#random[parent]!;
    this.#insert(node);
    return node;
  }

  #find(parent: number, label: number): number {
    const mask = this.#values.length - 1;
    for (let i = hashPair(parent, label) & mask;; i = (i + 1) & mask) {
      const key = this.#keys[2 * i]!;
      if (key === 0) return -1;
      if (key === parent + 1 && this.#keys[2 * i + 1] === label) return this.#values[i]!;
    }
  }

  #insert(node: number): void {
    const mask = this.#values.length - 1, parent = this.#parent[node]!, label = this.#label[node]!;
    let i = hashPair(parent, label) & mask;
    while (this.#keys[2 * i] !== 0) i = (i + 1) & mask;
    this.#keys[2 * i] = parent + 1;
    this.#keys[2 * i + 1] = label;
    this.#values[i] = node;
  }

  #grow(): void {
    const capacity = this.#parent.length * 2;
    const copy = <T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(from: T, to: T): T => (to.set(from), to);
    this.#parent = copy(this.#parent, new Int32Array(capacity));
    this.#label = copy(this.#label, new Int32Array(capacity));
    this.#depth = copy(this.#depth, new Uint8Array(capacity));
    this.#random = copy(this.#random, new Uint8Array(capacity));
    this.#keys = new Int32Array(4 * capacity);
    this.#values = new Int32Array(2 * capacity);
    for (let node = OTHER + 1; node < this.#length; node++) this.#insert(node);
  }
}

function hashPair(a: number, b: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}
