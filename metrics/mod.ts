/**
 * The web side: the command line, the logs, the metrics and their text, and the HTTP server.
 *
 * @module
 */
export { runProgram } from "./commands/mod.ts";
