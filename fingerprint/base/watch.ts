/**
 * Keeps the knowledge of the base system up to date: notices a changed package database, reads it anew a little at a time, and
 * puts it in the labeller's hands when it is read.
 *
 * @module
 */
import type { Files, Steps } from "./database/mod.ts";
import { type BaseOverrides, BasePaths } from "./programs.ts";

/** Time between two looks whether the database changed, nanoseconds. */
const CHECK_NS = 1e9;
/** While packages are installed the database changes all the time: reading it takes at most one part in so many of the time. */
const PAUSE_PER_COST = 50;

/** What goes by what is base: the labeller. */
export interface BaseHolder {
  base: BasePaths;
}

export class BaseWatch {
  readonly #files: Files;
  readonly #labeller: BaseHolder;
  readonly #relabel: () => void;
  #reading: Steps<BasePaths> | undefined;
  /** Time that the reading has taken so far, nanoseconds. */
  #costNs = 0;
  #nextCheckNs = 0;
  /** Readings that came to their end. */
  refreshes = 0;

  /** `relabel` is called when labels by the labeller may have changed. */
  constructor(files: Files, labeller: BaseHolder, relabel: () => void) {
    this.#files = files;
    this.#labeller = labeller;
    this.#relabel = relabel;
  }

  /** Whether {@link step} has work to do. */
  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  /** Looks whether the database changed, if it is time for it. */
  check(nowNs: number): void {
    if (nowNs < this.#nextCheckNs || this.#reading !== undefined) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    if (this.#labeller.base.changed()) this.read();
  }

  /** Begins to read the database, changed or not. */
  read(): void {
    this.#costNs = 0;
    this.#reading = BasePaths.loading(this.#files, this.#labeller.base.overrides);
  }

  /** Reads on until `endNs` by the clock `now`, at least a step. */
  step(now: () => number, endNs: number): void {
    const startNs = now();
    for (let nowNs = startNs; this.#reading !== undefined;) {
      const { done, value } = this.#reading.next();
      nowNs = now();
      if (done === true) {
        this.#reading = undefined;
        this.#nextCheckNs = nowNs + Math.max(CHECK_NS, PAUSE_PER_COST * (this.#costNs + nowNs - startNs));
        // The overrides may have changed meanwhile.
        this.#adopt(value.withOverrides(this.#labeller.base.overrides));
        this.refreshes++;
      } else if (nowNs >= endNs) {
        break;
      }
    }
    this.#costNs += now() - startNs;
  }

  override(overrides: BaseOverrides): void {
    this.#adopt(this.#labeller.base.withOverrides(overrides));
  }

  #adopt(base: BasePaths): void {
    this.#labeller.base = base;
    this.#relabel();
  }
}
