/**
 * Takes down the launches that an exporter tells, so that each can be found by its process.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Exporter } from "../exporter.ts";
import { labelOf } from "./technique.ts";

/** How often it asks: the exporter keeps the last 1,000 events. */
const PAUSE_MS = 100;

/** What an event of the API has that is looked at here. */
interface Event {
  readonly seq: number;
  readonly type: "launch" | "ending" | "correction" | "flags";
  readonly pid: number;
  readonly tree: string;
  readonly flags?: readonly string[];
  readonly outcome?: string;
}

/** Use it with `await using`. */
export class Recorder implements AsyncDisposable {
  readonly #exporter: Exporter;
  readonly #events: Event[] = [];
  #last = "0";
  #isStopped = false;
  #done: Promise<void> | undefined;

  private constructor(exporter: Exporter) {
    this.#exporter = exporter;
  }

  /** Begins; what is launched after that is taken down. */
  static async start(exporter: Exporter): Promise<Recorder> {
    const recorder = new Recorder(exporter);
    await recorder.#read();
    recorder.#done = recorder.#record();
    recorder.#done.catch(() => {}); // the end throws it
    return recorder;
  }

  async #record(): Promise<void> {
    while (!this.#isStopped) {
      await this.#read();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #read(): Promise<void> {
    const { status, text } = await this.#exporter.get(`/api/v1/events?limit=1000&after=${this.#last}`);
    assert.equal(status, 200, `${text}\n${this.#exporter.log.join("\n")}`);
    const { events, last_id, skipped } = JSON.parse(text) as { events: Event[]; last_id: string; skipped: number };
    assert.ok(skipped === 0 || this.#events.length === 0, `${skipped} events missed`);
    this.#events.push(...events);
    this.#last = last_id;
  }

  /**
   * The last launch of a process below a marker; undefined where none was told. `passing` is the label of an earlier one that is
   * preferred.
   */
  launch(pid: number, marker: string, passing?: RegExp): Event | undefined {
    const launches: Event[] = [];
    for (const event of this.#events) {
      if (event.pid !== pid || event.type === "ending" || event.type === "flags") continue;
      if (event.type === "correction") launches.pop();
      if (`${event.tree}/`.includes(`/${marker}/`)) launches.push(event);
    }
    return launches.find(({ tree }) => passing?.test(labelOf(tree))) ?? launches.at(-1);
  }

  /** Whether a process was launched and has ended, for all that was told. */
  hasEnded(pid: number): boolean {
    const last = this.#events.findLast((event) =>
      event.pid === pid && (event.type === "launch" || event.type === "ending")
    );
    return last?.type === "ending" && last.outcome !== "exec";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }
}
