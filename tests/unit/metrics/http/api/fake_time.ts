/**
 * Time that passes when a test says so, for `setInterval`.
 *
 * @module
 */

import { setImmediate } from "node:timers";

export class FakeTime implements Disposable {
  nowMs = 1_800_000_000_000;
  readonly #intervals = new Map<number, { readonly everyMs: number; dueMs: number; readonly run: () => void }>();
  readonly #real = [globalThis.setInterval, globalThis.clearInterval] as const;
  #last = 0;

  constructor() {
    globalThis.setInterval = ((run: () => void, everyMs: number) => {
      this.#intervals.set(++this.#last, { everyMs, dueMs: this.nowMs + everyMs, run });
      return this.#last;
    }) as unknown as typeof setInterval;
    globalThis.clearInterval = ((id: number) => this.#intervals.delete(id)) as typeof clearInterval;
  }

  /** Lets time pass, and what follows from it happen. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.nowMs + milliseconds;
    for (;;) {
      const due = [...this.#intervals.values()].filter(({ dueMs }) =>
        dueMs <= end
      ).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined) break;
      this.nowMs = due.dueMs;
      due.dueMs += due.everyMs;
      due.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = end;
  }

  [Symbol.dispose](): void {
    [globalThis.setInterval, globalThis.clearInterval] = this.#real;
  }
}
