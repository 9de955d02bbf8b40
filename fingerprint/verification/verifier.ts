/**
 * Compares programs of the base system with their packages' digests, in a thread that has an event loop: one after the other, at a
 * bounded share of one CPU, and without waiting for a file system that doesn't answer.
 *
 * @module
 */
import type { Libc } from "../../netlink/mod.ts";
import type { Algorithm, Expected } from "../base/digests/mod.ts";
import { isOneFile } from "../proc/mod.ts";
import { budget, REAL_TIME, type Spend, type Time } from "./budget.ts";
import { hashFile, PIECE_BYTES } from "./hashing.ts";
import { PackageDigests } from "./package_digests.ts";
import { type Doubt, type Identity, Verdict, type VerifyRequest } from "./request.ts";
import { isSame, type Opener, type OpenFile, RootFolder } from "./root_folder.ts";

/** Share of one CPU. */
const SHARE = 0.05;
/** What a program takes beside the hashing: to be opened and looked at in another thread, and closed; measured. */
const OVERHEAD_MS = 1;
/** A file system that doesn't answer for so long is left alone, milliseconds. */
const PATIENCE_MS = 5000;
/** Questions left behind that way; when there are so many, nothing more is looked at until one of them ends. */
const MAX_STUCK = 4;
/** Questions that wait. Further ones are answered with "unverified": the worker asks again when the program changes. */
const MAX_WAITING = 4096;
/** Programs that are put off at a time: an upgrade replaces a few hundred, of which some are launched meanwhile. */
const MAX_SETTLING = 256;
/** Packages whose digests are read at once, where several are asked for. */
const PACKAGES_AT_ONCE = 64;
/** A program that differs while packages are installed is looked at again after so long, and believed to differ after the other. */
const AGAIN_MS = 1000, SETTLED_MS = 60_000;

/** An answer, with why nobody can tell. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly doubt?: Doubt;
}

interface Found {
  readonly identity: Identity;
  readonly bytes: number;
  readonly modifiedSeconds: number;
  readonly digests: Map<Algorithm, string>;
}

/** A file that isn't what the database said in that state. */
interface Doubtful {
  readonly found: Found;
  readonly state: string;
}

const CONFIGURATION: Judgement = {
  verdict: Verdict.Unverified,
  doubt: "a configuration file, which the administrator may edit",
};
const NO_DIGEST: Judgement = { verdict: Verdict.Unverified, doubt: "its package has no digest of it" };
const UNREADABLE: Judgement = { verdict: Verdict.Unverified, doubt: "the file can't be read" };
const CHANGED: Judgement = { verdict: Verdict.Unverified, doubt: "the file changed meanwhile" };
const UNCHANGED: Judgement = { verdict: Verdict.Unchanged }, MODIFIED: Judgement = { verdict: Verdict.Modified };

export interface VerifierParts {
  readonly time?: Time;
  readonly digests?: Pick<PackageDigests, "of" | "state" | "isBusy">;
  /** Of one CPU, above 0. */
  readonly share?: number;
}

export class Verifier {
  readonly #libc: Libc;
  readonly #procfs: Opener;
  readonly #time: Time;
  readonly #spend: Spend;
  readonly #digests: Pick<PackageDigests, "of" | "state" | "isBusy">;
  readonly #answer: (key: number, judgement: Judgement) => void;
  /** Those that were launched, and those that ran before. */
  readonly #waiting: [VerifyRequest[], VerifyRequest[]] = [[], []];
  #buffer = new Uint8Array(PIECE_BYTES);
  #isRunning = false;
  #stuck = 0;
  #settling = 0;
  /** When something last came of what is looked at, and how it is left behind. */
  #movedMs = 0;
  #leave: () => void = () => {};
  #isClosed = false;

  /** Each question is answered once, by `answer`; one whose file system doesn't answer perhaps never. */
  constructor(
    libc: Libc,
    procfs: Opener,
    answer: (key: number, judgement: Judgement) => void,
    { time = REAL_TIME, digests, share = SHARE }: VerifierParts = {},
  ) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#answer = answer;
    this.#time = time;
    this.#spend = budget(share, time);
    this.#digests = digests ?? new PackageDigests(libc, procfs, this.#spend, time);
  }

  /** Takes questions; they are looked at in their order, those about launches first. */
  ask(requests: readonly VerifyRequest[]): void {
    for (const request of requests) {
      const queue = this.#waiting[request.isEarlier ? 1 : 0];
      if (queue.length < MAX_WAITING) queue.push(request);
      else this.#tell(request, UNREADABLE);
    }
    if (!this.#isRunning) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const rest = this.#time.every(PATIENCE_MS / 5, () => {
      if (this.#time.now() - this.#movedMs >= PATIENCE_MS) this.#leave();
    });
    while (!this.#isClosed && this.#stuck < MAX_STUCK) {
      const request = this.#waiting[0].shift() ?? this.#waiting[1].shift();
      if (request === undefined) break;
      await this.#withPatience(request);
    }
    rest();
    this.#isRunning = false;
  }

  /** Looks at a program; resolves too when that has not come on for too long. */
  async #withPatience(request: VerifyRequest): Promise<void> {
    let isDone = false, isLeft = false;
    const left = Promise.withResolvers<void>();
    this.#leave = left.resolve;
    const advance = () => void (this.#movedMs = this.#time.now());
    advance();
    const work = this.#judge(request, advance).catch(() => UNREADABLE).then((judged) => {
      isDone = true;
      if ("found" in judged) this.#doubt(request, judged);
      else this.#tell(request, judged);
      if (!isLeft) return;
      this.#stuck--;
      if (!this.#isRunning) void this.#run();
    });
    await Promise.race([work, left.promise]);
    if (isDone) return;
    isLeft = true;
    this.#stuck++;
    this.#buffer = new Uint8Array(PIECE_BYTES); // the other is still read into
  }

  /** Puts a doubtful case off, while others are looked at. */
  #doubt(request: VerifyRequest, doubtful: Doubtful): void {
    if (this.#settling >= MAX_SETTLING) return this.#tell(request, CHANGED);
    this.#settling++;
    void this.#settle(request, doubtful).catch(() => UNREADABLE).then((judgement) => {
      this.#settling--;
      this.#tell(request, judgement);
    });
  }

  #tell({ key }: VerifyRequest, judgement: Judgement): void {
    if (!this.#isClosed) this.#answer(key, judgement);
  }

  /** Looks at a program. `advance` is called whenever something came of it. */
  async #judge(request: VerifyRequest, advance: () => void): Promise<Judgement | Doubtful> {
    await this.#spend(OVERHEAD_MS);
    const state = await this.#digests.state(request);
    advance();
    const expected = await this.#expected(request, state);
    advance();
    if (expected.includes("configuration")) return CONFIGURATION;
    const found = await this.#look(request, expected, advance);
    if (!("digests" in found)) return found;
    return compare(expected, found) ?? { found, state };
  }

  /**
   * A file that differs, or of which nothing is known, while packages are installed: dpkg puts files in their places before it
   * writes their digests down. So it is looked up again in the changed database, until that is quiet.
   */
  async #settle(request: VerifyRequest, { found, state }: Doubtful): Promise<Judgement> {
    const endMs = this.#time.now() + SETTLED_MS;
    for (let known = state;;) {
      const text = await this.#digests.state(request);
      const expected = await this.#expected(request, text);
      const algorithms = algorithmsOf(expected);
      // Digests of another kind than before: the file is read again, by the next question about it.
      if (algorithms.some((one) => !found.digests.has(one))) return CHANGED;
      const judged = expected.includes("configuration") ? CONFIGURATION : compare(expected, found);
      if (judged !== undefined) return judged;
      const isQuiet = text === known && !await this.#digests.isBusy(request);
      if (isQuiet || this.#time.now() >= endMs) {
        if (expected.length === 0) return NO_DIGEST;
        return await this.#isThere(request, found.identity) ? MODIFIED : CHANGED; // meanwhile another may lie there
      }
      known = text;
      await this.#time.sleep(AGAIN_MS);
    }
  }

  /** Whether a file is the one that lies at its path. */
  async #isThere({ root, path }: VerifyRequest, identity: Identity): Promise<boolean> {
    using folder = RootFolder.open(this.#libc, this.#procfs, root);
    const file = await folder?.openFile(path);
    if (folder === undefined || file === undefined) return false;
    await folder.close(file);
    return isSame(file.identity, identity);
  }

  async #expected(request: VerifyRequest, state: string): Promise<readonly Expected[]> {
    return await this.#digests.of(request, request.path, request.package, this.#nextPackages(request), state);
  }

  /** Packages of programs of the same root that wait. */
  #nextPackages({ root, origin }: VerifyRequest): Set<string> {
    const packages = new Set<string>();
    for (const waiting of this.#waiting.flat()) {
      const isSameRoot = root === waiting.root || root && waiting.root && isOneFile(root, waiting.root);
      if (isSameRoot && waiting.origin === origin) packages.add(waiting.package);
      if (packages.size >= PACKAGES_AT_ONCE) break;
    }
    return packages;
  }

  async #look(request: VerifyRequest, expected: readonly Expected[], advance: () => void): Promise<Found | Judgement> {
    using folder = RootFolder.open(this.#libc, this.#procfs, request.root);
    const file = await folder?.openFile(request.path);
    advance();
    if (folder === undefined || file === undefined) return UNREADABLE;
    try {
      return await this.#lookAt(folder, file, request, expected, advance);
    } finally {
      await folder.close(file);
    }
  }

  async #lookAt(
    folder: RootFolder,
    file: OpenFile,
    { identity = file.identity }: VerifyRequest,
    expected: readonly Expected[],
    advance: () => void,
  ): Promise<Found | Judgement> {
    if (!isSame(file.identity, identity)) return CHANGED;
    const digests = await hashFile(
      folder,
      file,
      algorithmsOf(expected),
      this.#buffer,
      this.#spend,
      this.#time,
      advance,
    );
    if (digests === undefined) return UNREADABLE;
    const after = folder.identity(file);
    if (after === undefined || !isSame(after, identity)) return CHANGED;
    return { identity, bytes: file.size, modifiedSeconds: file.modifiedSeconds, digests };
  }
}

function algorithmsOf(expected: readonly Expected[]): Algorithm[] {
  const found = new Set<Algorithm>();
  for (const one of expected) if (typeof one === "object" && "digest" in one) found.add(one.algorithm);
  return [...found];
}

/** Unchanged, where a file is what one of its packages says; else undefined. */
function compare(expected: readonly Expected[], found: Found): Judgement | undefined {
  const fits = expected.some((one) => {
    if (typeof one === "string") return false;
    if ("digest" in one) return found.digests.get(one.algorithm) === one.digest;
    return one.bytes === found.bytes && one.modifiedSeconds === found.modifiedSeconds;
  });
  return fits ? UNCHANGED : undefined;
}
