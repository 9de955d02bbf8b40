/**
 * An address that is listened on, whose certificate can be replaced: a server of Deno keeps the one that it began with.
 *
 * @module
 */

import { type OwnListener, type OwnListeners, waitFor } from "../../fingerprint/mod.ts";
import type { Address } from "../text/mod.ts";
import type { TlsIdentity } from "./web_settings.ts";

export type Server = Deno.HttpServer<Deno.NetAddr>;

/** Opens a server at an address; `isShared`: beside one that listens there. Throws what it can't do. */
export type Open = (address: Address, tls: TlsIdentity | undefined, isShared: boolean) => Server;

export interface PortOptions {
  readonly open: Open;
  readonly listeners: OwnListeners;
  /**
   * How long a server that was replaced still accepts, milliseconds: a client whose SYN it got has until then to finish the TCP
   * handshake. Two seconds outlast a lost packet, which is sent again after one (tcp(7)).
   */
  readonly handshakeMs?: number;
}

const HANDSHAKE_MS = 2000;
/** Time between two looks at connections that still wait to be accepted. */
const LOOK_MS = 10;

interface Listening {
  readonly server: Server;
  readonly socket: OwnListener;
}

/** Listens on an address from the beginning. */
export class Port {
  /** The one that was asked for, with the port that the kernel chose. */
  readonly address: Address;
  readonly #options: PortOptions;
  #listening: Listening;
  /** Servers that accept no more, or soon won't, and have connections. */
  readonly #replaced = new Set<Server>();
  /** Resolves at the {@link shutdown}. */
  readonly #ending = Promise.withResolvers<void>();
  #isEnding = false;

  constructor(address: Address, tls: TlsIdentity | undefined, options: PortOptions) {
    this.#options = options;
    this.#listening = this.#open(address, tls, false);
    const { hostname, port } = this.#listening.server.addr;
    this.address = { hostname, port };
  }

  /**
   * Goes on with another certificate, or with TLS instead of plain HTTP: a second server begins to listen at the same address and gets
   * all new connections; the first one accepts those that it was to get, and then ends with its last connection. Nothing is
   * refused, cut or lost. Resolves when only the second one listens; not to be called again before. Throws where there can be no
   * second one, and goes on with the first.
   */
  async renew(tls: TlsIdentity | undefined): Promise<void> {
    if (this.#isEnding) return;
    const { listeners, handshakeMs = HANDSHAKE_MS } = this.#options, old = this.#listening;
    let next: Listening | undefined;
    try {
      listeners.share(old.socket, true);
      next = this.#open(this.address, tls, true);
      // In the same turn: until then either would get them.
      listeners.preferSecond(next.socket);
    } catch (error) {
      void next?.server.shutdown();
      listeners.share(old.socket, false);
      throw error;
    }
    this.#listening = next;
    this.#keepUntilFinished(old.server);
    const { promise: end } = this.#ending;
    await waitFor(end, handshakeMs);
    while (!this.#isEnding && listeners.hasWaiting(old.socket)) await waitFor(end, LOOK_MS);
    if (this.#isEnding) return;
    listeners.stop(old.socket);
    listeners.share(next.socket, false);
  }

  /** Takes no more connections; resolves when the answers under way have gone out. */
  async shutdown(): Promise<void> {
    this.#isEnding = true;
    this.#ending.resolve();
    await Promise.all([...this.#replaced, this.#listening.server].map((server) => server.shutdown().catch(() => {})));
  }

  /** Which socket is a server's shows by what is there afterwards and wasn't before. */
  #open(address: Address, tls: TlsIdentity | undefined, isShared: boolean): Listening {
    const { open, listeners } = this.#options;
    const before = new Set(listeners.list().map(({ cookie }) => cookie));
    const server = open(address, tls, isShared);
    const socket = listeners.list().find(({ cookie }) => !before.has(cookie))!;
    return { server, socket };
  }

  #keepUntilFinished(server: Server): void {
    this.#replaced.add(server);
    // It ends by an accept that failed: what it holds it gives back when it is told to.
    server.finished.catch(() => server.shutdown()).catch(() => {}).finally(() => this.#replaced.delete(server));
  }
}
