/**
 * The page's script: keeps it up to date by server-sent events, filters, sorts, and moves by keyboard. The page works without.
 *
 * It runs in the browser: `deno task page` bundles it with what it imports into `bundle.ts`. Texts from the server become text
 * nodes and attributes, never HTML.
 *
 * @module
 */

import type { HealthJson, RecentJson, TreesMessage } from "../../api/mod.ts";
import { find, page, type PageEvent, say } from "./dom.ts";
import { FeedView } from "./feed_view.ts";
import { ForestView } from "./forest_view.ts";
import { headView } from "./forest.ts";
import { clockText } from "./format.ts";
import { healthView } from "./health.ts";
import { Keyboard } from "./keyboard.ts";
import { patch } from "./patch.ts";
import { addressOf, isEverything, type Selection, selectionOf } from "./selection.ts";
import { pulseView } from "./sparkline.ts";
import { stripView } from "./strip.ts";

const MOST_EVENTS = 200;
/** Time between two looks at the machine's last ten minutes, which go on by themselves. */
const PULSE_MS = 5000;

const filter = find("#filter"), state = find("#state"), strip = find("#strip");
let selection = selectionOf(parametersOf(page.location.search)),
  hasBaseline = find("#forest").dataset.baseline !== undefined;

let recent: RecentJson | undefined;

const forest = new ForestView(selection);
const feed = new FeedView((tree) => isEverything(selection) || forest.isSelected(tree));
const keyboard = new Keyboard(forest, () => select({ ...selection, text: "" }));

function parametersOf(search: string): (name: string) => string | null {
  const parameters = new URLSearchParams(search);
  return (name) => parameters.get(name);
}

/** Shows another selection, and has it in the address. */
function select(wanted: Selection): void {
  selection = wanted;
  if (filter.value !== wanted.text) filter.value = wanted.text;
  page.history.replaceState(null, "", addressOf(wanted));
  forest.select(wanted);
  showCounts();
  patch(find("#head"), headView(wanted));
  feed.refresh();
}

/** Shows what depends on all trees together. */
function showCounts(): void {
  if (!forest.isPart) patch(strip, stripView(forest.facts, selection, hasBaseline));
  keyboard.refresh();
}

/** A link to another selection of this page is followed without loading it again, where all trees are here. */
function follow(event: PageEvent): void {
  const link = event.target.closest("a"), address = link?.getAttribute("href");
  if (forest.isPart || address?.startsWith("/?") !== true && address !== "/") return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  select(selectionOf(parametersOf(address!.slice(1))));
}

for (const id of ["#strip", "#forest"]) find(id).addEventListener("click", follow);
find("#rows").addEventListener("click", ({ target }) => {
  const place = forest.placeOf(target);
  if (place === undefined || target.closest("a") !== null) return;
  if (target.matches(".fold")) forest.fold(!forest.isFolded(place.path), [place.path]);
  else target.closest(".row")!.querySelector("a")!.click();
});
filter.addEventListener("input", () => {
  if (!forest.isPart) select({ ...selection, text: filter.value });
});
find("#search").addEventListener("submit", (event) => {
  if (!forest.isPart) event.preventDefault();
});
for (const [id, isFolded] of [["#expand", false], ["#collapse", true]] as const) {
  find(id).hidden = false;
  find(id).addEventListener("click", () => {
    forest.fold(isFolded);
    keyboard.refresh();
  });
}

function showState(isLive: boolean): void {
  if (isLive) say(state, "live");
  else if (state.className !== "away") say(state, `no connection: as of ${clockText(Date.now() / 1000).slice(0, 8)}`);
  state.className = isLive ? "live" : "away";
}

/** Shows the machine's last ten minutes. */
function showPulse(): void {
  if (recent !== undefined) patch(find("#pulse"), pulseView(recent, Date.now() / 1000));
}

function showHealth(health: HealthJson): void {
  patch(find("#health"), healthView(health));
}

setInterval(showPulse, PULSE_MS);

const source = new page.EventSource(`/api/v1/events?trees=true&limit=${MOST_EVENTS}&after=${forest.after}`);
source.addEventListener("open", () => showState(true));
source.addEventListener("error", () => showState(false));
source.addEventListener("trees", ({ data }: MessageEvent<string>) => {
  const message: TreesMessage = JSON.parse(data);
  hasBaseline ||= message.trees.some(({ expected }) => expected !== null);
  forest.update(message);
  recent = message.recent;
  showPulse();
  showHealth(message.health);
  showCounts();
  feed.refresh();
});
source.addEventListener("events", ({ data }: MessageEvent<string>) => feed.add(JSON.parse(data)));
