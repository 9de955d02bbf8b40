/**
 * Digests of rpm's packages, out of their headers (rpmtag.h, rpmfi.h, rpmpgp.h of rpm 4.18).
 *
 * @module
 */
import { type Files, mergePath, type Steps } from "../database/mod.ts";
import { RpmHeader, Tag } from "./header.ts";
import { headersOf } from "./packages.ts";

/** What a header says of a regular file. */
export interface RpmFile {
  /** As `mergePath` spells it. */
  readonly path: string;
  /** RFC 4880's number of the algorithm: 1 MD5, 2 SHA-1, 8 SHA-256, 9 SHA-384, 10 SHA-512. */
  readonly algorithm: number;
  /** Hexadecimal digits; empty where there is none. */
  readonly digest: string;
  readonly bytes: number;
  readonly modifiedSeconds: number;
  /** Whether the administrator may edit it, or it isn't brought along (RPMFILE_CONFIG, RPMFILE_GHOST). */
  readonly isConfiguration: boolean;
}

const CONFIG = 1 << 0, GHOST = 1 << 6;
const MD5 = 1;

/** Gives the programs of the packages to `add`; a name may be that of several, one for each architecture or version. */
export function* rpmFiles(files: Files, packages: ReadonlySet<string>, add: (file: RpmFile) => void): Steps<void> {
  for (const read of headersOf(files)) {
    yield;
    const header = RpmHeader.parse(read?.());
    if (header !== undefined && packages.has(header.strings(Tag.Name)[0] ?? "")) addFiles(header, add);
  }
}

function addFiles(header: RpmHeader, add: (file: RpmFile) => void): void {
  const folders = header.strings(Tag.DirNames), indexes = header.integers(Tag.DirIndexes);
  const modes = header.integers(Tag.FileModes), flags = header.integers(Tag.FileFlags);
  const sizes = header.integers(Tag.FileSizes), times = header.integers(Tag.FileTimes);
  const digests = header.strings(Tag.FileDigests), algorithm = header.integers(Tag.FileDigestAlgorithm)[0] ?? MD5;
  header.strings(Tag.BaseNames).forEach((name, i) => {
    const mode = modes[i] ?? 0;
    if ((mode & 0o170000) !== 0o100000 || (mode & 0o111) === 0) return;
    const path = mergePath((folders[indexes[i] ?? -1] ?? "") + name);
    const isConfiguration = ((flags[i] ?? 0) & (CONFIG | GHOST)) !== 0;
    const file = {
      algorithm,
      digest: digests[i] ?? "",
      bytes: sizes[i] ?? 0,
      modifiedSeconds: times[i] ?? 0,
      isConfiguration,
    };
    add({ path, ...file });
    // Where /usr/sbin is a link to /usr/bin (Fedora 42), a package built for either is found by the other name.
    if (path.startsWith("/usr/sbin/")) add({ path: `/usr/bin/${name}`, ...file });
  });
}
