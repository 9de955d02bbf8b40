/**
 * The web side: the command line, the logs, the metrics and their text, and the HTTP server.
 *
 * @module
 */
export { Feed, type FeedOptions } from "./api/feed.ts";
export { type Address, addressText } from "./addresses.ts";
export { ancestryOf, type SeenTree } from "./baseline/seen.ts";
export * from "./command_line/mod.ts";
export * from "./config_file/mod.ts";
export { untilEnd } from "./ending.ts";
export { explain, type ExplainIo } from "./explain.ts";
export { ListenError, serve, type Serving } from "./listen.ts";
export { createLogger, type LogFields, type LogFormat, type Logger, type LogLevel } from "./log.ts";
export { Registry, type Watcher } from "./registry.ts";
export { type Reloadable, Reloader } from "./reload.ts";
export { CollectTimeoutError, Scraper, type ScraperOptions } from "./scraper.ts";
export { trace, type Tracing } from "./trace/trace.ts";
export { type AppOptions, createApp, type Health } from "./server.ts";
export { startWebServer, type WebServer } from "./web_server.ts";

/** What works on baselines; loaded where there is one only. */
export const baselineTools = () => import("./baseline/mod.ts");
