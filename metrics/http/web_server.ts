/**
 * The web server as a whole: what listens, what stands before the routes, what looks after the connections, and the
 * configuration file that all three follow.
 *
 * @module
 */

import { type Connection, ConnectionGuard, type ConnectionTable, type GuardLimits } from "./connection_guard.ts";
import { Admission, type Handler } from "./admission.ts";
import { checkIdentity, serve, type Serving } from "./listen.ts";
import { type Address, addressText, type Logger } from "../text/mod.ts";
import type { TlsIdentity, WebConfig } from "./web_settings.ts";

/** What {@link startWebServer} needs. */
export interface WebServerOptions<Listed extends Connection> {
  readonly addresses: readonly Address[];
  /** Path of the web configuration; undefined for none. */
  readonly configFile: string | undefined;
  /** Answers what is admitted. */
  readonly handler: Handler;
  readonly connections: ConnectionTable<Listed>;
  /** Those of the exporter unless a test says otherwise. */
  readonly limits?: GuardLimits;
  readonly log: Logger;
}

/** A running web server. */
export interface WebServer {
  readonly addresses: readonly Address[];
  /** Reads the configuration file again; what it gives puts it into force. Throws if it can't be used. */
  loadConfig(): () => void;
  /** See {@link Serving.shutdown}. */
  shutdown(graceMs: number): Promise<void>;
}

/** Whether only this machine can connect to an address. */
export function isLoopback({ hostname }: Address): boolean {
  return hostname === "::1" || /^(?:::ffff:)?127\./.test(hostname);
}

function sameIdentity(a: TlsIdentity | undefined, b: TlsIdentity | undefined): boolean {
  return a?.cert === b?.cert && a?.key === b?.key;
}

/** Lets the guard follow the requests. */
function guarded<Listed extends Connection>(handler: Handler, guard: ConnectionGuard<Listed>): Handler {
  return async (request, info) => {
    const turn = guard.begin(info.remoteAddr);
    info.completed.catch(() => {}).then(() => turn.end());
    const response = await handler(request, info);
    if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) turn.endless();
    return response;
  };
}

/**
 * Reads the configuration and answers HTTP on all addresses. Throws a `ConfigError` for a configuration that can't be used, a
 * `TlsIdentityError` for its certificate, a `ListenError` for an address.
 */
export async function startWebServer<Listed extends Connection>(
  { addresses, configFile, handler, connections, limits, log }: WebServerOptions<Listed>,
): Promise<WebServer> {
  const admission = new Admission(handler);
  const guard = new ConnectionGuard(connections, limits);
  let serving: Serving | undefined = undefined;
  let tls: TlsIdentity | undefined;
  const user = {
    check(config: WebConfig) {
      if (config.tls !== undefined) checkIdentity(config.tls);
    },
    apply(config: WebConfig) {
      admission.config = config;
      if (sameIdentity(config.tls, tls)) return;
      tls = config.tls;
      serving?.renew(tls).catch((error) => log.log("error", error instanceof Error ? error.message : String(error)));
    },
  };
  // Loaded where there is a file only: what it is read with takes three megabytes.
  const file = configFile === undefined
    ? undefined
    : new (await import("./web_config_file.ts")).WebConfigFile(configFile, log, user);
  serving = await serve({ addresses, handler: guarded(admission.handler, guard), log, tls });
  const bound = serving.addresses;
  const open = bound.filter((address) => !isLoopback(address));
  if (open.length > 0 && (file?.config.users.size ?? 0) === 0) {
    log.log(
      "warn",
      "Everybody who can connect may read what runs on this machine; ask for a password with basic_auth_users in --web.config.file",
      { addresses: open.map(addressText).join(" ") },
    );
  }
  file?.start();
  guard.start([...new Set(bound.map(({ port }) => port))]);
  return {
    addresses: bound,
    loadConfig: () => file?.load() ?? (() => {}),
    async shutdown(graceMs) {
      file?.stop();
      await serving.shutdown(graceMs);
      guard.stop();
    },
  };
}
