/**
 * From events to lines, wherever they come from: which are wanted, in which order, one a process or one an event.
 *
 * @module
 */

import { FLAGS } from "../../fingerprint/mod.ts";
import type { TraceOptions } from "../command_line/mod.ts";
import type { EventJson } from "../http/api/mod.ts";
import { type ProcessLine, ProcessLines } from "../http/page/browser/mod.ts";
import type { ContextFilter } from "./context_filter.ts";
import { EventOrder } from "./event_order.ts";
import type { LineWriter, SeenEvent } from "./trace_lines.ts";
import type { TreeFilter } from "./tree_filter.ts";

/** Processes that are remembered; one that runs while so many others begin loses its launch. */
const MOST_REMEMBERED = 1024;

export type TraceWish = Pick<TraceOptions, "kinds" | "launchFlags" | "joined"> & {
  readonly filter: TreeFilter | undefined;
  /** Trees that aren't, whatever the filter says. */
  readonly exclude: readonly TreeFilter[];
  /** Whose, and where. */
  readonly context: ContextFilter | undefined;
};

export class TraceWriter {
  readonly #wish: TraceWish;
  readonly #line: LineWriter;
  readonly #order: EventOrder<SeenEvent>;
  readonly #processes: ProcessLines | undefined;
  /** Names of the flags of which a launch must have one; undefined for any launch, and any ending. */
  readonly #flags: ReadonlySet<string> | undefined;
  /** Processes whose last launch has a wanted context: what follows on a launch doesn't tell its own. */
  readonly #launched = new Set<number>();

  constructor(wish: TraceWish, line: LineWriter, holdMs?: number) {
    this.#wish = wish;
    this.#line = line;
    this.#order = new EventOrder(holdMs);
    this.#processes = wish.joined ? new ProcessLines(MOST_REMEMBERED) : undefined;
    const bits = wish.launchFlags.reduce((bits, some) => bits | some, 0);
    this.#flags = bits === 0 ? undefined : new Set(FLAGS.filter((_, i) => (bits & 1 << i) !== 0));
  }

  /** Takes what happened; `nowMs` is a clock that never goes back. */
  add(event: SeenEvent, nowMs: number): void {
    if (event.type === "launch") this.#remember(event);
    if (event.type === "skipped" || event.type === "lost") this.#order.add(event, null, nowMs);
    else if (this.#processes !== undefined || this.#isWanted(event)) this.#order.add(event, event.time, nowMs);
  }

  /** The lines of what has waited long enough; of all with `nowMs` Infinity, those of processes that still run included. */
  take(nowMs: number): string {
    let text = "";
    for (const event of this.#order.take(nowMs)) {
      if (this.#processes === undefined || event.type === "skipped" || event.type === "lost") text += this.#line(event);
      else text += this.#join(event, this.#processes);
    }
    if (nowMs === Infinity) {
      for (const process of this.#processes?.lines.toReversed() ?? []) {
        if (process.images.at(-1)?.ending === undefined) text += this.#processText(process);
      }
    }
    return text;
  }

  /** The line of a process that ended, or further flags of one that has ended before; nothing for any other event. */
  #join(event: EventJson, processes: ProcessLines): string {
    processes.add([event]);
    const process = processes.lines.find(({ pid }) => pid === event.pid);
    if (event.type === "flags") {
      const runs = process !== undefined && process.images.at(-1)?.ending === undefined;
      return runs || !this.#isWanted(event) ? "" : this.#line(event);
    }
    if (event.type !== "ending" || event.outcome === "exec") return "";
    return process === undefined ? "" : this.#processText(process);
  }

  #processText(process: ProcessLine): string {
    const { pid, images } = process, last = images.at(-1);
    const { context } = this.#wish;
    const isWanted = images.some(({ tree, launch, ending }) =>
      this.#isTreeWanted(tree) && (context?.(launch ?? ending ?? {}) ?? true) &&
      (this.#flags === undefined || launch?.flags?.some((flag) => this.#flags!.has(flag)) === true)
    );
    if (!isWanted || last === undefined) return "";
    return this.#line({ type: "process", time: last.ending?.time ?? process.time, pid, images });
  }

  #isWanted(event: EventJson): boolean {
    const { kinds } = this.#wish, isEnding = event.type === "ending";
    if (this.#flags !== undefined) {
      if (event.flags?.some((flag) => this.#flags!.has(flag)) !== true) return false;
    } else if (kinds !== "all" && isEnding !== (kinds === "endings")) return false;
    return this.#isTreeWanted(event.tree) && this.#isContextWanted(event);
  }

  #isContextWanted(event: EventJson): boolean {
    if (event.type === "launch" || event.type === "ending") return this.#wish.context?.(event) ?? true;
    return this.#wish.context === undefined || this.#launched.has(event.pid);
  }

  #remember(launch: EventJson): void {
    const { context } = this.#wish, launched = this.#launched;
    if (context === undefined) return;
    launched.delete(launch.pid); // the newest last
    if (!context(launch)) return;
    if (launched.size >= MOST_REMEMBERED) launched.delete(launched.values().next().value!);
    launched.add(launch.pid);
  }

  #isTreeWanted(tree: string): boolean {
    const { filter, exclude } = this.#wish;
    return (filter?.(tree) ?? true) && !exclude.some((leftOut) => leftOut(tree));
  }
}
