/**
 * What a feed is made of, what its subscribers want, and what they are sent.
 *
 * @module
 */

import type { Scraper } from "../../exposition/mod.ts";
import type { Recorder } from "./history.ts";
import type { HealthJson, RecentJson, TreeJson } from "./trees.ts";

export interface FeedOptions {
  readonly scraper: Pick<Scraper, "refresh" | "registry">;
  /** Gets the registry's events. */
  readonly recorder: Recorder;
  readonly notReady: () => string | undefined;
  /** Whether events are wanted. */
  readonly listen: (isOn: boolean) => void;
  /** Told when a stream is refused: there are too many, in all or of a peer. */
  readonly reached?: (limit: "streams" | "streamsOfPeer", peer: string | undefined) => void;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
}

export interface Wanted {
  /** Whether the changed trees and the health too. */
  readonly trees: boolean;
  /** Events a message has at most; the others are counted. */
  readonly limit: number;
  /** Id of the last message that it has; see {@link Feed.id}. */
  readonly lastId: string | undefined;
}

/** Message `trees`. */
export interface TreesMessage {
  /** Whether these are all trees, instead of those that changed. */
  readonly complete: boolean;
  readonly trees: readonly TreeJson[];
  /** Paths of trees that left. */
  readonly removed: readonly string[];
  readonly recent: RecentJson;
  readonly health: HealthJson;
}

/** Who reads a stream, and how far it is. */
export interface Subscriber {
  readonly wanted: Wanted;
  /** Its address; undefined where that isn't known. */
  readonly peer: string | undefined;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** How far it is: number of the last event, generation of the registry; -1: it has no trees yet. */
  seq: number;
  generation: number;
  sentMs: number;
  /** Events since the last message with everything. */
  sent: number;
}

/** A server-sent event. */
export function message(event: string, data: unknown, id: string): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
