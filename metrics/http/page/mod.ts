/**
 * The live page: its HTML, its script and its style.
 *
 * @module
 */
export { pageHandler } from "./handler.ts";
