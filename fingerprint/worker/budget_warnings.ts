/**
 * Says in the log that the bounds of trees are nearly used up, and that they are: each once a day at most.
 *
 * @module
 */
import type { TreeTable, Trie } from "../trees/mod.ts";
import type { Log } from "./protocol.ts";

/** Share of what is for whoever comes at which it is nearly used up. */
const NEAR = 0.9;
const AGAIN_NS = 86_400e9;
/** What helps: the bounds grow together, and programs that number their own names need no tree each. */
const REMEDY = "raise --trees.max, or give names that count up one name with a rename rule in --config.file";

export class BudgetWarnings {
  readonly #budget: Trie["budget"];
  readonly #trees: Pick<TreeTable, "evicted" | "collapsed">;
  readonly #log: Log;
  #nearNs = -Infinity;
  #reachedNs = -Infinity;
  /** Trees that left early and launches without a tree, at the last look. */
  #before = 0;

  constructor(budget: Trie["budget"], trees: Pick<TreeTable, "evicted" | "collapsed">, log: Log) {
    this.#budget = budget;
    this.#trees = trees;
    this.#log = log;
  }

  /** Looks how much is used. */
  check(nowNs: number): void {
    const budget = this.#budget, beyond = this.#trees.evicted + this.#trees.collapsed, before = this.#before;
    this.#before = beyond;
    if (beyond > before && nowNs - this.#reachedNs >= AGAIN_NS) {
      this.#reachedNs = this.#nearNs = nowNs;
      this.#warn("--trees.max is reached: the least used trees leave for new ones, or new ones count as other");
    } else if (budget.used >= NEAR && nowNs - this.#nearNs >= AGAIN_NS) {
      this.#nearNs = nowNs;
      this.#warn("--trees.max is nearly reached, in trees or in bytes of their paths");
    }
  }

  #warn(message: string): void {
    const { size: trees, limit, bytes, maxBytes: bytesLimit, largest } = this.#budget;
    const most = largest === undefined
      ? {}
      : { user: largest.user, userTrees: largest.trees, userBytes: largest.bytes };
    this.#log("warn", message, { trees, limit, bytes, bytesLimit, ...most, remedy: REMEDY });
  }
}
