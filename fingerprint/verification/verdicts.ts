/**
 * Answers on their way to the worker, which gets no messages while it goes round its loop: a ring of pairs in shared memory, with one
 * writer and one reader.
 *
 * | word | meaning |
 * |---|---|
 * | 0 | pairs written so far |
 * | 1 | pairs read so far |
 * | 2 … | pairs: key, verdict |
 *
 * @module
 */
import type { Verdict } from "./request.ts";

const WRITTEN = 0, READ = 1, PAIRS = 2;
const CAPACITY = 1 << 10;

/** Bytes of the shared memory. */
export const VERDICT_BYTES = 4 * (PAIRS + 2 * CAPACITY);

function placeOf(count: number): number {
  return PAIRS + 2 * ((count >>> 0) % CAPACITY);
}

/** Writes an answer; false where there is no room before the worker has read others. */
export function writeVerdict(words: Int32Array<SharedArrayBuffer>, key: number, verdict: Verdict): boolean {
  const written = Atomics.load(words, WRITTEN);
  if ((written - Atomics.load(words, READ) | 0) >= CAPACITY) return false;
  const at = placeOf(written);
  words[at] = key;
  words[at + 1] = verdict;
  Atomics.store(words, WRITTEN, written + 1 | 0);
  return true;
}

export function takeVerdicts(
  words: Int32Array<SharedArrayBuffer>,
  take: (key: number, verdict: Verdict) => void,
): void {
  for (let read = Atomics.load(words, READ); read !== Atomics.load(words, WRITTEN);) {
    const at = placeOf(read), key = words[at]!, verdict = words[at + 1]! as Verdict;
    read = read + 1 | 0;
    Atomics.store(words, READ, read);
    take(key, verdict);
  }
}
