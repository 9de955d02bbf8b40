/**
 * Digests of rpm's packages, out of their headers (rpmtag.h, rpmfi.h, rpmpgp.h of rpm 4.18).
 *
 * @module
 */
import type { Files, Steps } from "../database/mod.ts";
import { isProgram, parseHeader, type RpmHeader, Tag, visitFiles } from "./header.ts";
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
    const header = parseHeader(read?.());
    if (header !== undefined && packages.has(header.strings(Tag.Name)[0] ?? "")) addFiles(header, add);
  }
}

function addFiles(header: RpmHeader, add: (file: RpmFile) => void): void {
  const flags = header.integers(Tag.FileFlags), sizes = header.integers(Tag.FileSizes);
  const times = header.integers(Tag.FileTimes), digests = header.strings(Tag.FileDigests);
  const algorithm = header.integers(Tag.FileDigestAlgorithm)[0] ?? MD5;
  visitFiles(header, isProgram, (path, i) => {
    const digest = digests[i] ?? "", bytes = sizes[i] ?? 0, modifiedSeconds = times[i] ?? 0;
    add({
      path,
      algorithm,
      digest,
      bytes,
      modifiedSeconds,
      isConfiguration: ((flags[i] ?? 0) & (CONFIG | GHOST)) !== 0,
    });
  });
}
