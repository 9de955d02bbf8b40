/**
 * In which contexts (units, containers) and by which users each tree was launched, as far as that is news; and which trees have to be
 * looked at for it, because their processes move when they begin.
 *
 * @module
 */
import { columns, IntTable } from "../../netlink/mod.ts";

/** Launches of a tree whose processes are looked at, and then each so many. */
const FIRST_LOOKS = 4;
const EACH = 64;
/** News between two reports at most; what comes beyond is news again later. */
const MOST_SEEN = 4096;

const Columns = columns({
  /** The context of the last launch plus 1, or 0; and its user. */
  context: Int32Array,
  user: Uint32Array,
  /** Whether a process of it was in another context than its parent when it was looked at last. */
  moves: Uint8Array,
});

export class LaunchContexts {
  readonly #rows = new Columns(256);
  /** Tree, context and user that are news already. */
  readonly #told = new IntTable();
  #seen: number[] = [];

  /** Whether the process of a tree's launch, which is number `launch` from 0, is to be looked at: it may be elsewhere than its parent. */
  isWanted(node: number, launch: number): boolean {
    return launch < FIRST_LOOKS || launch % EACH === 0 || this.moves(node);
  }

  /** Whether the tree's processes move. */
  moves(node: number): boolean {
    return this.#rows.moves[node] === 1;
  }

  /** A process of a tree was looked at. */
  looked(node: number, hasMoved: boolean): void {
    this.#makeRoom(node);
    this.#rows.moves[node] = hasMoved ? 1 : 0;
  }

  /** A launch of a tree, whose number in reports is `tree`. */
  note(node: number, tree: number, context: number, user: number): void {
    const rows = this.#rows;
    if (rows.context[node] === context + 1 && rows.user[node] === user) return;
    this.#makeRoom(node);
    rows.context[node] = context + 1;
    rows.user[node] = user;
    if (this.#told.size >= MOST_SEEN || this.#told.get(tree, context, user) >= 0) return;
    this.#told.set(0, tree, context, user);
    this.#seen.push(tree, context, user);
  }

  /** A tree leaves, and its node may become another's. */
  forget(node: number): void {
    if (node >= this.#rows.capacity) return;
    this.#rows.context[node] = this.#rows.user[node] = this.#rows.moves[node] = 0;
  }

  /** Number of a tree, its context and its user, one after the other, of all that is news since the last call. */
  take(): Uint32Array<ArrayBuffer> {
    const seen = Uint32Array.from(this.#seen);
    this.#seen = [];
    this.#told.clear();
    return seen;
  }

  #makeRoom(node: number): void {
    const { capacity } = this.#rows;
    if (node >= capacity) this.#rows.resize(Math.max(2 * capacity, node + 1), capacity);
  }
}
