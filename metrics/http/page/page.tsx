/**
 * The page at `/` for a browser: what is odd, the forest, the last processes, the health. It works without its script.
 *
 * Everything in it is escaped: a path holds what any user of the machine called a program.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { raw } from "hono/html";
import type { EventJson, HealthJson, ProcessesJson, RecentJson, TreeJson } from "../api/mod.ts";
import {
  arranged,
  detailView,
  emptyText,
  factsAt,
  factsOf,
  feedView,
  headView,
  healthView,
  isEverything,
  matchesText,
  ProcessLines,
  pulseView,
  rowView,
  SCRIPT,
  type Selection,
  shownBy,
  stripView,
} from "./browser/mod.ts";
import { Shown } from "./render.tsx";
import { STYLE } from "./style.ts";

/** Rows a page shows; the filter finds the others. */
export const MOST_ROWS = 2000;

/** What the page shows. */
export interface PageContent {
  /** Where it was asked for, for its title. */
  readonly host: string;
  readonly version: string;
  readonly telemetryPath: string;
  readonly health: HealthJson;
  readonly trees: readonly TreeJson[];
  readonly recent: RecentJson;
  readonly hasBaseline: boolean;
  /** The last launches and endings, oldest first. */
  readonly events: readonly EventJson[];
  readonly selection: Selection;
  /** The tree that is opened, where there is one. */
  readonly opened: ProcessesJson | undefined;
  /** Id of the message after which the script's goes on: before the events, and before all trees. */
  readonly after: string;
  readonly nowSeconds: number;
}

const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 2v11h4M3 5h4M3 9h7" fill="none" stroke="#3a6ea8" ' +
    'stroke-width="1.8"/><circle cx="11" cy="5" r="2" fill="#15803d"/></svg>',
);

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Header Content-Security-Policy of the page: its own style and script, its own events, and nothing from anywhere else. */
export function pagePolicy(): string {
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The filter; what else is selected goes with it where the form is sent. */
function Filter({ selection, matches }: { readonly selection: Selection; readonly matches: string }) {
  const { text, kind, sort, isRising } = selection;
  return (
    <form id="search" method="get" action="/" role="search">
      {kind === "" ? "" : <input type="hidden" name="kind" value={kind} />}
      {sort === "tree" && !isRising ? "" : <input type="hidden" name="sort" value={sort + (isRising ? ".up" : "")} />}
      <input
        id="filter"
        name="q"
        type="search"
        value={text}
        placeholder="Filter: part of a tree, or a kind  ( / )"
        aria-label="Filter trees and processes"
        autocomplete="off"
      />
      <span id="matches" role="status">{matches}</span>
    </form>
  );
}

/** The rows that the page has, and what is to be said of them. */
function selected(content: PageContent) {
  const { trees, selection, opened, nowSeconds: now } = content;
  const byPath = new Map(trees.map((tree) => [tree.path, tree]));
  const facts = trees.map((tree) => factsAt(factsOf(tree), now));
  const byFacts = new Map(facts.map((tree) => [tree.path, tree]));
  const places = arranged(facts, selection),
    { shown, matching } = shownBy(places, selection, (path) => byFacts.get(path));
  const rows = places.filter(({ path }) => shown.has(path)), cut = rows.slice(0, MOST_ROWS);
  return {
    facts,
    matches: matchesText(matching.size, trees.length),
    isPart: places.length > MOST_ROWS,
    isEmpty: rows.length === 0,
    rows: cut.map((place) => (
      <>
        <Shown
          view={rowView(place, byPath.get(place.path), {
            selection,
            isFolded: false,
            untilSeconds: content.recent.until,
            now,
          })}
        />
        {place.path === opened?.tree.path ? <Shown view={detailView(opened, now)} /> : ""}
      </>
    )),
  };
}

/** The page. */
export function renderPage(content: PageContent): string {
  const { host, version, telemetryPath, health, events, selection, after, hasBaseline } = content;
  const { facts, matches, isPart, isEmpty, rows } = selected(content);
  const lines = new ProcessLines(events.length);
  lines.add(events);
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{host === "" ? "cnproc-exporter" : `${host} · cnproc-exporter`}</title>
        <link rel="icon" href={ICON} />
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>
            cnproc-exporter<small>{host}</small>
          </h1>
          <span id="state" role="status">as of the last load</span>
          <nav aria-label="Interfaces">
            <a href={telemetryPath}>Metrics</a>
            <a href="/api/v1/trees">Trees</a>
            <a href="/api/v1/events">Events</a>
            <a href="/-/healthy">Health</a>
            <span>{version}</span>
          </nav>
        </header>
        <main>
          <section id="trees" aria-label="Process trees">
            <Shown view={stripView(facts, selection, hasBaseline)} />
            <div class="bar">
              <Filter selection={selection} matches={matches} />
              <button id="expand" type="button" hidden>Unfold all</button>
              <button id="collapse" type="button" hidden>Fold all</button>
            </div>
            <div
              id="forest"
              role="treegrid"
              aria-label="Process trees"
              data-part={isPart ? "true" : undefined}
              data-baseline={hasBaseline ? "true" : undefined}
              data-after={after}
            >
              <div role="rowgroup">
                <Shown view={headView(selection)} />
              </div>
              <div id="rows" role="rowgroup">{rows}</div>
            </div>
            <p id="none" class="note" hidden={!isEmpty}>{emptyText(isEverything(selection))}</p>
          </section>
          <section id="news" aria-label="Launches and endings">
            <div class="bar">
              <h2>Launches</h2>
              <Shown view={pulseView(content.recent, content.nowSeconds)} />
              <button id="pause" type="button" aria-pressed="false" hidden>Pause</button>
            </div>
            <Shown view={feedView(lines.lines, 0, "None since this page was opened.")} />
            <noscript>
              <p class="note">Without JavaScript the page is as of its last load.</p>
            </noscript>
          </section>
          <Shown view={healthView(health)} />
        </main>
        <script>{raw(SCRIPT)}</script>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${page.toString()}`;
}
