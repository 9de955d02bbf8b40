/**
 * Addresses to listen on, as they are written: `127.0.0.1:9501`, `[::1]:9501`, `localhost:9501`, `:9501`.
 *
 * @module
 */

export interface Address {
  /** A name, or an IP address without brackets; empty for all addresses. */
  readonly hostname: string;
  /** 0 for one that the kernel chooses. */
  readonly port: number;
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([\w.-]*)):(\d{1,5})$/;

/** Reads an address; undefined if it isn't one. */
export function parseAddress(text: string): Address | undefined {
  const match = ADDRESS.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  return port > 65_535 ? undefined : { hostname: match[1] ?? match[2]!, port };
}

/** Writes an address as {@link parseAddress} reads it. */
export function addressText({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
