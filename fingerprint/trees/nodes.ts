/**
 * The nodes of the trie, as numbers: which there are, and which stands below which.
 *
 * @module
 */
import { columns, IntTable, shrunk } from "../../netlink/mod.ts";

/** The root: the kernel, and systemd where it is the first process. It has no label and is not shown. */
export const ROOT = 0;
/** Stands above all trees with a machine-made name. It is no tree itself. */
export const RANDOM_ROOT = 1;
/** Where trees count that come after the limit; the first number that is a tree's. */
export const OTHER = 2;

/** What is in the place of a node. */
export const FREE = 0;
/** A node without series: its tree left, but trees below it or processes launched from it are there. */
export const ASLEEP = 1;
export const LIVE = 2;

/** How often a tree's program was launched, as far as the guard of its parent wants to know. */
export const ONCE = 1;
export const REGULAR = 2;

const INITIAL_CAPACITY = 256;

const Columns = columns({
  /** The node that it was launched from. */
  parent: Int32Array,
  /** Plain id of its last label; negative for the first three. */
  label: Int32Array,
  /** Labels up to here. */
  depth: Uint8Array,
  /** 1 below {@link RANDOM_ROOT}. */
  random: Uint8Array,
  /** 1 where its own label, or the place of that program, is machine-made, and not only one above. */
  randomName: Uint8Array,
  /** Bytes of the printed path. */
  pathBytes: Int32Array,
  /** User on whose account the tree stands. */
  user: Uint32Array,
  /** {@link FREE}, {@link ASLEEP} or {@link LIVE}. */
  state: Uint8Array,
  /** Number of the tree in the reports: never given to another, and a new one for a tree that comes back. */
  id: Uint32Array,
  /** 0, {@link ONCE} or {@link REGULAR}. */
  launches: Uint8Array,
  /** Children that were launched once. */
  once: Int32Array,
  children: Int32Array,
  /** Processes that were forked from the tree: what they exec stands below it. */
  holds: Int32Array,
  /**
   * Where launches stand that would stand in or below the node: the node itself, unless it is below an ignored tree, or is that of
   * a label that has been left out since.
   */
  target: Int32Array,
  /** 1 for a node that has no others below it. */
  ignored: Uint8Array,
});

export class Nodes extends Columns {
  /** A node and a label → the node below. */
  readonly #below = new IntTable();
  #length = OTHER + 1;
  #free: number[] = [];

  constructor() {
    super(INITIAL_CAPACITY);
    for (const node of [ROOT, RANDOM_ROOT, OTHER]) {
      this.label[node] = -1;
      this.state[node] = LIVE;
      this.id[node] = this.target[node] = node;
    }
    this.random[RANDOM_ROOT] = 1;
  }

  /** Nodes are numbered below this. */
  get length(): number {
    return this.#length;
  }

  /** The node of a label below a node, or -1. */
  find(parent: number, label: number): number {
    return this.#below.get(parent, label);
  }

  /** Adds a node that isn't there; its path is so many bytes longer than its parent's. Without a state and a target. */
  add(parent: number, label: number, bytes: number): number {
    const node = this.#free.pop() ?? this.#length++;
    if (node === this.capacity) this.resize(2 * node, node);
    this.parent[node] = parent;
    this.label[node] = label;
    this.depth[node] = this.depth[parent]! + 1;
    this.random[node] = this.random[parent]!;
    this.pathBytes[node] = this.pathBytes[parent]! + bytes;
    this.randomName[node] =
      this.launches[node] =
      this.once[node] =
      this.children[node] =
      this.holds[node] =
        0;
    this.children[parent]!++;
    this.#below.set(node, parent, label);
    return node;
  }

  /** Whether a node's tree left, and nothing stands below it or was launched from it. */
  isNeedless(node: number): boolean {
    return this.state[node] === ASLEEP && this.children[node] === 0 && this.holds[node] === 0;
  }

  /** Removes a node without children; its parent. {@link trim} gives its number to others. */
  remove(node: number): number {
    const parent = this.parent[node]!;
    this.#below.delete(parent, this.label[node]!);
    this.state[node] = FREE;
    this.children[parent]!--;
    return parent;
  }

  /** After removals: their numbers are given to others, and memory that a storm of names has needed is given back. */
  trim(): void {
    while (this.state[this.#length - 1] === FREE) this.#length--;
    this.#free = [];
    for (let node = this.#length - 1; node > OTHER; node--) if (this.state[node] === FREE) this.#free.push(node);
    const capacity = shrunk(this.capacity, this.#length, INITIAL_CAPACITY);
    if (capacity < this.capacity) this.resize(capacity, this.#length);
  }
}
