/**
 * The trie of fingerprints. A node is a tree: the labels from the root ancestor to a program, interned once; a process holds
 * a node's number. One class of more than 300 lines, because a launch's way to its node goes through all of it.
 *
 * @module
 */
import {
  DEEPER_ID,
  isCollective,
  isRandom,
  type LabelTable,
  OTHER_ID,
  OVERFLOW_ID,
  plain,
  SYSTEMD,
} from "../labels/mod.ts";
import { Budget } from "./budget.ts";
import { ASLEEP, FREE, LIVE, Nodes, ONCE, OTHER, RANDOM_ROOT, REGULAR, ROOT } from "./nodes.ts";
import { OnceSeen } from "./once_seen.ts";
import { Siblings } from "./siblings.ts";

/** Labels of a tree at most. The last is `…`: what is launched there or deeper has no tree of its own, and inflates nobody's numbers. */
export const MAX_DEPTH = 32;

export interface TreeRules {
  /** Further labels that are left out directly below the root. */
  readonly roots: ReadonlySet<string>;
  /** Whether what is launched below this tree counts as launches of it. */
  ignores(tree: string): boolean;
}

/** Directly below the root so many times as many names launched once have trees: every service and its helpers stand there. */
const ROOT_SHARE = 4;
/** On whose account trees stand that nobody is known to have launched: root's, whose the kernel and what it starts are. */
const ROOT_USER = 0;
/** Trees that leave at most to make room for one with a long path. */
const MOST_PLACES = 8;

const ENCODER = new TextEncoder();

export class Trie {
  readonly labels: LabelTable;
  readonly #maxOnce: number;
  readonly #onceSeen = new OnceSeen();
  readonly #siblings: Siblings;
  readonly #n = new Nodes();
  #rules: TreeRules | undefined;
  #nextId = OTHER + 1;
  #sleeping = 0;
  #announced: number[] = [OTHER];
  /** Who has spent what of the bounds. */
  readonly budget: Budget;
  readonly #makeRoom: (user: number) => number;

  /**
   * `limit` is the number of trees that get a node of their own, `maxOnce` the number of names launched once that do so below
   * one tree; 0 is any number. `makeRoom` lets a tree leave whose place the user may have: bytes of its path, or 0 where there
   * is none.
   */
  constructor(labels: LabelTable, limit: number, maxOnce = 0, makeRoom: (user: number) => number = () => 0) {
    this.labels = labels;
    this.budget = new Budget(limit);
    this.#maxOnce = maxOnce;
    this.#siblings = new Siblings(labels);
    this.#makeRoom = makeRoom;
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
    this.#n.ignored[node] = this.#n.label[node] === OTHER_ID ? 1 : 0;
    this.#n.target[node] = node;
    if (this.#n.ignored[above] === 1) {
      this.#n.target[node] = above;
    } else if (rules !== undefined && parent === ROOT && rules.roots.has(this.labels.textOf(this.#n.label[node]!))) {
      this.#n.target[node] = ROOT;
    } else if (rules !== undefined && rules.ignores(this.pathOf(node))) {
      this.#n.ignored[node] = 1;
    }
  }

  /** Number of trees that have series or may get some, without the root and `/other`. */
  get size(): number {
    return this.budget.size;
  }

  /** Nodes are numbered below this. */
  get length(): number {
    return this.#n.length;
  }

  /**
   * The tree of a program with this label found running below `node`: the node itself where its label is the same (neighbours
   * are rolled up), the root for systemd below the root, and where there is no room for a new tree the one that counts such
   * launches below the nearest tree that has one, {@link OTHER} at last ({@link isOther}). A new tree is on `user`'s account. A machine-made
   * name marks the whole chain: what is launched by or below such a program is in the marked trees, a chain of the same
   * labels without one is another tree.
   */
  child(node: number, label: number, user = ROOT_USER): number {
    return this.#below(node, label, false, user);
  }

  /**
   * Like {@link child}, for a program whose launch was seen. Where many names below the tree were launched once and not again,
   * a further new one is `*`: whoever makes up names, in whatever way, gets so many trees and no more, and fewer for names of
   * one shape. A name that comes a
   * second time gets its own; so do names that the guard has never stood in the way of.
   */
  launch(node: number, label: number, user = ROOT_USER): number {
    return this.#below(node, label, this.#maxOnce > 0, user);
  }

  /** An image of the tree began. */
  countLaunch(node: number): void {
    if (this.#n.launches[node] === REGULAR || isCollective(this.#n.label[node]!)) return;
    if (this.#n.launches[node] === ONCE) return this.prove(node);
    this.#n.launches[node] = ONCE;
    this.#n.once[this.#n.parent[node]!]!++;
    this.#siblings.add(this.#n.parent[node]!, this.#n.label[node]!);
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

  /** Whether the tree counts launches for which there was no room. */
  isOther(node: number): boolean {
    return node === OTHER || this.#n.label[node] === OTHER_ID;
  }

  /** Whether its program was launched once and doesn't run for long, as far as is known. */
  isOnce(node: number): boolean {
    return this.#n.launches[node] === ONCE;
  }

  userOf(node: number): number {
    return this.#n.user[node]!;
  }

  /** The node of its first program; -1 for what is no tree of its own: the root, and what counts others. */
  firstOf(node: number): number {
    if (node <= OTHER || this.#n.state[node] !== LIVE || this.isOther(node)) return -1;
    let first = node;
    while (this.#n.parent[first]! > OTHER) first = this.#n.parent[first]!;
    return first;
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
    this.#sleeping++;
    const bytes = this.#n.pathBytes[node]!;
    if (this.isOther(node)) this.budget.removeOther(bytes);
    else this.budget.remove(this.#n.user[node]!, bytes);
    if (this.#n.launches[node] === ONCE) this.#setLaunches(node, 0);
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

  pathBytesOf(node: number): number {
    return this.#n.pathBytes[node]!;
  }

  /** Whether its own name or place is machine-made; {@link isRandom} is true of all below such a tree, too. */
  hasRandomName(node: number): boolean {
    return this.#n.randomName[node] === 1;
  }

  /** The path that a tree with this label would have below a node, whether there is one or not. */
  pathBelow(node: number, label: number): string {
    const path = this.pathOf(node), text = this.labels.textOf(plain(label));
    const mark = isRandom(label) && !this.isRandom(node) ? "/random" : "";
    return `${mark}${path === "/" ? "" : path}/${text}`;
  }

  /** The fingerprint: `/sshd/base/pstree`, `/random/cron/top.py`. */
  pathOf(node: number): string {
    if (node === OTHER) return "/other";
    let path = "";
    for (let at = node; at > OTHER; at = this.#n.parent[at]!) {
      path = `/${this.labels.textOf(this.#n.label[at]!)}${path}`;
    }
    return this.isRandom(node) ? `/random${path}` : path === "" ? "/" : path;
  }

  #below(node: number, label: number, guarded: boolean, user: number): number {
    node = this.#n.target[node]!;
    if (this.#n.ignored[node] === 1) return this.#admitted(node, user);
    if (isRandom(label)) {
      const marked = this.#marked(node, user), named = this.#below(marked, plain(label), guarded, user);
      if (this.#n.label[named] === plain(label)) this.#n.randomName[named] = 1;
      return named;
    }
    if (node === OTHER) return OTHER;
    if (this.#n.label[node] === label) return this.#admitted(node, user);
    const found = this.#n.find(node, label);
    if (found >= 0) return this.#admitted(this.#n.target[found]!, user);
    if (node === ROOT && this.#isLeftOut(this.labels.textOf(label))) return ROOT;
    if (this.#n.depth[node]! >= MAX_DEPTH - 1 && label !== DEEPER_ID) {
      return this.#n.label[node] === DEEPER_ID ? this.#admitted(node, user) : this.#below(node, DEEPER_ID, false, user);
    }
    if (!guarded || label === OVERFLOW_ID || !this.#isCrowded(node, label)) return this.#admit(node, label, user);
    if (!this.#onceSeen.isSecond(this.#n.id[node]!, label)) return this.#below(node, OVERFLOW_ID, false, user);
    const regular = this.#admit(node, label, user);
    if (!this.isOther(regular)) this.#n.launches[regular] = REGULAR;
    return regular;
  }

  #isLeftOut(label: string): boolean {
    return label === SYSTEMD || this.#rules?.roots.has(label) === true;
  }

  /** Whether a tree of a user may be added: after others have left for it, or at the cost of what is kept. */
  #hasRoom(user: number, bytes: number): boolean {
    const { budget } = this;
    if (budget.isOpen) return true;
    for (let places = 0, left = 0; places < MOST_PLACES && budget.mayTake(user); places++) {
      const freed = this.#makeRoom(user);
      if (freed === 0) break;
      budget.took(user);
      left += freed;
      if (left >= bytes || !budget.isOverBytes) return true;
    }
    return budget.hasRoomForFew(user);
  }

  /** Whether enough names below the tree were launched once, all or those that look like the label. */
  #isCrowded(node: number, label: number): boolean {
    const most = node === ROOT ? ROOT_SHARE * this.#maxOnce : this.#maxOnce;
    return this.#n.once[node]! >= most || this.#siblings.isCrowd(node, label, most);
  }

  /** The node; where its tree left and there is no room for it to come back, the one that counts it. */
  #admitted(node: number, user: number): number {
    if (this.#n.state[node] !== ASLEEP) return node;
    const parent = this.#n.parent[node]!;
    if (this.isOther(node)) return this.budget.hasRoomForOther ? node : this.#other(parent);
    if (!this.#hasRoom(user, this.#n.pathBytes[node]!)) return this.#other(parent);
    this.#n.user[node] = user;
    return node;
  }

  /** A new tree, or the one that counts it. */
  #admit(parent: number, label: number, user: number): number {
    const bytes = this.#n.pathBytes[parent]! + this.#bytesOf(label);
    return this.#hasRoom(user, bytes) ? this.#add(parent, label, user) : this.#other(parent);
  }

  /** The tree that counts what gets none below a node: that of the nearest tree above that has one, or has room for one. */
  #other(node: number): number {
    for (let at = node; at > OTHER; at = this.#n.parent[at]!) {
      if (this.#n.state[at] !== LIVE) continue;
      const found = this.#n.find(at, OTHER_ID);
      if (found >= 0 && this.#n.state[found] === LIVE) return found;
      if (this.budget.hasRoomForOther) return found >= 0 ? found : this.#add(at, OTHER_ID, ROOT_USER);
    }
    return OTHER;
  }

  /** The tree of the same labels that is marked. */
  #marked(node: number, user: number): number {
    if (node === ROOT) return RANDOM_ROOT;
    return node === OTHER || this.#n.random[node] === 1
      ? node
      : this.#below(this.#marked(this.#n.parent[node]!, user), this.#n.label[node]!, false, user);
  }

  #setLaunches(node: number, launches: number): void {
    this.#n.launches[node] = launches;
    this.#n.once[this.#n.parent[node]!]!--;
    this.#siblings.remove(this.#n.parent[node]!, this.#n.label[node]!);
  }

  /** Bytes that a label adds to a path. */
  #bytesOf(label: number): number {
    return 1 + ENCODER.encode(this.labels.textOf(label)).length;
  }

  #add(parent: number, label: number, user: number): number {
    const node = this.#n.add(parent, label, this.#bytesOf(label));
    this.#n.user[node] = user;
    this.#applyRules(node);
    this.#revive(node);
    return node;
  }

  #revive(node: number): void {
    this.#n.state[node] = LIVE;
    this.#n.id[node] = this.#nextId++;
    const bytes = this.#n.pathBytes[node]!;
    if (this.isOther(node)) this.budget.addOther(bytes);
    else this.budget.add(this.#n.user[node]!, bytes);
    this.#announced.push(node);
  }
}
