/**
 * The readings of base systems that are under way in another thread: few at a time, so that file systems that never answer cost
 * little, and whatever waits behind them goes without.
 *
 * @module
 */
import type { BasePaths, Steps } from "../base/mod.ts";
import {
  ANSWER_BYTES,
  clearAnswer,
  Outcome,
  outcomeOf,
  progressOf,
  readAnswer,
  type RootRequest,
} from "./root_readings.ts";

/** Readings at a time. One whose file system doesn't answer keeps its place until it does. */
const MAX_READINGS = 4;
/** A reading that stands still for longer is stalled. */
const STALLED_NS = 2e9;

/** Who reads, in another thread. */
export interface RootReadings {
  /** Asks for a reading; the answer comes into `answer`. */
  ask(request: RootRequest, answer: SharedArrayBuffer): void;
  /** A number that grows with each answer. */
  readonly answered: number;
  /** Waits until `answered` isn't `seen`, so many milliseconds at most. */
  wait(seen: number, milliseconds: number): void;
}

interface Reading<T> {
  readonly of: T;
  readonly answer: SharedArrayBuffer;
  /** When it was last seen to get on, and how far it had come. */
  sinceNs: number;
  progress: number;
  isStalled: boolean;
  /** What is left to do with the answer. */
  steps?: Steps<BasePaths>;
}

/** What is read of things of type `T`, each known by itself. */
export class PendingReadings<T> {
  readonly #readings: RootReadings;
  readonly #now: () => number;
  #pending: Reading<T>[] = [];
  /** Memory for answers. */
  readonly #free: SharedArrayBuffer[] = [];
  #seen = 0;
  #isTaking = false;

  /** `now` is a clock, nanoseconds. */
  constructor(readings: RootReadings, now: () => number) {
    this.#readings = readings;
    this.#now = now;
  }

  get size(): number {
    return this.#pending.length;
  }

  /** Whether no other can be asked for now. */
  get isFull(): boolean {
    return this.#pending.length >= MAX_READINGS;
  }

  /** How many stand still. */
  get stalled(): number {
    let count = 0;
    for (const { isStalled } of this.#pending) if (isStalled) count++;
    return count;
  }

  /** Whether one is under way. */
  has(one: T): boolean {
    return this.#pending.some(({ of }) => of === one);
  }

  ask(of: T, request: RootRequest): void {
    const answer = this.#free.pop() ?? new SharedArrayBuffer(ANSWER_BYTES);
    clearAnswer(answer);
    this.#pending.push({ of, answer, sinceNs: this.#now(), progress: progressOf(answer), isStalled: false });
    this.#readings.ask(request, answer);
  }

  /** Whether {@link take} has work to do. */
  get hasAnswer(): boolean {
    return this.#isTaking || this.#pending.length > 0 && this.#readings.answered !== this.#seen;
  }

  /** Waits for an answer, so many nanoseconds at most. */
  wait(nanoseconds: number): void {
    this.#readings.wait(this.#seen, nanoseconds / 1e6);
  }

  /** Takes over what was answered, until `endNs`, at least a step. */
  take(endNs: number, adopt: (one: T, base: BasePaths) => void): void {
    this.#seen = this.#readings.answered;
    this.#isTaking = false;
    for (const reading of [...this.#pending]) {
      const outcome = outcomeOf(reading.answer);
      if (outcome === Outcome.None) continue;
      if (outcome === Outcome.Read) {
        reading.steps ??= readAnswer(reading.answer);
        let next = reading.steps.next();
        while (next.done !== true && this.#now() < endNs) next = reading.steps.next();
        this.#isTaking = next.done !== true;
        if (next.done !== true) return;
        adopt(reading.of, next.value);
      }
      this.#pending = this.#pending.filter((other) => other !== reading);
      this.#free.push(reading.answer);
    }
  }

  /** Notices what stands still; the first that didn't at the last look. */
  noticeStalled(): T | undefined {
    let first: T | undefined;
    for (const reading of this.#pending) {
      const progress = progressOf(reading.answer), nowNs = this.#now();
      if (progress !== reading.progress) {
        reading.progress = progress;
        reading.sinceNs = nowNs;
        reading.isStalled = false;
      } else if (!reading.isStalled && nowNs - reading.sinceNs > STALLED_NS) {
        reading.isStalled = true;
        first ??= reading.of;
      }
    }
    return first;
  }
}
