/**
 * The JSON interface: `/api/v1/trees` and `/api/v1/events`; `docs/api.md` describes it.
 *
 * @module
 */

import type { Context } from "hono";
import { BUCKET_BOUNDS } from "../../../fingerprint/mod.ts";
import { type Scraper, wantsEventStream } from "../../exposition/mod.ts";
import type { Feed } from "./feed.ts";
import { HISTORY_CAPACITY } from "./history.ts";
import { type ProcessesJson, processesJson, treeOfAddress } from "./processes.ts";
import { healthJson, recentJson, treeJson } from "./trees.ts";

export interface ApiOptions {
  readonly scraper: Scraper;
  readonly feed: Feed;
  readonly health: { notReady(): string | undefined };
}

/** Events of an answer unless told otherwise. */
const DEFAULT_LIMIT = 100;

/** Media type of an answer that goes on until its client leaves. */
export const EVENT_STREAM = "text/event-stream";

const STREAM_HEADERS = {
  "Content-Type": EVENT_STREAM,
  // Compressing would hold messages back.
  "Cache-Control": "no-store, no-transform",
};

const limitOf = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= HISTORY_CAPACITY ? Number(text) : undefined;
const switchOf = (text: string): boolean | undefined => text === "true" ? true : text === "false" ? false : undefined;

/** Events of a tree that are told of. */
const NEAR_EVENTS = 20;

/** A tree from near; undefined where the registry has no such tree. */
export async function nearTree(
  { scraper, feed }: Pick<ApiOptions, "scraper" | "feed">,
  path: string,
): Promise<ProcessesJson | undefined> {
  const { registry } = scraper, tree = registry.find(path);
  if (tree === undefined) return undefined;
  const running = await scraper.running(tree);
  return processesJson(tree, registry, { running, events: feed.eventsOf(tree.path, NEAR_EVENTS) });
}

/** Answers with events: those that there are, or a stream of those that come. */
async function answerEvents(context: Context, feed: Feed, refresh: () => Promise<void>): Promise<Response> {
  const limit = limitOf(context.req.query("limit") ?? String(DEFAULT_LIMIT));
  if (limit === undefined) {
    return context.text(`Cannot use this limit: want a whole number from 1 to ${HISTORY_CAPACITY}\n`, 400);
  }
  const trees = switchOf(context.req.query("trees") ?? "false");
  if (trees === undefined) return context.text("Cannot use this value of trees: want true or false\n", 400);
  const lastId = context.req.header("last-event-id") ?? context.req.query("after");
  context.header("Vary", "Accept, Last-Event-ID");
  if (wantsEventStream(context.req.header("accept"))) {
    if (context.req.method === "HEAD") return context.body(null, 200, STREAM_HEADERS);
    const peer = (context.env as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>> | undefined)?.remoteAddr?.hostname;
    const stream = feed.subscribe({ trees, limit, lastId }, peer);
    if (stream === undefined) {
      return context.text("Cannot answer: too many listeners are there already; try again later\n", 503);
    }
    return context.body(stream, 200, STREAM_HEADERS);
  }
  feed.touch();
  await refresh();
  const { events, skipped } = feed.events(limit, lastId);
  return context.json({
    time: Date.now() / 1000,
    /** Unix time since which events are recorded, seconds. */
    recording_since: feed.sinceMs! / 1000,
    /** Value of `Last-Event-ID` or `after` for what follows. */
    last_id: feed.id,
    /** Events after the one asked for, or of the recording, that are not among these. */
    skipped,
    /** Oldest first. */
    events,
  });
}

export function apiRoutes(
  { scraper, feed, health }: ApiOptions,
): Record<string, (context: Context) => Promise<Response>> {
  const notReady = () => health.notReady();
  // Before it is ready the reading thread may be busy with its first scan.
  const refresh = async () => {
    if (notReady() === undefined) await scraper.refresh();
  };
  return {
    "/api/v1/trees": async (context) => {
      await refresh();
      const { registry } = scraper;
      return context.json({
        /** Unix time of the answer, seconds. */
        time: Date.now() / 1000,
        /** Upper bounds of the buckets of `seconds`, in seconds; one more bucket has none. */
        bucket_bounds: BUCKET_BOUNDS,
        recent: recentJson(registry),
        health: healthJson(registry, notReady()),
        /** In the order of their paths. */
        trees: registry.trees.map((tree) => treeJson(tree, registry)),
      });
    },
    "/api/v1/trees/*": async (context) => {
      feed.touch();
      await refresh();
      const path = treeOfAddress(context.req.path), near = path && await nearTree({ scraper, feed }, path);
      if (!near) return context.text("Not found: no tree with this path has series\n", 404);
      return context.json({ time: Date.now() / 1000, ...near });
    },
    "/api/v1/events": (context) => answerEvents(context, feed, refresh),
  };
}
