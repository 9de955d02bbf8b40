/**
 * The sockets that HTTP is answered on.
 *
 * @module
 */

import { type Address, addressText } from "./addresses.ts";
import type { Logger } from "./log.ts";

/** An address that can't be listened on: cause and remedy in the message. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  constructor(readonly address: string, cause: unknown) {
    super(`Cannot listen on ${address}: ${explain(cause)}`, { cause });
  }
}

function explain(cause: unknown): string {
  if (cause instanceof Deno.errors.AddrInUse) {
    return "the port is taken by another program; choose one with --web.listen-address, or stop that program";
  }
  if (cause instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address; give one of its own in --web.listen-address";
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return "not permitted; ports below 1024 are for root, give a higher one in --web.listen-address";
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return `${text}; give an address of this machine in --web.listen-address`;
}

/** What {@link serve} needs. */
export interface ServeOptions {
  readonly addresses: readonly Address[];
  readonly handler: (request: Request) => Response | Promise<Response>;
  readonly log: Logger;
}

/** Running servers. */
export interface Serving {
  /** Where they listen, with the ports that the kernel chose. */
  readonly addresses: readonly Address[];
  /** Ends when no connection is left after {@link shutdown}. */
  readonly finished: Promise<void>;
  /**
   * Takes no more connections and waits until the answers under way have gone out, at most `graceMs`. A client that never
   * finishes its request keeps its connection for as long as the process lives: Deno 2.6.8 has no way to cut it off then.
   */
  shutdown(graceMs: number): Promise<void>;
}

/**
 * Answers HTTP on all addresses, or throws a {@link ListenError} and listens on none.
 *
 * Deno.serve obeys the environment variable DENO_SERVE_ADDRESS before its own arguments (Deno 2.6.8): main.ts deletes it
 * before this is called, so that nobody's environment moves the listener.
 */
export async function serve({ addresses, handler, log }: ServeOptions): Promise<Serving> {
  const abort = new AbortController();
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  try {
    for (const address of addresses) servers.push(listen(address, handler, log, abort.signal));
  } catch (error) {
    abort.abort();
    await Promise.all(servers.map((server) => server.finished));
    throw error;
  }
  const finished = Promise.all(servers.map((server) => server.finished)).then(() => {});
  const bound = servers.map(({ addr }) => ({ hostname: addr.hostname, port: addr.port }));
  for (const address of bound) log.log("info", "Listening", { address: addressText(address) });
  return {
    addresses: bound,
    finished,
    async shutdown(graceMs) {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, graceMs);
      await Promise.race([Promise.all(servers.map((server) => server.shutdown())), patience.promise]);
      clearTimeout(timer);
    },
  };
}

function listen(
  address: Address,
  handler: ServeOptions["handler"],
  log: Logger,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  const { hostname, port } = address;
  const options = {
    port,
    signal,
    onListen() {}, // Deno would print it; the log says it when all of them listen.
    onError(error: unknown) {
      log.log("error", "Cannot answer a request", { error: String(error) });
      return new Response("Cannot answer: an error that the log tells\n", { status: 500 });
    },
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
