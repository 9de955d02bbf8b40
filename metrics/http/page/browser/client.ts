/**
 * The page's script: keeps the rows up to date by server-sent events, filters, and moves by keyboard. The page works without.
 *
 * It runs in the browser: `deno task page` bundles it with what it imports into `bundle.ts`. Texts from the server become text
 * nodes and attributes, never HTML.
 *
 * @module
 */

import type { HealthJson } from "../../api/mod.ts";
import { find, page, say } from "./dom.ts";
import { FeedView, MOST_LINES } from "./feed_view.ts";
import { ForestView } from "./forest_view.ts";
import { healthTexts } from "./format.ts";
import { listenToKeys } from "./keyboard.ts";

const forest = new ForestView(), feed = new FeedView(), state = find("#state");

function showHealth(health: HealthJson): void {
  for (const [key, [text, isBad]] of Object.entries(healthTexts(health))) {
    const cell = find(`[data-health=${key}]`);
    say(cell, text);
    cell.classList.toggle("bad", isBad);
  }
  for (const [key, isUp] of Object.entries(health.sources)) {
    find(`[data-source=${key}]`).className = isUp ? "on" : "off";
  }
}

function showState(isLive: boolean): void {
  state.className = isLive ? "live" : "away";
  say(state, isLive ? "live" : "reconnecting …");
}

listenToKeys(() => forest.select());
find("#filter").closest("form")!.addEventListener("submit", (event) => event.preventDefault());
for (const [id, isOpen] of [["#expand", true], ["#collapse", false]] as const) {
  find(id).addEventListener("click", () => {
    for (const details of find("#forest").querySelectorAll("details")) details.open = isOpen;
  });
  find(id).hidden = false;
}

const after = forest.after === undefined ? "" : `&after=${forest.after}`;
const source = new page.EventSource(`/api/v1/events?trees=true&limit=${MOST_LINES}${after}`);
source.addEventListener("open", () => showState(true));
source.addEventListener("error", () => showState(false));
source.addEventListener("trees", ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data);
  forest.update(message);
  showHealth(message.health);
});
source.addEventListener("events", ({ data }: MessageEvent<string>) => feed.add(JSON.parse(data)));
