/**
 * Digests of apk's packages: a line `Z:` behind that of a file in the database, with the kind of the digest, `Q1` for SHA-1 and
 * `Q2` for SHA-256, and its bytes in Base64 (apk-installed(5), apk_blob_pull_csum() of apk-tools 2.14). A link has the digest of the
 * path that it leads to.
 *
 * @module
 */
import { addTo, type Files, mayRun, mergePath, type Steps } from "../database/mod.ts";
import { APK_DATABASES } from "../mod.ts";
import type { Digests, Expected } from "./expected.ts";

/** The administrator's to edit (`/etc/apk/protected_paths.d` can say otherwise; this is the first of the built-in ones). */
const PROTECTED = "/etc/";

const ALGORITHMS = { Q1: ["sha1", 20], Q2: ["sha256", 32] } as const;

export function* apkDigests(files: Files, packages: Iterable<string>, digests: Digests): Steps<void> {
  const wanted = new Set(packages);
  for (const database of APK_DATABASES) {
    for (const paragraph of files.readText(database)?.split("\n\n") ?? []) {
      const name = /^P:(.+)$/m.exec(paragraph)?.[1];
      if (name === undefined || !wanted.has(name)) continue;
      yield;
      addFiles(paragraph, digests);
    }
  }
}

function addFiles(paragraph: string, digests: Digests): void {
  let folder = "/", path = "";
  for (const line of paragraph.split("\n")) {
    const field = line.slice(0, 2), value = line.slice(2);
    if (field === "F:") folder = value === "" ? "/" : `/${value}/`;
    else if (field === "R:") path = mergePath(folder + value);
    else if (field === "Z:" && mayRun(path)) {
      const expected = path.startsWith(PROTECTED) ? "configuration" : digestOf(value);
      if (expected !== undefined) addTo(digests, path, expected);
    }
  }
}

/** `Q1` and Base64 → the digest; undefined for another kind, or one that is damaged. */
function digestOf(text: string): Expected | undefined {
  const kind = text.slice(0, 2);
  if (kind !== "Q1" && kind !== "Q2") return undefined;
  const [algorithm, bytes] = ALGORITHMS[kind];
  try {
    const digest = Array.from(atob(text.slice(2)), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"));
    return digest.length === bytes ? { algorithm, digest: digest.join("") } : undefined;
  } catch {
    return undefined;
  }
}
