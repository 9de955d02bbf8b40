/**
 * The HTTP server: who may ask what, and the answers.
 *
 * @module
 */
export { createApp, type Health } from "./app.ts";
export { LimitWarnings } from "./limit_warnings.ts";
export { ListenError, serve, type Serving } from "./listen.ts";
export { checkWebConfig, WebServer } from "./web_server.ts";
