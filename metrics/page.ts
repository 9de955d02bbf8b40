/**
 * The page at `/` for a browser: state, links, and the trees. Plain HTML that needs no script.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { Column, Stat } from "./fingerprint.ts";
import type { Registry, Tree } from "./registry.ts";

/** What the page shows. */
export interface PageContent {
  readonly registry: Registry;
  readonly version: string;
  readonly telemetryPath: string;
  /** Why the exporter isn't ready; undefined once it is. */
  readonly notReady: string | undefined;
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .25rem .5rem; text-align: right; }
th:first-child, td:first-child { overflow-wrap: anywhere; text-align: left; }
dt { float: left; clear: left; width: 12rem; }
`;

/** Header Content-Security-Policy of the page: its own style, and nothing else from anywhere. */
export function pagePolicy(): string {
  const style = createHash("sha256").update(STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function sourcesText(stats: Float64Array): string {
  const sources = { connector: Stat.ConnectorUp, taskstats: Stat.TaskstatsUp, "/proc": Stat.ProcfsUp };
  const up = Object.entries(sources).filter(([, index]) => stats[index] === 1).map(([name]) => name);
  return up.length === 0 ? "none" : up.join(", ");
}

function treeRow({ path, random, at }: Tree, rows: Float64Array) {
  const failed = rows[at + Column.Exits + 1]! + rows[at + Column.Exits + 2]! + rows[at + Column.Exits + 3]!;
  return html`
    <tr>
      <td>${path}${random ? " (random)" : ""}</td>
      <td>${rows[at + Column.Running]}</td>
      <td>${rows[at + Column.Launches]}</td>
      <td>${failed}</td>
    </tr>
  `;
}

/** The page. Everything in it is escaped: a path holds what any user of the machine called a program. */
export async function renderPage({ registry, version, telemetryPath, notReady }: PageContent): Promise<string> {
  const { trees, rows, stats } = registry;
  const lost = stats[Stat.LostExecs]! + stats[Stat.LostLifecycle]! + stats[Stat.LostRecords]!;
  const page = await html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>cnproc-exporter</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <h1>cnproc-exporter</h1>
        <dl>
          <dt>State</dt>
          <dd>${notReady === undefined ? "ready" : `not ready: ${notReady}`}</dd>
          <dt>Version</dt>
          <dd>${version}</dd>
          <dt>Sources</dt>
          <dd>${sourcesText(stats)}</dd>
          <dt>Messages lost</dt>
          <dd>${lost}</dd>
          <dt>Processes</dt>
          <dd>${stats[Stat.Processes]}</dd>
        </dl>
        <p><a href="${telemetryPath}">Metrics</a> · <a href="/-/healthy">Health</a> · <a href="/-/ready">Readiness</a></p>
        <table>
          <thead>
            <tr>
              <th>Tree</th>
              <th>Running</th>
              <th>Launches</th>
              <th>Failures</th>
            </tr>
          </thead>
          <tbody>${trees.map((tree) => treeRow(tree, rows))}</tbody>
        </table>
      </body>
    </html>
  `;
  return page.toString().trim();
}
