/**
 * Events in the order of their time: an ending is known a little after launches that came later.
 *
 * @module
 */

/** How long an event waits for earlier ones; of 600 events the latest came 36 ms after a later one. */
export const HOLD_MS = 100;

interface Waiting<Item> {
  readonly item: Item;
  /** When it happened, by the clock of the events. */
  readonly time: number;
  /** When it came, by the clock of {@link EventOrder.take}. */
  readonly arrivedMs: number;
}

/** Holds items back for a moment, and gives them in their order. */
export class EventOrder<Item> {
  #waiting: Waiting<Item>[] = [];
  /** Items that have no time: they stay before what came after them. */
  #untimed: Item[] = [];
  #latest = -Infinity;

  constructor(readonly holdMs: number = HOLD_MS) {}

  /** Takes an item that happened at `time`, null where nobody knows when. */
  add(item: Item, time: number | null, nowMs: number): void {
    if (time === null) {
      this.#untimed.push(item);
      return;
    }
    this.#place(time, nowMs);
    this.#waiting.push({ item, time, arrivedMs: nowMs });
    this.#latest = Math.max(this.#latest, time);
  }

  /** The items that have waited long enough, with those before them; all with `nowMs` Infinity. */
  take(nowMs: number): Item[] {
    this.#place(this.#latest, nowMs);
    const waiting = this.#waiting.sort((a, b) => a.time - b.time);
    const isDue = ({ arrivedMs }: Waiting<Item>) => nowMs === Infinity || nowMs - arrivedMs >= this.holdMs;
    const count = waiting.findLastIndex(isDue) + 1;
    this.#waiting = waiting.slice(count);
    return waiting.slice(0, count).map(({ item }) => item);
  }

  #place(time: number, nowMs: number): void {
    for (const item of this.#untimed) this.#waiting.push({ item, time, arrivedMs: nowMs });
    this.#untimed = [];
  }
}
