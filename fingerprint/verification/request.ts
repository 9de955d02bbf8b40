/**
 * What the worker asks about programs of the base system, and what it is answered.
 *
 * @module
 */
import type { Origin } from "../base/mod.ts";
import type { FileIdentity, FilePlace } from "../proc/mod.ts";
import type { RootRequest } from "../programs/mod.ts";

/** Which file it is, and in which state. Another file, or another content, is another identity. */
export type Identity = Pick<FileIdentity, keyof FilePlace | "changedSeconds" | "changedNanoseconds">;

/** How another root is reached: by a process in it, which is that folder; files of others than these users don't count. */
export type RootAccess = Omit<RootRequest, "watched">;

/** Whether a program is what its package brought. */
export interface VerifyRequest {
  /** The worker's number for this question. */
  readonly key: number;
  /** The program, from its root. */
  readonly path: string;
  /** Its package, as `BasePaths.packageOf` names it, and the database that has that. */
  readonly package: string;
  readonly origin: Origin;
  /** Undefined: whichever file is there. */
  readonly identity?: Identity;
  /** Undefined: the machine's own. */
  readonly root?: RootAccess;
  /** Whether it ran before this process began to watch: others go first. */
  readonly isEarlier: boolean;
}

export const Verdict = {
  /** It is what its package brought. */
  Unchanged: 1,
  /** It is not. */
  Modified: 2,
  /** Nobody can tell: no digest, a file that the administrator may edit, one that can't be read or that has changed meanwhile. */
  Unverified: 3,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Why nobody can tell, in words that follow "unverified: ". */
export type Doubt =
  | "its package has no digest of it"
  | "a configuration file, which the administrator may edit"
  | "the file can't be read"
  | "the file changed meanwhile"
  | "no answer in time";
