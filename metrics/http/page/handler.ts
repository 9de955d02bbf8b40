/**
 * Answers a browser with the page.
 *
 * @module
 */

import type { Context } from "hono";
import { type ApiOptions, healthJson, nearTree, recentJson, treeJson } from "../api/mod.ts";
import { selectionOf } from "./browser/mod.ts";
import { pagePolicy, renderPage } from "./page.tsx";

/** Launches and endings that a page starts with. */
const EVENTS = 60;
/** Characters of a host name that are taken. */
const MOST_HOST = 200;

export interface PageOptions extends ApiOptions {
  readonly telemetryPath: string;
  readonly version: string;
}

/** Answers with the page. Its address has what is selected: `/?q=…&kind=…&sort=…`. */
export function pageHandler(options: PageOptions): (context: Context) => Promise<Response> {
  const { scraper, feed, health, telemetryPath, version } = options;
  const policy = pagePolicy();
  return async (context) => {
    const notReady = health.notReady();
    // The script asks next: what happens meanwhile is kept for it.
    feed.touch();
    // Before it is ready the reading thread may be busy with its first scan: the page comes at once and says so.
    if (notReady === undefined) await scraper.refresh();
    const { registry } = scraper, { events } = feed.events(EVENTS);
    const selection = selectionOf((name) => context.req.query(name));
    const opened = notReady === undefined && selection.open !== ""
      ? await nearTree({ scraper, feed }, selection.open)
      : undefined;
    const page = renderPage({
      host: (context.req.header("host") ?? "").slice(0, MOST_HOST),
      version,
      telemetryPath,
      health: healthJson(registry, notReady),
      trees: registry.trees.map((tree) => treeJson(tree, registry)),
      recent: recentJson(registry),
      hasBaseline: registry.hasExpectation,
      events,
      selection,
      opened,
      after: feed.idBefore(events),
      nowSeconds: Date.now() / 1000,
    });
    return context.html(page, 200, { "Content-Security-Policy": policy });
  };
}
