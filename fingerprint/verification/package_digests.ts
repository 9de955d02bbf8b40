/**
 * What packages say of their programs, of one root after the other: read when it is asked for, kept until its database changes.
 *
 * @module
 */
import type { Libc } from "../../netlink/mod.ts";
import { denoFiles, type Files, mergePath, type Origin, type Steps } from "../base/mod.ts";
import { databaseState, type Digests, type Expected, lockFiles, readDigests, readsAll } from "../base/digests/mod.ts";
import { RootFiles, RootSnapshot } from "../programs/mod.ts";
import type { Spend, Time } from "./budget.ts";
import type { RootAccess } from "./request.ts";
import { type Opener, RootFolder } from "./root_folder.ts";

/** Work at a stretch, milliseconds. */
const SLICE_MS = 2;
/** Times that a reader is asked of another root: it asks for a folder, for files in it, and for files that those name. */
const MAX_ROUNDS = 4;
/** Programs whose digests are kept, of all roots. */
const MAX_KEPT = 8192;
/** After the last change of a database packages may still be under way, milliseconds. */
const QUIET_MS = 3000;

/** Where a package is looked up. */
export interface DigestSource {
  readonly origin: Origin;
  readonly root?: RootAccess;
}

interface Kept {
  readonly state: string;
  readonly packages: Set<string>;
  readonly digests: Digests;
}

export class PackageDigests {
  readonly #libc: Libc;
  readonly #procfs: Opener;
  readonly #spend: Spend;
  readonly #time: Time;
  readonly #host: Files;
  readonly #unixMs: () => number;
  readonly #kept = new Map<string, Kept>();

  /** `host` has the machine's own files; `unixMs` is Unix time in milliseconds. */
  constructor(libc: Libc, procfs: Opener, spend: Spend, time: Time, host = denoFiles(), unixMs = Date.now) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#spend = spend;
    this.#time = time;
    this.#host = host;
    this.#unixMs = unixMs;
  }

  /** What a package says of a program; none where it says nothing. `others` are packages that will be asked for next. */
  async of(
    source: DigestSource,
    path: string,
    name: string,
    others: Iterable<string>,
    state: string,
  ): Promise<readonly Expected[]> {
    const key = keyOf(source);
    let kept = this.#kept.get(key);
    if (kept?.state !== state) kept = { state, packages: new Set(), digests: new Map() };
    if (!kept.packages.has(name)) {
      const packages = new Set([name, ...readsAll(source.origin) ? others : []]);
      const digests = await this.#read(source.root, (files) => readDigests(source.origin, files, packages));
      if (digests === undefined) return []; // the root has gone, or the process by which it was reached
      for (const one of packages) kept.packages.add(one);
      for (const [path, expected] of digests) kept.digests.set(path, expected);
      this.#keep(key, kept);
    }
    return kept.digests.get(mergePath(path)) ?? [];
  }

  /** A text that is another after each change of a root's database. */
  async state({ origin, root }: DigestSource): Promise<string> {
    return (await this.#read(root, (files) => stateOf(origin, files)))?.state ?? "";
  }

  /** Whether packages are being installed in a root, or were a moment ago. */
  async isBusy({ origin, root }: DigestSource): Promise<boolean> {
    const modified = (await this.#read(root, (files) => stateOf(origin, files)))?.modified ?? 0;
    if (this.#unixMs() - modified < QUIET_MS) return true;
    using folder = RootFolder.open(this.#libc, this.#procfs, root);
    if (folder === undefined) return false;
    const { paths, byExistence } = lockFiles(origin);
    for (const path of paths) {
      if (byExistence ? await folder.exists(path) : await folder.isLocked(path)) return true;
    }
    return false;
  }

  /** Lets a reader of files read those of a root; undefined where that has gone. */
  async #read<T>(root: RootAccess | undefined, reader: (files: Files) => Steps<T>): Promise<T | undefined> {
    if (root === undefined) return await this.#finish(reader(this.#host));
    const folder = this.#procfs.openRoot(root.pid);
    if (folder === undefined) return undefined;
    using files = new RootFiles(this.#libc, this.#procfs, folder, root.owners);
    const snapshot = new RootSnapshot();
    for (let round = 1;; round++) {
      const value = await this.#finish(reader(snapshot));
      if (!snapshot.isWanting || round === MAX_ROUNDS) return value;
      await snapshot.fetch(files, () => {});
    }
  }

  async #finish<T>(steps: Steps<T>): Promise<T> {
    for (let start = this.#time.now();;) {
      const { done, value } = steps.next(), workMs = this.#time.now() - start;
      if (done !== true && workMs < SLICE_MS) continue;
      await this.#spend(workMs);
      if (done === true) return value;
      start = this.#time.now();
    }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    let count = 0;
    for (const { digests } of this.#kept.values()) count += digests.size;
    for (const [oldest, { digests }] of this.#kept) {
      if (count <= MAX_KEPT || oldest === key) break;
      count -= digests.size;
      this.#kept.delete(oldest);
    }
  }
}

function* stateOf(origin: Origin, files: Files): Steps<ReturnType<typeof databaseState>> {
  yield;
  return databaseState(origin, files);
}

function keyOf({ root }: DigestSource): string {
  return root === undefined ? "" : `${root.device} ${root.inodeLow} ${root.inodeHigh}`;
}
