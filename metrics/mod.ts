/**
 * The web side: the command line, the logs, the metrics and their text, and the HTTP server.
 *
 * @module
 */
export type { SeenTree } from "./baseline/mod.ts";
export * from "./command_line/mod.ts";
export {
  explain,
  type ExplainIo,
  readTreeFilter,
  type Reloadable,
  Reloader,
  trace,
  type Tracing,
  untilEnd,
} from "./commands/mod.ts";
export { CollectTimeoutError, Scraper, type ScraperOptions } from "./exposition/mod.ts";
export { Feed, type FeedOptions, Recorder } from "./http/api/mod.ts";
export {
  type AppOptions,
  createApp,
  type Health,
  ListenError,
  serve,
  type Serving,
  startWebServer,
  type WebServer,
} from "./http/mod.ts";
export { Registry, type Watcher } from "./registry/mod.ts";
export {
  type Address,
  addressText,
  ConfigError,
  createLogger,
  type LogFields,
  type LogFormat,
  type Logger,
  type LogLevel,
} from "./text/mod.ts";

/** What works on baselines; loaded where there is one only. */
export const baselineTools = () => import("./baseline/mod.ts");

/** What reads settings; loaded where there is a file of them only: YAML and schemas take three megabytes. */
export const settingsTools = () => import("./settings/mod.ts");
