/**
 * The page at `/` for a browser: the forest, the last launches and endings, the health. It works without its script.
 *
 * Everything in it is escaped: a path holds what any user of the machine called a program.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { raw } from "hono/html";
import { type EventJson, type HealthJson, parentPath, type TreeJson } from "../api/mod.ts";
import { forestOf } from "./forest.ts";
import { clockText, countText, endingText, healthTexts, launchBadges, SCRIPT } from "./browser/mod.ts";
import { STYLE } from "./style.ts";
import { Badges, TreeItem } from "./tree_row.tsx";

/** Trees a page shows; the filter finds the others. */
export const MOST_TREES = 2000;

/** What the page shows. */
export interface PageContent {
  /** Where it was asked for, for its title. */
  readonly host: string;
  readonly version: string;
  readonly telemetryPath: string;
  readonly health: HealthJson;
  /** In the order of their paths. */
  readonly trees: readonly TreeJson[];
  /** The last launches and endings, oldest first. */
  readonly events: readonly EventJson[];
  /** What the reader looks for in the paths; empty for all. */
  readonly filter: string;
  /** Id of the message after which the script's goes on; undefined to begin with all trees. */
  readonly after: string | undefined;
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

const HEALTH_NAMES: readonly (readonly [key: string, name: string, title: string])[] = [
  ["ready", "State", ""],
  ["lost", "Lost", "Messages that the kernel dropped"],
  ["processes", "Processes", "Processes in the table"],
  ["trees", "Trees", "Trees that have series, and the limit (--trees.max)"],
  ["collapsed", "Over the limit", "Launches counted under other"],
  ["resyncs", "Resyncs", "Comparisons with /proc after a loss, and new subscriptions after a silence"],
  ["boost", "Boost", "Scheduling of the reading thread"],
];

function Health({ health }: { readonly health: HealthJson }) {
  const texts = healthTexts(health);
  return (
    <dl>
      {HEALTH_NAMES.map(([key, name, title]) => {
        const [text, isBad] = texts[key]!;
        return (
          <div title={title || undefined}>
            <dt>{name}</dt>
            <dd data-health={key} class={isBad ? "bad" : ""}>{text}</dd>
          </div>
        );
      })}
      <div title="Where events come from">
        <dt>Sources</dt>
        <dd>
          {Object.entries(health.sources).map(([name, isUp]) => (
            <i data-source={name} class={isUp ? "on" : "off"}>{name}</i>
          ))}
        </dd>
      </div>
    </dl>
  );
}

/** A line of the feed, as the script writes them too. */
function FeedLine({ event }: { readonly event: EventJson }) {
  const isFailed = ["error", "signal", "core"].includes(event.outcome ?? "");
  const rest = endingText({ ...event, outcome: "" });
  const iso = event.time === null ? undefined : new Date(event.time * 1000).toISOString();
  return (
    <li class={isFailed ? "failed" : event.type}>
      {iso === undefined ? <time /> : <time datetime={iso}>{clockText(event.time!)}</time>}
      <span>
        <b>{event.outcome ?? event.type}</b>
        {rest === "" ? "" : ` · ${rest}`}
        <Badges badges={launchBadges(event)} />
      </span>
      <i>{event.pid}</i>
      <code>{event.tree}</code>
    </li>
  );
}

/** The trees that the page shows, those above them included, and how many match. */
function selected(trees: readonly TreeJson[], filter: string): { shown: readonly TreeJson[]; matching: number } {
  const wanted = filter.trim().toLowerCase();
  const matching = wanted === "" ? trees : trees.filter(({ path }) => path.toLowerCase().includes(wanted));
  const shown = matching.slice(0, MOST_TREES);
  if (wanted === "") return { shown, matching: matching.length };
  const above = new Set<string>();
  for (const { path } of shown) {
    for (let at = parentPath(path); at !== null && !above.has(at); at = parentPath(at)) above.add(at);
  }
  const found = new Set(shown);
  return {
    shown: [...shown, ...trees.filter((tree) => above.has(tree.path) && !found.has(tree))],
    matching: matching.length,
  };
}

/** The page. */
export function renderPage(content: PageContent): string {
  const { host, version, telemetryPath, health, trees, events, filter, after, nowSeconds } = content;
  const { shown, matching } = selected(trees, filter);
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
          <span id="state">as of the last load</span>
          <nav>
            <a href={telemetryPath}>Metrics</a>
            <a href="/api/v1/trees">Trees</a>
            <a href="/api/v1/events">Events</a>
            <a href="/-/healthy">Health</a>
            <span>{version}</span>
          </nav>
        </header>
        <Health health={health} />
        <main>
          <section aria-label="Forest">
            <div class="bar">
              <h2>Process trees</h2>
              <form method="get" action="/">
                <input
                  id="filter"
                  name="q"
                  type="search"
                  value={filter}
                  placeholder="Filter by any part of a tree"
                  aria-label="Filter trees"
                  autocomplete="off"
                />
              </form>
              <span id="matches" role="status">
                {matching > MOST_TREES || filter !== ""
                  ? `${countText(Math.min(matching, MOST_TREES))} of ${countText(trees.length)}`
                  : ""}
              </span>
              <button id="expand" type="button" hidden>Expand all</button>
              <button id="collapse" type="button" hidden>Collapse all</button>
            </div>
            <div class="head" aria-hidden="true">
              <span>Tree</span>
              <span>Running</span>
              <span>Launches</span>
              <span>Failed</span>
              <span title="How often each run time: from 1 ms on the left to more than a day on the right; and the mean">
                Run time, 1 ms – 1 d
              </span>
              <span title="CPU time of finished processes">CPU</span>
              <span title="Time since the first launch">Seen</span>
            </div>
            <ul id="forest" data-most={String(MOST_TREES)} data-after={after}>
              {forestOf(shown).map((node) => <TreeItem node={node} depth={0} nowSeconds={nowSeconds} />)}
            </ul>
            <p id="none" class="note" hidden={shown.length > 0}>
              {filter === "" ? "No launch yet." : "No tree matches."}
            </p>
          </section>
          <aside aria-label="Last launches and endings">
            <div class="bar">
              <h2>Launches and endings</h2>
            </div>
            <ol id="feed" tabindex={0}>
              {events.length === 0 ? <li class="calm">None since this page was opened.</li> : ""}
              {events.toReversed().map((event) => <FeedLine event={event} />)}
            </ol>
            <noscript>
              <p class="note">Without JavaScript the page is as of its last load.</p>
            </noscript>
          </aside>
        </main>
        <template id="item">
          <TreeItem
            node={{ path: "", label: "", random: false, tree: undefined, children: [] }}
            depth={0}
            nowSeconds={nowSeconds}
          />
        </template>
        <script>{raw(SCRIPT)}</script>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${page.toString()}`;
}
