/**
 * The web server as a whole: what listens, what stands before the routes, what looks after the connections, and the
 * configuration file that all three follow.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import type { OwnListeners } from "../../fingerprint/mod.ts";
import { Admission } from "./admission.ts";
import {
  type Connection,
  ConnectionGuard,
  type ConnectionTable,
  GUARD_LIMITS,
  type GuardLimits,
} from "./connection_guard.ts";
import { checkIdentity, type Handler, serve, type Serving, TlsIdentityError } from "./listen.ts";
import { LimitWarnings } from "./limit_warnings.ts";
import { type Address, addressText, ConfigError, type Logger } from "../text/mod.ts";
import { requestCheck } from "./request_check.ts";
import type { WebConfigFile } from "./web_config_file.ts";
import { NO_WEB_CONFIG, type TlsIdentity, type WebConfig } from "./web_settings.ts";

export interface WebServerOptions<Listed extends Connection> {
  readonly addresses: readonly Address[];
  /** Path of the web configuration; undefined for none. */
  readonly configFile: string | undefined;
  readonly connections: ConnectionTable<Listed>;
  readonly listeners: OwnListeners;
  /** Most answers at the same time that are costly to make; 0: as many as are asked for. */
  readonly maxRequests: number;
  /** Names by which it may be asked; see {@link requestCheck}. */
  readonly allowedHosts: readonly string[];
  /** Those of the exporter unless a test says otherwise. */
  readonly limits?: GuardLimits;
  readonly log: Logger;
}

/** Whether only this machine can connect to an address. */
export function isLoopback({ hostname }: Address): boolean {
  return hostname === "::1" || /^(?:::ffff:)?127\./.test(hostname);
}

function sameIdentity(a: TlsIdentity | undefined, b: TlsIdentity | undefined): boolean {
  return a?.cert === b?.cert && a?.key === b?.key;
}

/** Answers HTTP: {@link load} its configuration, put its {@link middleware} before the routes of an app, and {@link start}. */
export class WebServer<Listed extends Connection = Connection> {
  readonly #options: WebServerOptions<Listed>;
  readonly #guard: ConnectionGuard<Listed>;
  readonly #requestCheck: MiddlewareHandler;
  readonly #admission = new Admission();
  #config = NO_WEB_CONFIG;
  #file: WebConfigFile | undefined;
  #serving: Serving | undefined;

  constructor(options: WebServerOptions<Listed>) {
    this.#options = options;
    const { connections, limits = GUARD_LIMITS, maxRequests, allowedHosts, log } = options;
    const slots = maxRequests === 0 ? Infinity : maxRequests;
    const bounds = { ...limits, slots, answers: Math.max(limits.answers, 2 * slots) };
    const warnings = new LimitWarnings(log);
    this.#guard = new ConnectionGuard(connections, bounds, undefined, (...limit) => warnings.reached(...limit));
    this.#requestCheck = requestCheck({ allowedHosts, loopbackOnly: () => this.addresses.every(isLoopback) });
  }

  /** What comes before all routes, in this order. */
  get middleware(): readonly MiddlewareHandler[] {
    return [this.#guard.middleware, this.#requestCheck, this.#admission.middleware];
  }

  /** Where it listens, with the ports that the kernel chose; nowhere before the start. */
  get addresses(): readonly Address[] {
    return this.#serving?.addresses ?? [];
  }

  /**
   * Reads the configuration file; what it gives puts it into force. Throws a `ConfigError` for a configuration that can't be
   * used, a `TlsIdentityError` for its certificate.
   */
  async load(): Promise<() => void> {
    const { configFile, log } = this.#options;
    if (configFile === undefined) return () => {};
    if (this.#file !== undefined) return this.#file.load();
    // Loaded where there is a file only: what it is read with takes three megabytes.
    const { WebConfigFile } = await import("./web_config_file.ts");
    this.#file = new WebConfigFile(configFile, log, this);
    return () => {};
  }

  /** Throws for a configuration that can't be put into force. */
  check({ tls }: WebConfig): void {
    if (tls !== undefined) checkIdentity(tls);
  }

  apply(config: WebConfig): void {
    const { tls } = this.#config;
    this.#config = this.#admission.config = config;
    if (sameIdentity(config.tls, tls)) return;
    this.#serving?.renew(config.tls).catch((error) =>
      this.#options.log.log("error", error instanceof Error ? error.message : String(error))
    );
  }

  /** Answers on all addresses from now on. Throws a `ListenError` for one of them. */
  async start(handler: Handler): Promise<void> {
    const { addresses, listeners, log } = this.#options, { tls, users } = this.#config;
    this.#serving = await serve({ addresses, handler, log, tls, listeners });
    const open = this.addresses.filter((address) => !isLoopback(address));
    if (open.length > 0 && users.size === 0) {
      log.log(
        "warn",
        "Everybody who can connect may read what runs on this machine; ask for a password with basic_auth_users in --web.config.file",
        { addresses: open.map(addressText).join(" ") },
      );
    }
    this.#file?.start();
    this.#guard.start([...new Set(this.addresses.map(({ port }) => port))]);
  }

  /** See {@link Serving.shutdown}. */
  async shutdown(graceMs: number): Promise<void> {
    this.#file?.stop();
    await this.#serving?.shutdown(graceMs);
    this.#guard.stop();
  }
}

/**
 * Reads a web configuration and the files that it names, and puts nothing into force. Throws a `ConfigError` for what can't be
 * used, its certificate included.
 */
export async function checkWebConfig(file: string): Promise<void> {
  // Loaded where there is a file only: what it is read with takes three megabytes.
  const [{ readWebConfig }, { WatchedFiles }] = await Promise.all([
    import("./web_config.ts"),
    import("../settings/mod.ts"),
  ]);
  const { tls } = readWebConfig(file, new WatchedFiles());
  try {
    if (tls !== undefined) checkIdentity(tls);
  } catch (error) {
    if (!(error instanceof TlsIdentityError)) throw error;
    throw new ConfigError(file, undefined, undefined, error.message.replace(/^Cannot use /, ""));
  }
}
