/**
 * In which contexts (units, containers) and by which users each tree was launched since the last report, and how often; and which
 * trees have to be looked at for it, because their processes move when they begin.
 *
 * @module
 */
import { columns, IntTable } from "../../netlink/mod.ts";

/** Launches of a tree whose processes are looked at, and then each so many. */
const FIRST_LOOKS = 4;
const EACH = 64;
/** Ways to be launched that are counted between two reports, so many at most: launches of further ones are in none. */
const MOST_WAYS = 8192;
/** Numbers of each: of the tree, of its context, of its user, and of its launches. */
export const WAY_WIDTH = 4;

const Columns = columns({
  /** The context of the last launch plus 1, or 0; and its user. */
  context: Int32Array,
  user: Uint32Array,
  /** Whether a process of it was in another context than its parent when it was looked at last. */
  moves: Uint8Array,
  /** Where the last launch was counted, and in which report's time: what is older counts nothing any more. */
  at: Uint32Array,
  report: Uint32Array,
});

export class LaunchContexts {
  readonly #rows = new Columns(256);
  /** Tree, context and user → where their launches are counted. */
  readonly #ways = new IntTable();
  #counts: number[] = [];
  #report = 1;

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

  /** A launch of a tree, whose number in reports is `tree`; or one is taken back, which was told since the last report. */
  note(node: number, tree: number, context: number, user: number, launches = 1): void {
    const rows = this.#rows;
    if (rows.context[node] !== context + 1 || rows.user[node] !== user || rows.report[node] !== this.#report) {
      const at = this.#wayOf(tree, context, user);
      if (at < 0) return;
      this.#makeRoom(node);
      rows.context[node] = context + 1;
      rows.user[node] = user;
      rows.at[node] = at;
      rows.report[node] = this.#report;
    }
    this.#counts[rows.at[node]!]! += launches;
  }

  /** Where launches of a tree in a context by a user are counted; -1 where there is no room. */
  #wayOf(tree: number, context: number, user: number): number {
    const known = this.#ways.get(tree, context, user);
    if (known >= 0) return known;
    if (this.#ways.size >= MOST_WAYS) return -1;
    const at = this.#counts.push(tree, context, user, 0) - 1;
    this.#ways.set(at, tree, context, user);
    return at;
  }

  /** A tree leaves, and its node may become another's. */
  forget(node: number): void {
    if (node >= this.#rows.capacity) return;
    this.#rows.context[node] =
      this.#rows.user[node] =
      this.#rows.moves[node] =
      this.#rows.report[node] =
        0;
  }

  /** Number of a tree, of its context, of its user and of its launches ({@link WAY_WIDTH}), of all that there were since the last call. */
  take(): Float64Array<ArrayBuffer> {
    const ways = Float64Array.from(this.#counts);
    this.#counts = [];
    this.#ways.clear();
    this.#report++;
    return ways;
  }

  #makeRoom(node: number): void {
    const { capacity } = this.#rows;
    if (node >= capacity) this.#rows.resize(Math.max(2 * capacity, node + 1), capacity);
  }
}
