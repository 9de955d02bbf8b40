/**
 * What sources have in common whose records wait in a ring: nothing is lost by coming late, so they are read at the drain, and
 * no event wakes the reader. The ring does when it is half full.
 *
 * @module
 */
import type { ExecRing } from "./bpf/mod.ts";
import { EventBuffer } from "./event_buffer.ts";
import type { ExecNamer, ExecSource } from "./exec_source.ts";
import * as c from "./linux/mod.ts";
import { EdgeTriggered, type Libc } from "./linux/mod.ts";

export abstract class RingSource implements ExecSource, Disposable {
  readonly events = new EventBuffer();
  protected readonly libc: Libc;
  protected readonly ring: ExecRing;
  readonly #signal: EdgeTriggered;
  #wantsDrain = false;

  constructor(libc: Libc, ring: ExecRing) {
    this.libc = libc;
    this.ring = ring;
    this.#signal = new EdgeTriggered(libc, ring.fd);
  }

  get fd(): number {
    return this.#signal.fd;
  }

  get backlog(): number {
    return this.events.length;
  }

  get bufferedBytes(): number {
    return this.events.capacity * EventBuffer.bytesPerEvent;
  }

  isBusy(): boolean {
    return false;
  }

  waitBusy(): number {
    return this.libc.clock(c.CLOCK_MONOTONIC);
  }

  get wantsDrain(): boolean {
    return this.#wantsDrain;
  }

  receive(): number {
    this.#signal.take();
    this.#wantsDrain = true;
    return this.libc.clock(c.CLOCK_MONOTONIC);
  }

  drain(namer: ExecNamer): void {
    this.#wantsDrain = false;
    this.read(namer);
  }

  /** Reads all that has come. */
  protected abstract read(namer: ExecNamer): void;

  [Symbol.dispose](): void {
    this.#signal.close();
  }
}
