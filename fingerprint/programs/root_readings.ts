/**
 * Reading the base systems of other roots in a thread that has an event loop, for one that has none: a request in words, the answer
 * in shared memory. No file system, however hung, stops either.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import { BasePaths, type Steps } from "../base/mod.ts";
import { FileStatus, isOneFile, type Procfs } from "../proc/mod.ts";
import { RootFiles } from "./root_files.ts";
import { RootSnapshot } from "./root_snapshot.ts";

export interface RootRequest {
  /** A process in the root, which is that folder. */
  readonly pid: number;
  readonly device: number;
  readonly inodeLow: number;
  readonly inodeHigh: number;
  /** Whose files count. */
  readonly owners: readonly number[];
  /** What says whether anything changed since the last reading ({@link BasePaths.watched}); empty before the first. */
  readonly watched: readonly (readonly [string, number | undefined])[];
}

export const Outcome = {
  /** Not answered yet. */
  None: 0,
  Read: 1,
  Unchanged: 2,
  /** The process has gone or has another root, or what is there is too much. */
  Gone: 3,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Places of 32 bits in an answer: the outcome, how many bytes of text follow, a number that grows while it is worked on. */
const OUTCOME = 0, LENGTH = 1, PROGRESS = 2, HEADER_BYTES = 12;
/** Bytes of an answer: the largest system has 10,000 programs. They take no memory before they are written. */
export const ANSWER_BYTES = 1 << 20;

/** Times that readers are asked: dpkg's needs five, for its packages, their files, links, their choices and services. */
const MAX_ROUNDS = 16;
/** Work at a stretch, milliseconds. */
const SLICE_MS = 5;
const EMPTY = cString("");
const UTF8 = new TextDecoder();

export function outcomeOf(answer: SharedArrayBuffer): Outcome {
  return Atomics.load(headerOf(answer), OUTCOME) as Outcome;
}

/** A number that stands still while a file system is waited for. */
export function progressOf(answer: SharedArrayBuffer): number {
  return Atomics.load(headerOf(answer), PROGRESS);
}

function headerOf(answer: SharedArrayBuffer): Int32Array<SharedArrayBuffer> {
  return new Int32Array(answer, 0, HEADER_BYTES / 4);
}

/** The base system in an answer, in steps. */
export function readAnswer(answer: SharedArrayBuffer): Steps<BasePaths> {
  const length = headerOf(answer)[LENGTH]!;
  return BasePaths.parsing(UTF8.decode(new Uint8Array(answer, HEADER_BYTES, length).slice())); // a decoder takes no shared memory
}

/** Makes an answer's memory ready for another. */
export function clearAnswer(answer: SharedArrayBuffer): void {
  Atomics.store(headerOf(answer), OUTCOME, Outcome.None);
}

/** Says what became of a request: the last thing that is done with the answer's memory. */
export function writeAnswer(answer: SharedArrayBuffer, outcome: Outcome, text = new Uint8Array(0)): void {
  const header = headerOf(answer);
  new Uint8Array(answer, HEADER_BYTES).set(text);
  header[LENGTH] = text.length;
  Atomics.store(header, OUTCOME, outcome);
}

/** Reads roots, one after the other or several at once; each takes one thread of the runtime's pool at a time. */
export class RootReader {
  readonly #libc: Libc;
  readonly #procfs: Pick<Procfs, "openRoot" | "reopen">;

  constructor(libc: Libc, procfs: Pick<Procfs, "openRoot" | "reopen">) {
    this.#libc = libc;
    this.#procfs = procfs;
  }

  /** Answers a request; resolves when it has, which may be never. */
  async read(request: RootRequest, answer: SharedArrayBuffer): Promise<void> {
    try {
      await this.#read(request, answer);
    } catch {
      writeAnswer(answer, Outcome.Gone); // whatever is in there must not end more than its reading
    }
  }

  async #read(request: RootRequest, answer: SharedArrayBuffer): Promise<void> {
    const folder = this.#procfs.openRoot(request.pid);
    if (folder === undefined) return writeAnswer(answer, Outcome.Gone);
    using files = new RootFiles(this.#libc, this.#procfs, folder, request.owners);
    const status = new FileStatus(this.#libc);
    // Its file system isn't asked: a root's number in it is known to the kernel as long as it is open.
    const isThere = status.read(folder.fd, EMPTY, c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC) && isOneFile(status, request);
    if (!isThere) return writeAnswer(answer, Outcome.Gone);
    if (request.watched.length > 0 && await isUnchanged(files, request.watched)) {
      return writeAnswer(answer, Outcome.Unchanged);
    }
    const header = headerOf(answer);
    const base = await load(files, () => Atomics.add(header, PROGRESS, 1));
    const text = new TextEncoder().encode(base.text);
    writeAnswer(answer, text.length > ANSWER_BYTES - HEADER_BYTES ? Outcome.Gone : Outcome.Read, text);
  }
}

async function isUnchanged(files: RootFiles, watched: RootRequest["watched"]): Promise<boolean> {
  for (const [path, modified] of watched) if (await files.modified(path) !== modified) return false;
  return true;
}

/** Asks the readers again until they have all that they want. `advance` is called with each file. */
async function load(files: RootFiles, advance: () => void): Promise<BasePaths> {
  const snapshot = new RootSnapshot();
  for (let round = 1;; round++) {
    const base = await finishInSlices(BasePaths.loading(snapshot));
    if (!snapshot.isWanting || round === MAX_ROUNDS) return base;
    await snapshot.fetch(files, advance);
  }
}

/** Does work in steps, with the event loop's turn after every few milliseconds of it. */
async function finishInSlices<T>(steps: Steps<T>): Promise<T> {
  for (let end = performance.now() + SLICE_MS;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + SLICE_MS;
  }
}
