/**
 * The live page: its HTML, its script and its style.
 *
 * @module
 */
export { clockText, durationText } from "./browser/mod.ts";
export { pageHandler } from "./handler.ts";
