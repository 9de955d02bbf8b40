/**
 * What runs in the browser, as the text of a script, and what both sides show alike.
 *
 * @module
 */
export { arranged, lastLabel, type Place, shownBy, shownWhere } from "./arrangement.ts";
export { SCRIPT } from "./bundle.ts";
export { detailView } from "./detail.ts";
export { factsAt, factsOf, kindOfFlag, numbersOf, type SortKey } from "./facts.ts";
export { FAILURES, feedView } from "./feed.ts";
export { agoText, clockText, containerText, countText, durationText } from "./format.ts";
export { emptyText, headView, matchesText } from "./forest.ts";
export { healthView } from "./health.ts";
export { type ImageLine, type ProcessLine, ProcessLines } from "./process_lines.ts";
export { isEverything, type Selection, selectionOf } from "./selection.ts";
export { pulseView } from "./sparkline.ts";
export { stripView } from "./strip.ts";
export { MOST_DEPTH, rowView } from "./tree_row.ts";
export type { View } from "./view.ts";
