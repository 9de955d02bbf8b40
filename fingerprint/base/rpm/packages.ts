/**
 * Base programs by rpm's database: Fedora, Red Hat, SUSE and what derives from them. The formats of rpm 4.16 and later,
 * SQLite and SUSE's ndb, and Berkeley DB before.
 *
 * @module
 */

import { bdbBlobs } from "./bdb.ts";
import { type BasePackages, type Closure, closure, type Files, mayRun, type Steps } from "../database/mod.ts";
import { ndbBlobs } from "./ndb.ts";
import { type BlobReader, isLink, isProgram, parseHeader, Tag, visitFiles } from "./header.ts";
import { sqliteBlobs } from "./sqlite.ts";

/** `%_dbpath`: SUSE's, and Fedora's since 36; Red Hat's, and theirs before. */
const FOLDERS = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];

/**
 * What every system of these families begins with: the mandatory packages of the group Core (Fedora and Red Hat, comps.xml) and
 * of the pattern minimal_base (SUSE). What they require is base too.
 */
const ROOTS =
  ("setup basesystem filesystem bash coreutils coreutils-single util-linux util-linux-core util-linux-systemd systemd glibc " +
    "glibc-common rpm dnf dnf5 microdnf yum zypper grep sed gawk findutils tar gzip xz bzip2 cpio less diffutils file which hostname " +
    "procps procps-ng iproute iproute2 iputils kbd ncurses shadow-utils shadow passwd pam e2fsprogs parted kmod dracut audit curl " +
    "openssh-clients man-db vim-minimal policycoreutils rootfiles initscripts crypto-policies ca-certificates aaa_base " +
    "patterns-base-minimal_base").split(" ");

/** The files of the formats, the newest first: a database that was converted may have left the old one behind. */
const FORMATS: readonly (readonly [string, (files: Files, path: string) => Iterable<BlobReader | undefined>])[] = [
  ["rpmdb.sqlite", sqliteBlobs],
  ["Packages.db", ndbBlobs],
  ["Packages", bdbBlobs],
];

export const RPM_DATABASES = FOLDERS.flatMap((folder) => FORMATS.map(([name]) => `${folder}/${name}`));
/** The lock of each: `%_rpmlock_path` of rpm's macros is `%{_dbpath}/.rpm.lock`. */
export const RPM_LOCKS = FOLDERS.map((folder) => `${folder}/.rpm.lock`);

interface Package extends Closure {
  readonly name: string;
  /** Reads the package's header again: kept, the headers of a large system take tens of megabytes. */
  readonly header: () => Uint8Array | undefined;
}

/** The packages that a bare system consists of; `undefined` where there is no database of rpm that can be read. */
export function* readRpm(files: Files): Steps<BasePackages | undefined> {
  for (const folder of FOLDERS) {
    for (const [name, blobs] of FORMATS) {
      const database = `${folder}/${name}`;
      const modified = files.modified(database);
      if (modified === undefined) continue;
      const base = closure(yield* readPackages(blobs(files, database)), ROOTS);
      const programs: string[] = [], owners: number[] = [];
      for (const [i, one] of base.entries()) {
        addPrograms(programs, one);
        while (owners.length < programs.length) owners.push(i);
        yield;
      }
      if (programs.length > 0) return { database, modified, packages: base.map((one) => one.name), programs, owners };
    }
  }
  return undefined;
}

/** The headers of the first database that has any. */
export function* headersOf(files: Files): Generator<BlobReader | undefined> {
  for (const folder of FOLDERS) {
    for (const [name, blobs] of FORMATS) {
      let hasAny = false;
      for (const read of blobs(files, `${folder}/${name}`)) {
        hasAny ||= read !== undefined;
        yield read;
      }
      if (hasAny) return;
    }
  }
}

function* readPackages(blobs: Iterable<BlobReader | undefined>): Steps<Package[]> {
  const packages: Package[] = [];
  for (const read of blobs) {
    yield;
    if (read === undefined) continue; // a step without a package
    const header = parseHeader(read());
    const name = header?.strings(Tag.Name)[0];
    if (header === undefined || name === undefined) continue;
    const provides = [name, ...header.strings(Tag.ProvideName)];
    packages.push({ name, provides, requires: header.strings(Tag.RequireName), header: read });
  }
  return packages;
}

/** Adds the files of a package that are regular and may be run, and links to such, by the names of their folders. */
function addPrograms(programs: string[], one: Package): void {
  const header = parseHeader(one.header());
  if (header === undefined) return;
  visitFiles(header, (mode) => isProgram(mode) || isLink(mode), (path) => {
    if (path.startsWith("/") && mayRun(path)) programs.push(path);
  });
}
