/**
 * The readers of digests, by the database that they read, and how to tell that packages are being installed.
 *
 * @module
 */
import type { Files, Steps } from "../database/mod.ts";
import { APK_DATABASES, DIVERSIONS, DPKG_INFO, DPKG_STATUS, type Origin, PACMAN_LOCAL } from "../mod.ts";
import { RPM_DATABASES, RPM_LOCKS } from "../rpm/mod.ts";
import { apkDigests } from "./apk.ts";
import { dpkgDigests } from "./dpkg.ts";
import type { Digests } from "./expected.ts";
import { pacmanDigests } from "./pacman.ts";
import { rpmDigests } from "./rpm.ts";

interface Database {
  readonly read: (files: Files, packages: Iterable<string>, digests: Digests) => Steps<void>;
  /** Whether each package has files of its own; else they are all in one, which is read whole. */
  readonly isByPackage: boolean;
  /** What changes when a package does. */
  readonly files: readonly string[];
  /** Locked while packages are installed, one of them; of pacman it is there only then. */
  readonly locks: readonly string[];
}

const DATABASES: Readonly<Record<Origin, Database | undefined>> = {
  dpkg: {
    read: dpkgDigests,
    isByPackage: true,
    files: [DPKG_STATUS, DPKG_INFO, DIVERSIONS],
    locks: ["/var/lib/dpkg/lock"],
  },
  apk: { read: apkDigests, isByPackage: false, files: APK_DATABASES, locks: ["/lib/apk/db/lock"] },
  rpm: { read: rpmDigests, isByPackage: false, files: RPM_DATABASES, locks: RPM_LOCKS },
  pacman: { read: pacmanDigests, isByPackage: true, files: [PACMAN_LOCAL], locks: ["/var/lib/pacman/db.lck"] },
  nix: undefined,
  "built-in": undefined,
};

/**
 * What the packages say of their programs; each is named as `BasePaths.packageOf` has it. None for a package that is unknown, or whose
 * entry is damaged. Files are read at each call: the caller keeps what it needs.
 */
export function* readDigests(origin: Origin, files: Files, packages: Iterable<string>): Steps<Digests> {
  const digests: Digests = new Map();
  yield* DATABASES[origin]?.read(files, packages, digests) ?? [];
  return digests;
}

/** Whether the digests of one package are read for the same as those of many. */
export function readsAll(origin: Origin): boolean {
  return DATABASES[origin]?.isByPackage === false;
}

/** When the database last changed, milliseconds since 1970, and a text that is another after each change. */
export function databaseState(origin: Origin, files: Files): { readonly modified: number; readonly state: string } {
  const times = DATABASES[origin]?.files.map((path) => files.modified(path)) ?? [];
  return { modified: Math.max(0, ...times.map((time) => time ?? 0)), state: times.join() };
}

/** The files of which one is locked while packages are installed, and whether that one is there says so. */
export function lockFiles(origin: Origin): { readonly paths: readonly string[]; readonly byExistence: boolean } {
  return { paths: DATABASES[origin]?.locks ?? [], byExistence: origin === "pacman" };
}
