/**
 * What runs in the browser, as the text of a script, and what both sides write alike.
 *
 * @module
 */
export { SCRIPT } from "./bundle.ts";
export { type Badge, launchBadges, treeBadges } from "./badges.ts";
export { agoText, type Cells, cellsOf, clockText, countText, durationText, endingText, healthTexts } from "./format.ts";
