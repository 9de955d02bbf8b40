/**
 * Digests of rpm's packages.
 *
 * @module
 */
import { addTo, type Files, mayRun, type Steps } from "../database/mod.ts";
import { rpmFiles } from "../rpm/mod.ts";
import type { Algorithm, Digests } from "./expected.ts";

/** By RFC 4880's numbers, section 9.4. */
const ALGORITHMS: Readonly<Record<number, Algorithm>> = { 1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512" };

export function* rpmDigests(files: Files, packages: Iterable<string>, digests: Digests): Steps<void> {
  yield* rpmFiles(files, new Set(packages), ({ path, digest, bytes, modifiedSeconds, isConfiguration, ...file }) => {
    const algorithm = ALGORITHMS[file.algorithm];
    if (!mayRun(path)) return;
    if (isConfiguration) addTo(digests, path, "configuration");
    else if (digest === "") addTo(digests, path, { bytes, modifiedSeconds });
    else if (algorithm !== undefined) addTo(digests, path, { algorithm, digest });
  });
}
