/**
 * The live page: its HTML, its script and its style.
 *
 * @module
 */
export { clockText, durationText } from "./format.ts";
export { pageHandler } from "./handler.ts";
