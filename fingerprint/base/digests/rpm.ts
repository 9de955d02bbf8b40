/**
 * Digests of rpm's packages, out of their headers (rpmtag.h, rpmfi.h of rpm 4.18).
 *
 * @module
 */
import { addTo, type Files, mayRun, type Steps } from "../database/mod.ts";
import { headersOf, isProgram, parseHeader, type RpmHeader, Tag, visitFiles } from "../rpm/mod.ts";
import type { Algorithm, Digests } from "./expected.ts";

/** By RFC 4880's numbers, section 9.4. */
const ALGORITHMS: Readonly<Record<number, Algorithm>> = { 1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512" };
const MD5 = 1;

/** Flags of a file that the administrator may edit, or that isn't brought along (RPMFILE_CONFIG, RPMFILE_GHOST). */
const CONFIG = 1 << 0, GHOST = 1 << 6;

/** A name may be that of several packages, one for each architecture or version. */
export function* rpmDigests(files: Files, packages: Iterable<string>, digests: Digests): Steps<void> {
  const wanted = new Set(packages);
  for (const read of headersOf(files)) {
    yield;
    const header = parseHeader(read?.());
    if (header !== undefined && wanted.has(header.strings(Tag.Name)[0] ?? "")) addFiles(header, digests);
  }
}

function addFiles(header: RpmHeader, digests: Digests): void {
  const flags = header.integers(Tag.FileFlags), sizes = header.integers(Tag.FileSizes);
  const times = header.integers(Tag.FileTimes), texts = header.strings(Tag.FileDigests);
  const algorithm = ALGORITHMS[header.integers(Tag.FileDigestAlgorithm)[0] ?? MD5];
  visitFiles(header, isProgram, (path, i) => {
    const digest = texts[i] ?? "";
    if (!mayRun(path)) return;
    if (((flags[i] ?? 0) & (CONFIG | GHOST)) !== 0) addTo(digests, path, "configuration");
    else if (digest === "") addTo(digests, path, { bytes: sizes[i] ?? 0, modifiedSeconds: times[i] ?? 0 });
    else if (algorithm !== undefined) addTo(digests, path, { algorithm, digest });
  });
}
