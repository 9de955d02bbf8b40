/**
 * Notices that the kernel has gone silent: after a time without execs an own child shows whether events still come.
 *
 * @module
 */
import type { OwnChild } from "./own_child.ts";

/** Silence after which an own child is started, and time for its events to come. */
const SILENCE_NS = 60e9;
const ANSWER_NS = 2e9;

export class Silence {
  readonly #child: OwnChild;
  #execs = 0;
  /** NaN before the first look, from which on there is something to be heard. */
  #lastExecNs = NaN;
  /** When a child was started that nothing has been heard of yet; 0 without one. */
  #askedNs = 0;
  #isSilent = false;

  constructor(child: OwnChild) {
    this.#child = child;
  }

  /** Whether nothing has been heard of since an own child wasn't. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** `execs` were heard of up to `nowNs`. True if an own child wasn't among them, so that events must have been missed. */
  check(nowNs: number, execs: number): boolean {
    if (execs !== this.#execs || Number.isNaN(this.#lastExecNs)) {
      this.#execs = execs;
      this.#lastExecNs = nowNs;
      this.#askedNs = 0;
      this.#isSilent = false;
    } else if (this.#askedNs > 0 && nowNs - this.#askedNs > ANSWER_NS) {
      this.#lastExecNs = nowNs;
      this.#askedNs = 0;
      return this.#isSilent = true;
    } else if (this.#askedNs === 0 && nowNs - this.#lastExecNs > SILENCE_NS) {
      if (this.#child.start()) this.#askedNs = nowNs;
      else this.#lastExecNs = nowNs; // there is no program for it: the next time is as soon as this
    }
    return false;
  }
}
