/**
 * Base programs by dpkg's database: Debian, Ubuntu and what derives from them.
 * Formats: dpkg(1), deb-control(5), update-alternatives(1).
 *
 * @module
 */
import { type BasePackages, type Files, mayRun, mergePath, NO_PACKAGE, type Steps } from "./database/mod.ts";
import { readDiversions } from "./diversions.ts";

export const DPKG_STATUS = "/var/lib/dpkg/status";
export const DPKG_INFO = "/var/lib/dpkg/info/";
const ALTERNATIVES = "/var/lib/dpkg/alternatives/";

/** Priorities of the base system (Debian Policy, section 2.5). */
const IS_BASE = /\nPriority: *(?:required|important|standard)\n/i;

/**
 * States of a package whose files are in their places, or are being exchanged (dpkg(1), package states): each upgrade goes through
 * them, and a trigger of another package's. Its programs are the system's meanwhile too. Not `not-installed` and `config-files`.
 */
const IS_THERE =
  /\nStatus: *\S+ \S+ (?:half-installed|unpacked|half-configured|triggers-awaited|triggers-pending|installed)\n/;

/** The installed packages of priority required, important or standard; `undefined` where dpkg rules no package. */
export function* readDpkg(files: Files): Steps<BasePackages | undefined> {
  const modified = files.modified(DPKG_STATUS);
  const status = files.readText(DPKG_STATUS);
  if (status === undefined) return undefined;
  const packages: string[] = [], programs: string[] = [], owners: number[] = [];
  const diversions = readDiversions(files);
  for (const list of basePackages(status)) {
    const text = files.readText(`${DPKG_INFO}${list}.list`);
    if (text === undefined) continue;
    addPrograms(programs, text, (path) => diversions.placeOf(path, list));
    while (owners.length < programs.length) owners.push(packages.length);
    packages.push(list);
    yield;
  }
  if (programs.length === 0) return undefined;
  yield* addAlternatives(files, programs);
  while (owners.length < programs.length) owners.push(NO_PACKAGE);
  return { database: DPKG_STATUS, modified, packages, programs, owners };
}

/** The packages of the status file that matter, by the names of their lists of files. */
function* basePackages(status: string): Generator<string> {
  for (let start = 0; start < status.length;) {
    const blank = status.indexOf("\n\n", start);
    const end = blank < 0 ? status.length : blank;
    const paragraph = `\n${status.slice(start, end)}\n`;
    start = end + 2;
    if (!IS_BASE.test(paragraph)) continue;
    if (!IS_THERE.test(paragraph)) continue;
    const name = field(paragraph, "Package");
    if (name === undefined) continue;
    // Packages that several architectures may have at once carry theirs in the name of the list (dpkg-query(1)).
    yield field(paragraph, "Multi-Arch") === "same" ? `${name}:${field(paragraph, "Architecture")}` : name;
  }
}

function field(paragraph: string, name: string): string | undefined {
  const start = paragraph.indexOf(`\n${name}: `);
  if (start < 0) return undefined;
  const value = start + name.length + 3;
  return paragraph.slice(value, paragraph.indexOf("\n", value)).trim();
}

/** Adds the programs of a list of files; a folder stands before what is in it, and is left out. */
function addPrograms(programs: string[], list: string, placeOf: (path: string) => string): void {
  const lines = list.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.length < 4 || lines[i + 1]?.startsWith(`${line}/`)) continue;
    const path = placeOf(mergePath(line));
    if (mayRun(path)) programs.push(path);
  }
}

/**
 * Links that update-alternatives made, such as /usr/bin/which: base when every choice is.
 * A file holds the mode, the link, pairs of slave name and link up to a blank line, then the choices: each a path, its
 * priority and a path for each slave.
 */
function* addAlternatives(files: Files, programs: string[]): Steps<void> {
  const base = new Set(programs);
  for (const name of files.list(ALTERNATIVES) ?? []) {
    yield;
    const lines = files.readText(ALTERNATIVES + name)?.split("\n");
    const link = lines?.[1] ?? "";
    const blank = lines?.indexOf("", 2) ?? -1;
    if (lines === undefined || blank < 0 || !link.startsWith("/")) continue;
    const width = 2 + (blank - 2) / 2;
    const choices: string[] = [];
    for (let i = blank + 1; lines[i]?.startsWith("/"); i += width) choices.push(mergePath(lines[i]!));
    if (choices.length > 0 && choices.every((choice) => base.has(choice))) programs.push(mergePath(link));
  }
}
