/**
 * The sockets that HTTP is answered on.
 *
 * @module
 */

import { type Address, addressText, type Logger } from "../text/mod.ts";
import { type OwnListeners, waitFor } from "../../fingerprint/mod.ts";
import { type Open, Port, type Server } from "./port.ts";
import type { TlsIdentity } from "./web_settings.ts";

/** Answers a request; `info` is what the server knows about its connection. */
export type Handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>) => Response | Promise<Response>;

/** An address that can't be listened on: cause and remedy in the message. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  constructor(readonly address: string, cause: unknown) {
    super(`Cannot listen on ${address}: ${explain(cause)}`, { cause });
  }
}

const CAUSES = [
  [
    Deno.errors.AddrInUse,
    "the port is taken by another program; choose one with --web.listen-address, or stop that program",
  ],
  [Deno.errors.AddrNotAvailable, "this machine has no such address; give one of its own in --web.listen-address"],
  [
    Deno.errors.PermissionDenied,
    "not permitted; ports below 1024 are for root, give a higher one in --web.listen-address",
  ],
] as const;

function explain(cause: unknown): string {
  const [, known] = CAUSES.find(([type]) => cause instanceof type) ?? [];
  const text = cause instanceof Error ? cause.message : String(cause);
  return known ?? `${text}; give an address of this machine in --web.listen-address`;
}

/** A certificate and a key that can't be used. */
export class TlsIdentityError extends Error {
  override readonly name = "TlsIdentityError";
  constructor(cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const mismatch = /KeyMismatch/.test(text);
    super(
      `Cannot use the certificate and the key of tls_server_config: ${
        mismatch ? "they don't belong together" : text.toLowerCase()
      }; want both as PEM, the key without a password`,
      { cause },
    );
  }
}

/** Throws a {@link TlsIdentityError} for what the server would refuse. */
export function checkIdentity(identity: TlsIdentity): void {
  try {
    // The only way to ask: nobody ever connects to it.
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...identity }).close();
  } catch (error) {
    throw new TlsIdentityError(error);
  }
}

export interface ServeOptions {
  readonly addresses: readonly Address[];
  readonly handler: Handler;
  readonly log: Logger;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsIdentity | undefined;
  readonly listeners: OwnListeners;
  /** See {@link PortOptions}. */
  readonly handshakeMs?: number;
}

/** Running servers. */
export interface Serving {
  /** Where they listen, with the ports that the kernel chose. */
  readonly addresses: readonly Address[];
  /** Ends when no connection is left after {@link shutdown}. */
  readonly finished: Promise<void>;
  /**
   * Goes on with another certificate, or with TLS instead of plain HTTP, and refuses nobody meanwhile; see {@link Port.renew}. The
   * identity must have been checked: see {@link checkIdentity}.
   */
  renew(tls: TlsIdentity | undefined): Promise<void>;
  /**
   * Takes no more connections and waits until the answers under way have gone out, at most `graceMs`. A client that never
   * finishes its request keeps its connection for as long as the process lives, or until a guard cuts it.
   */
  shutdown(graceMs: number): Promise<void>;
}

/**
 * Answers HTTP on all addresses, or throws a {@link ListenError} and listens on none.
 *
 * Deno.serve obeys the environment variable DENO_SERVE_ADDRESS before its own arguments (Deno 2.6.8): the command `serve` deletes it
 * before this is called, so that nobody's environment moves the listener.
 */
export async function serve({ addresses, handler, log, tls, ...options }: ServeOptions): Promise<Serving> {
  if (tls !== undefined) checkIdentity(tls);
  const ports: Port[] = [];
  const end = async () => void await Promise.all(ports.map((port) => port.shutdown()));
  const open: Open = (...at) => listen(handler, log, ...at);
  try {
    for (const address of addresses) ports.push(new Port(address, tls, { open, ...options }));
  } catch (error) {
    await end();
    throw error;
  }
  const bound = ports.map(({ address }) => address);
  for (const address of bound) {
    log.log("info", "Listening", { address: addressText(address), ...tls === undefined ? {} : { tls: true } });
  }
  const finished = Promise.withResolvers<void>();
  let renewed: Promise<unknown> = Promise.resolve();
  return {
    addresses: bound,
    finished: finished.promise,
    async renew(identity) {
      const before = renewed;
      const now = renewed = before.catch(() => {}).then(() => Promise.all(ports.map((port) => port.renew(identity))));
      await now;
    },
    async shutdown(graceMs) {
      await waitFor(end().then(() => finished.resolve()), graceMs);
    },
  };
}

/** Opens a server at an address. Throws a {@link ListenError}. */
function listen(
  handler: Handler,
  log: Logger,
  address: Address,
  tls: TlsIdentity | undefined,
  isShared: boolean,
): Server {
  const { hostname, port } = address;
  const options = {
    port,
    reusePort: isShared,
    onListen() {}, // Deno would print it; the log says it when all of them listen.
    onError: (error: unknown) => {
      log.log("error", "Cannot answer a request", { error: String(error) });
      return new Response("Cannot answer: an error that the log tells\n", { status: 500 });
    },
    ...tls ?? {},
  };
  // No host means all addresses: `::` takes IPv4 connections too, but a kernel may have no IPv6.
  const candidates = hostname === "" ? ["::", "0.0.0.0"] : [hostname];
  for (;;) {
    try {
      return Deno.serve({ ...options, hostname: candidates.shift()! }, handler);
    } catch (error) {
      if (candidates.length === 0 || error instanceof Deno.errors.AddrInUse) {
        throw new ListenError(addressText(address), error);
      }
    }
  }
}
