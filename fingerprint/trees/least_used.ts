/**
 * Which tree leaves first where there is no room for a new one: of the user that has most, below the first program that has
 * most of those, the one that was launched once and longest ago.
 *
 * Nobody takes the place of a tree of a user that has less. A tree may leave while nothing of it runs and its last numbers are
 * told.
 *
 * @module
 */

/** What is asked about trees, by node. */
export interface TreeUse {
  /** Nodes are numbered below this. */
  readonly length: number;
  /** Whether nothing keeps the tree, and a scrape has got its last numbers. */
  mayLeave(node: number): boolean;
  /** Whether it was launched once, as far as is known. */
  isOnce(node: number): boolean;
  /** Unix time, seconds. */
  lastLaunch(node: number): number;
  userOf(node: number): number;
  /** The node of its first program. */
  firstOf(node: number): number;
  /** The share of all trees that a user has. */
  loadOf(user: number): number;
}

/** Trees below one first program of one user, of which some may leave: the least used last. */
interface Lineage {
  size: number;
  readonly nodes: number[];
}

export class LeastUsed {
  readonly #use: TreeUse;
  /** User → first program → trees. */
  readonly #users = new Map<number, Map<number, Lineage>>();
  /** When each tree that may leave was launched last, as it was looked at: one that was launched since stays. */
  readonly #seen = new Map<number, number>();
  #isOutdated = true;

  constructor(use: TreeUse) {
    this.#use = use;
  }

  /** More trees may leave than at the last look. */
  refresh(): void {
    this.#isOutdated = true;
  }

  /** The tree whose place a user takes; -1 where there is none. It is taken off the list. */
  next(user: number): number {
    let node = this.#pick(user);
    if (node < 0 && this.#isOutdated) {
      this.#look();
      node = this.#pick(user);
    }
    return node;
  }

  #pick(user: number): number {
    const use = this.#use, own = use.loadOf(user);
    const holders = [...this.#users].filter(([holder]) => holder === user || use.loadOf(holder) >= own)
      .sort(([a], [b]) => use.loadOf(b) - use.loadOf(a));
    for (const [holder, lineages] of holders) {
      const largest = (a: Lineage, b: Lineage) => b.size - a.size || this.#byUse(b.nodes.at(-1), a.nodes.at(-1));
      for (const [first, lineage] of [...lineages].sort(([, a], [, b]) => largest(a, b))) {
        const node = this.#take(lineage);
        if (node >= 0) return node;
        lineages.delete(first);
      }
      this.#users.delete(holder);
    }
    return -1;
  }

  /** The order of trees by their use: what was launched once and longest ago is the last. */
  #byUse(a = -1, b = -1): number {
    const use = this.#use;
    if (a < 0 || b < 0) return b - a;
    return Number(use.isOnce(a)) - Number(use.isOnce(b)) || use.lastLaunch(b) - use.lastLaunch(a);
  }

  #take(lineage: Lineage): number {
    for (let node = lineage.nodes.pop(); node !== undefined; node = lineage.nodes.pop()) {
      const seen = this.#seen.get(node);
      this.#seen.delete(node);
      if (seen !== this.#use.lastLaunch(node) || !this.#use.mayLeave(node)) continue;
      lineage.size--;
      return node;
    }
    return -1;
  }

  #look(): void {
    const use = this.#use, users = this.#users;
    this.#isOutdated = false;
    users.clear();
    this.#seen.clear();
    for (let node = 0; node < use.length; node++) {
      const mayLeave = use.mayLeave(node), user = use.userOf(node), first = use.firstOf(node);
      if (first < 0) continue;
      let lineages = users.get(user);
      if (lineages === undefined) users.set(user, lineages = new Map());
      let lineage = lineages.get(first);
      if (lineage === undefined) lineages.set(first, lineage = { size: 0, nodes: [] });
      lineage.size++;
      if (!mayLeave) continue;
      lineage.nodes.push(node);
      this.#seen.set(node, use.lastLaunch(node));
    }
    for (const lineages of users.values()) {
      for (const { nodes } of lineages.values()) nodes.sort((a, b) => this.#byUse(a, b));
    }
  }
}
