/**
 * That labels changed: a package database, or what is configured.
 *
 * @module
 */
import { constants as c, type Libc } from "../../netlink/mod.ts";

/** Whoever changes what labellers say notes it here; whoever remembers what they said looks here. */
export class LabelChanges {
  readonly #libc: Pick<Libc, "clock">;
  #count = 0;
  #renumbered = 0;
  #sinceNs = -Infinity;

  constructor(libc: Pick<Libc, "clock">) {
    this.#libc = libc;
  }

  /** How often labels changed. */
  get count(): number {
    return this.#count;
  }

  /** When they changed last, CLOCK_MONOTONIC in nanoseconds; what began before keeps the name it was counted under. */
  get sinceNs(): number {
    return this.#sinceNs;
  }

  /** How often a root's number was given to another root. */
  get renumbered(): number {
    return this.#renumbered;
  }

  /** A root's number was given to another: what is remembered by it is no more true. */
  noteRenumbered(): void {
    this.#renumbered++;
    this.note();
  }

  /** Labels may be others from now on. */
  note(): void {
    this.#count++;
    this.#sinceNs = this.#libc.clock(c.CLOCK_MONOTONIC);
  }
}
