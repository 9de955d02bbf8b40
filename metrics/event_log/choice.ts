/**
 * Which events the event log has, and why.
 *
 * @module
 */

import { EventField, EventKind, ORDINARY } from "../../fingerprint/mod.ts";
import type { EventJson } from "../http/api/mod.ts";
import { type BaselineMode, type EventTree, isLaunchExpected, type Judged } from "../registry/mod.ts";

/**
 * What makes a launch worth a line: a grave flag; that it is the first of its tree (or of its name, where that has no tree of its
 * own); that the baseline doesn't expect it.
 */
export const LOG_REASONS = ["flagged", "new", "unexpected"] as const;
export type LogReason = (typeof LOG_REASONS)[number];

/** What a person may ask for: launches by reason, or all launches and endings. */
export type LogWish = LogReason | "all";

/** An event as a line has it; `docs/api.schema.json` describes it. */
export interface EventLine extends EventJson {
  /** Why the log has it: of a launch and of further flags of one, none of an ending. */
  readonly reasons?: readonly LogReason[];
}

/** A tree of which no baseline says anything. */
const UNJUDGED: Judged = { expected: undefined, unexpectedFlags: 0 };

/** Names and launches that are remembered. */
const MOST_REMEMBERED = 1024;

/** Adds to a set; the oldest member leaves one that is full. Whether it wasn't there before. */
function remember<Type>(set: Set<Type>, member: Type): boolean {
  if (set.has(member)) return false;
  if (set.size >= MOST_REMEMBERED) set.delete(set.values().next().value!);
  set.add(member);
  return true;
}

/** What is true of a launch, in the order of the schema. `isNew`: nothing like it was launched before. */
function reasonsOf(flags: number, tree: Judged, isNew: boolean): LogReason[] {
  const reasons: LogReason[] = [];
  if ((flags & ~ORDINARY) !== 0) reasons.push("flagged");
  if (isNew) reasons.push("new");
  if (isLaunchExpected(tree, flags) === false) reasons.push("unexpected");
  return reasons;
}

/** Chooses events. */
export class Choice {
  readonly #wanted: ReadonlySet<LogWish>;
  /** Programs without a tree of their own that were told of. */
  readonly #places = new Set<string>();
  /** Launches that were told of, by process: they may be corrected. */
  readonly #told = new Set<number>();
  readonly #isShadow: boolean;

  /** In `shadow` mode that the baseline doesn't expect a launch is no reason. */
  constructor(wanted: Iterable<LogWish>, mode: BaselineMode = "enforce") {
    this.#wanted = new Set(wanted);
    this.#isShadow = mode === "shadow";
  }

  /**
   * The reasons to tell of an event, none with `all` alone; undefined where it isn't wanted. `place` is where its program would
   * stand, had there been room for its tree.
   */
  reasons(event: Float64Array, tree: EventTree, place: string | undefined): readonly LogReason[] | undefined {
    const isAll = this.#wanted.has("all"), kind = event[EventField.Kind]!, pid = event[EventField.Pid]!;
    if (kind === EventKind.Correction) return this.#told.delete(pid) || isAll ? [] : undefined;
    if (kind !== EventKind.Launch && kind !== EventKind.Flags) return isAll ? [] : undefined;
    const isLaunch = kind === EventKind.Launch;
    const isNew = isLaunch &&
      (place === undefined ? tree.firstSeen === event[EventField.UnixSeconds] : remember(this.#places, place));
    const reasons = reasonsOf(event[EventField.Flags]!, this.#isShadow ? UNJUDGED : tree, isNew);
    if (!isAll && !reasons.some((reason) => this.#wanted.has(reason))) return undefined;
    if (!isLaunch) return reasons;
    this.#told.delete(pid); // the newest last
    remember(this.#told, pid);
    return reasons;
  }
}
