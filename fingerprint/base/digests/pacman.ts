/**
 * Digests of pacman's packages: the file `mtree` of each, compressed by gzip, of lines `./usr/bin/ls time=1.0 size=2 sha256digest=…`
 * (mtree(5), alpm-mtree(5)). What a line doesn't say is as the last `/set` line has it. Configuration files are the section
 * BACKUP of the package's `files`.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { addTo, type Files, mayRun, mergePath, type Steps } from "../database/mod.ts";
import { PACMAN_LOCAL, pacmanSection } from "../mod.ts";
import type { Digests, Expected } from "./expected.ts";

/** The largest, of a kernel or a TeX, has some hundred kilobytes; a damaged or hostile one may grow without end. */
const MAX_COMPRESSED = 4 << 20;
const PIECE = 64 << 10;
const MAX_TEXT = 32 << 20;

export function* pacmanDigests(files: Files, packages: Iterable<string>, digests: Digests): Steps<void> {
  const wanted = new Set(packages);
  for (const name of files.list(PACMAN_LOCAL) ?? []) {
    if (!wanted.has(name.replace(/-[^-]+-[^-]+$/, ""))) continue; // version and release follow the name
    yield;
    const folder = `${PACMAN_LOCAL}/${name}`, text = readGzip(files, `${folder}/mtree`);
    if (text === undefined) continue;
    const backups = new Set(
      pacmanSection(files.readText(`${folder}/files`) ?? "", "BACKUP").map((line) => `/${line.split("\t")[0]}`),
    );
    let usual: Readonly<Record<string, string>> = {};
    for (const line of text.split("\n")) {
      const [name = "", ...words] = line.split(" ");
      const values = Object.fromEntries(words.map((word) => word.split("=", 2)));
      if (name === "/set") usual = values;
      if (!name.startsWith("./") || (values.type ?? usual.type ?? "file") !== "file") continue;
      const file = unescape(name.slice(1)), path = mergePath(file);
      const expected = backups.has(file) ? "configuration" : expectedOf(values);
      if (expected !== undefined && mayRun(path)) addTo(digests, path, expected);
    }
  }
}

function expectedOf(
  { sha256digest, sha256, md5digest, md5, size, time }: Record<string, string>,
): Expected | undefined {
  if (/^[0-9a-f]{64}$/.test(sha256digest ?? sha256 ?? "")) {
    return { algorithm: "sha256", digest: sha256digest ?? sha256! };
  }
  if (/^[0-9a-f]{32}$/.test(md5digest ?? md5 ?? "")) return { algorithm: "md5", digest: md5digest ?? md5! };
  const bytes = Number(size), modifiedSeconds = Math.floor(Number(time));
  return Number.isNaN(bytes + modifiedSeconds) ? undefined : { bytes, modifiedSeconds };
}

/** Blanks and other bytes are three octal digits behind a backslash. */
function unescape(name: string): string {
  if (!name.includes("\\")) return name;
  const bytes: number[] = [];
  const encoded = new TextEncoder().encode(name);
  for (let i = 0; i < encoded.length; i++) {
    const octal = encoded[i] === 0x5c
      ? /^[0-3][0-7]{2}/.exec(String.fromCharCode(...encoded.subarray(i + 1, i + 4)))
      : null;
    bytes.push(octal === null ? encoded[i]! : parseInt(octal[0], 8));
    if (octal !== null) i += 3;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function readGzip(files: Files, path: string): string | undefined {
  let buffer = new Uint8Array(PIECE), length = files.readInto(path, 0, buffer);
  while (length === buffer.length && length < MAX_COMPRESSED) {
    buffer = new Uint8Array(2 * length);
    length = files.readInto(path, 0, buffer);
  }
  if (length === undefined) return undefined;
  try {
    return new TextDecoder().decode(gunzipSync(buffer.subarray(0, length), { maxOutputLength: MAX_TEXT }));
  } catch {
    return undefined; // damaged, or larger than any
  }
}
