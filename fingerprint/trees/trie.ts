/**
 * The trie of fingerprints. A node is a tree: the labels from the root ancestor to a program, interned once; a process holds
 * a node's number.
 *
 * @module
 */
import { DEEPER_ID, isCollective, isRandom, type LabelTable, OVERFLOW_ID, plain } from "../labels/mod.ts";
import { ASLEEP, FREE, LIVE, Nodes, ONCE, OTHER, RANDOM_ROOT, REGULAR, ROOT } from "./nodes.ts";
import { OnceSeen } from "./once_seen.ts";

/** Labels of a tree at most. The last is `…`: what is launched there or deeper has no tree of its own, and inflates nobody's numbers. */
export const MAX_DEPTH = 32;
/** The label that is always left out directly below the root: pid 1 and its user managers. */
const LEFT_OUT = "systemd";

/** What is configured about trees. */
export interface TreeRules {
  /** Further labels that are left out directly below the root. */
  readonly roots: ReadonlySet<string>;
  /** Whether what is launched below this tree counts as launches of it. */
  ignores(tree: string): boolean;
}

/** Directly below the root so many times as many names launched once have trees: every service and its helpers stand there. */
const ROOT_SHARE = 4;
/** Bytes of the path of an average tree at most. Every series carries its tree's path: long ones use up the limit sooner. */
const PATH_BYTES = 256;

const ENCODER = new TextEncoder();

export class Trie {
  readonly #labels: LabelTable;
  readonly #limit: number;
  readonly #maxOnce: number;
  readonly #onceSeen = new OnceSeen();
  readonly #n = new Nodes();
  #rules: TreeRules | undefined;
  #nextId = OTHER + 1;
  #size = 0;
  #sleeping = 0;
  /** Bytes of the paths of all live trees. */
  #bytes = 0;
  #announced: number[] = [OTHER];

  /**
   * `limit` is the number of trees that get a node of their own, `maxOnce` the number of names launched once that do so below
   * one tree; 0 is any number.
   */
  constructor(labels: LabelTable, limit: number, maxOnce = 0) {
    this.#labels = labels;
    this.#limit = limit;
    this.#maxOnce = maxOnce;
  }

  /**
   * Takes other rules. Running processes stay where they are; what is launched from now on follows them, below the trees
   * that the processes have which launch it.
   */
  configure(rules: TreeRules): void {
    this.#rules = rules;
    const done = new Uint8Array(this.#n.length);
    // A parent may have the higher number, where that of one that had left was given to it: so each node's line comes first.
    for (let node = OTHER + 1; node < this.#n.length; node++) {
      if (this.#n.state[node] === FREE) continue;
      const line: number[] = [];
      for (let at = node; at > OTHER && done[at] === 0; at = this.#n.parent[at]!) line.push(at);
      for (const at of line.reverse()) {
        this.#applyRules(at);
        done[at] = 1;
      }
    }
  }

  #applyRules(node: number): void {
    const parent = this.#n.parent[node]!, rules = this.#rules, above = this.#n.target[parent]!;
    this.#n.ignored[node] = 0;
    this.#n.target[node] = node;
    if (this.#n.ignored[above] === 1) {
      this.#n.target[node] = above;
    } else if (rules !== undefined && parent === ROOT && rules.roots.has(this.#labels.textOf(this.#n.label[node]!))) {
      this.#n.target[node] = ROOT;
    } else if (rules !== undefined && rules.ignores(this.pathOf(node))) {
      this.#n.ignored[node] = 1;
    }
  }

  /** Number of trees that have series or may get some, without the root and `/other`. */
  get size(): number {
    return this.#size;
  }

  /** Nodes are numbered below this. */
  get length(): number {
    return this.#n.length;
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
    if (this.#n.launches[node] === REGULAR || isCollective(this.#n.label[node]!)) return;
    if (this.#n.launches[node] === ONCE) return this.prove(node);
    this.#n.launches[node] = ONCE;
    this.#n.once[this.#n.parent[node]!]!++;
  }

  /** The image that began last turns out to be another tree's. */
  revokeLaunch(node: number): void {
    if (this.#n.launches[node] === ONCE) this.#setLaunches(node, 0);
  }

  /** The tree's program is no throwaway name: it was launched again, or runs for long. */
  prove(node: number): void {
    if (this.#n.launches[node] === ONCE) this.#setLaunches(node, REGULAR);
  }

  /** A process keeps the node, which it was forked from, until it {@link release}s it. */
  hold(node: number): void {
    this.#n.holds[node]!++;
  }

  release(node: number): void {
    this.#n.holds[node]!--;
  }

  /** Number of the tree in the reports; that of a tree that left is the one it had. */
  idOf(node: number): number {
    return this.#n.id[node]!;
  }

  isLive(node: number): boolean {
    return this.#n.state[node] === LIVE;
  }

  /** A tree that left is there again, with a new number. */
  wake(node: number): void {
    if (this.#n.state[node] !== ASLEEP) return;
    this.#sleeping--;
    this.#revive(node);
  }

  /** A tree leaves: it counts no more, and its node is given back as soon as nothing needs it ({@link sweep}). */
  retire(node: number): void {
    this.#n.state[node] = ASLEEP;
    this.#size--;
    this.#sleeping++;
    this.#bytes -= this.#n.pathBytes[node]!;
    if (this.#n.launches[node] === ONCE) this.#n.once[this.#n.parent[node]!]!--;
    this.#n.launches[node] = 0;
  }

  /** Gives back the nodes that nothing needs any more, and memory that a storm of names has needed. */
  sweep(): void {
    if (this.#sleeping === 0) return;
    const sleeping = this.#sleeping;
    for (let from = OTHER + 1; from < this.#n.length; from++) {
      for (let node = from; this.#n.isNeedless(node); this.#sleeping--) node = this.#n.remove(node);
    }
    if (this.#sleeping < sleeping) this.#n.trim();
  }

  /** The nodes whose trees came, or came back, since the last call. */
  takeAnnounced(): number[] {
    const announced = this.#announced;
    this.#announced = [];
    return announced;
  }

  /** The tree that it was launched from; the root above the first program, marked or not. */
  parentOf(node: number): number {
    const parent = this.#n.parent[node]!;
    return parent === RANDOM_ROOT ? ROOT : parent;
  }

  /** The plain id of its last label; negative for the root and {@link OTHER}. */
  labelOf(node: number): number {
    return this.#n.label[node]!;
  }

  /** Whether the program or one it was launched from has a machine-made name or place. */
  isRandom(node: number): boolean {
    return this.#n.random[node] === 1;
  }

  /** The plain ids of all labels that have a node. Asked for when all others are to be forgotten: so are those seen once. */
  usedLabels(): Set<number> {
    this.#onceSeen.clear();
    const used = new Set<number>();
    for (let node = OTHER + 1; node < this.#n.length; node++) {
      if (this.#n.state[node] !== FREE) used.add(this.#n.label[node]!);
    }
    return used;
  }

  /** The fingerprint: `/sshd/base/pstree`, `/random/cron/top.py`. */
  pathOf(node: number): string {
    if (node === OTHER) return "/other";
    let path = "";
    for (let at = node; at > OTHER; at = this.#n.parent[at]!) {
      path = `/${this.#labels.textOf(this.#n.label[at]!)}${path}`;
    }
    return this.isRandom(node) ? `/random${path}` : path === "" ? "/" : path;
  }

  #below(node: number, label: number, guarded: boolean): number {
    node = this.#n.target[node]!;
    if (this.#n.ignored[node] === 1) return this.#admitted(node);
    if (isRandom(label)) {
      node = this.#marked(node);
      label = plain(label);
    }
    if (node === OTHER) return OTHER;
    if (this.#n.label[node] === label) return this.#admitted(node);
    const found = this.#n.find(node, label);
    if (found >= 0) return this.#admitted(this.#n.target[found]!);
    if (node === ROOT && this.#isLeftOut(this.#labels.textOf(label))) return ROOT;
    if (this.#n.depth[node]! >= MAX_DEPTH - 1 && label !== DEEPER_ID) {
      return this.#n.label[node] === DEEPER_ID ? this.#admitted(node) : this.#below(node, DEEPER_ID, false);
    }
    if (guarded && label !== OVERFLOW_ID && this.#isCrowded(node)) {
      if (!this.#onceSeen.isSecond(this.#n.id[node]!, label)) return this.#below(node, OVERFLOW_ID, false);
      if (this.#isFull) return OTHER;
      const regular = this.#add(node, label);
      this.#n.launches[regular] = REGULAR;
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
    return this.#n.once[node]! >= (node === ROOT ? ROOT_SHARE * this.#maxOnce : this.#maxOnce);
  }

  /** The node; {@link OTHER} where its tree left and there is no room for it to come back. */
  #admitted(node: number): number {
    return this.#n.state[node] === ASLEEP && this.#isFull ? OTHER : node;
  }

  /** The tree of the same labels that is marked. */
  #marked(node: number): number {
    if (node === ROOT) return RANDOM_ROOT;
    return node === OTHER || this.#n.random[node] === 1
      ? node
      : this.#below(this.#marked(this.#n.parent[node]!), this.#n.label[node]!, false);
  }

  #setLaunches(node: number, launches: number): void {
    this.#n.launches[node] = launches;
    this.#n.once[this.#n.parent[node]!]!--;
  }

  #add(parent: number, label: number): number {
    const node = this.#n.add(parent, label, 1 + ENCODER.encode(this.#labels.textOf(label)).length);
    this.#applyRules(node);
    this.#revive(node);
    return node;
  }

  #revive(node: number): void {
    this.#n.state[node] = LIVE;
    this.#n.id[node] = this.#nextId++;
    this.#size++;
    this.#bytes += this.#n.pathBytes[node]!;
    this.#announced.push(node);
  }
}
