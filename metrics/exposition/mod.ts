/**
 * The families of metrics and their text, from a scrape to its bytes.
 *
 * @module
 */
export { chooseFormat, CONTENT_TYPES, wantsEventStream, wantsGzip, wantsHtml } from "./negotiation.ts";
export { asked, type Group, GROUPS, PROFILES, select, type Selection } from "./groups.ts";
export { CollectTimeoutError, Scraper } from "./scraper.ts";
export type { EventLogNumbers, ReloadState } from "./family.ts";
