/**
 * What the web server is told by its configuration file, whoever read it.
 *
 * @module
 */

/** A certificate, with those above it, and its key: PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** At most so many requests at once, and after them one per interval. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/** What the file says. */
export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsIdentity | undefined;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by name. Empty: nobody is asked for a password. */
  readonly users: ReadonlyMap<string, string>;
  /** Undefined: none. */
  readonly rateLimit: RateLimit | undefined;
}

/** Without a file. */
export const NO_WEB_CONFIG: WebConfig = {
  tls: undefined,
  headers: {},
  users: new Map(),
  rateLimit: undefined,
};
