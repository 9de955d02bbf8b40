/**
 * The files that people write settings in. What they are read with takes three megabytes: import this where there is such a
 * file only.
 *
 * @module
 */
export { readRules } from "./config_file.ts";
export { causeOf, nextTo, readText, WatchedFiles } from "./files.ts";
export { parseSettings, type Settings } from "./reader.ts";
