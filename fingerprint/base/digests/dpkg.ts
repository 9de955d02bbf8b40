/**
 * Digests of dpkg's packages: `/var/lib/dpkg/info/PACKAGE.md5sums`, which dh_md5sums(1) makes and dpkg --verify compares with.
 *
 * A line is 32 hexadecimal digits, two blanks and a path without its first slash. Configuration files (deb-conffiles(5)) aren't among
 * them: they are the administrator's to edit.
 *
 * @module
 */
import { addTo, type Files, mayRun, mergePath, type Steps } from "../database/mod.ts";
import { DPKG_INFO, readDiversions } from "../mod.ts";
import type { Digests } from "./expected.ts";

const LINE = /^([0-9a-f]{32}) [ *](?:\.?\/)?(.+)$/;

/** Adds what the packages, by the names of their files in that folder, say of their programs. */
export function* dpkgDigests(files: Files, packages: Iterable<string>, digests: Digests): Steps<void> {
  const diversions = readDiversions(files);
  for (const name of packages) {
    yield;
    const placeOf = (path: string) => diversions.placeOf(mergePath(path), name);
    for (const line of files.readText(`${DPKG_INFO}${name}.md5sums`)?.split("\n") ?? []) {
      const [, digest, file] = LINE.exec(line) ?? [];
      const path = placeOf(`/${file}`);
      if (digest !== undefined && mayRun(path)) addTo(digests, path, { algorithm: "md5", digest });
    }
    for (const line of files.readText(`${DPKG_INFO}${name}.conffiles`)?.split("\n") ?? []) {
      const start = line.indexOf("/"); // behind a flag: `remove-on-upgrade /etc/x`
      if (start < 0) continue;
      const path = placeOf(line.slice(start));
      if (mayRun(path)) addTo(digests, path, "configuration");
    }
  }
}
