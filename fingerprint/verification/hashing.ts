/**
 * Digests of a file, computed a little at a time.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Algorithm } from "../base/digests/mod.ts";
import type { Spend, Time } from "./budget.ts";
import type { OpenFile, RootFolder } from "./root_folder.ts";

/** Bytes at a time: some half a millisecond of work. */
export const PIECE_BYTES = 128 << 10;
/** What it takes to copy a piece out of the kernel's memory, in another thread, as a share of what it takes to hash it: measured. */
const READING_SHARE = 0.25;

/** The digests of a file in lower-case hexadecimal digits, read through `buffer`; undefined where it can't be read. `advance` is called with each piece. */
export async function hashFile(
  folder: RootFolder,
  file: OpenFile,
  algorithms: readonly Algorithm[],
  buffer: Uint8Array<ArrayBuffer>,
  spend: Spend,
  time: Time,
  advance: () => void,
): Promise<Map<Algorithm, string> | undefined> {
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  for (let offset = 0;;) {
    const length = await folder.readInto(file, buffer, offset);
    advance();
    if (length < 0) return undefined;
    if (length === 0) break;
    offset += length;
    if (offset > file.size) break; // it grows: it isn't what it was, which shows
    const start = time.now();
    for (const [, hash] of hashes) hash.update(buffer.subarray(0, length));
    await spend((time.now() - start) * (1 + READING_SHARE));
    advance();
  }
  return new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.digest("hex")]));
}
