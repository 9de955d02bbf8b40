/**
 * Base programs by pacman's database: Arch Linux and what derives from it.
 * Format: pacman(8), the folder /var/lib/pacman/local with `desc` and `files` for each package.
 *
 * @module
 */
import { type BasePackages, type Closure, closure, type Files, mayRun, mergePath, type Steps } from "./database/mod.ts";

export const PACMAN_LOCAL = "/var/lib/pacman/local";

/** What every Arch system begins with: the package of that name, or the core of it where a container left it out. */
const ROOTS = ["base", "filesystem", "bash", "coreutils", "pacman"];

interface Package extends Closure {
  readonly folder: string;
  readonly name: string;
}

/** The package `base` and what it depends on; `undefined` where there is no database of pacman. */
export function* readPacman(files: Files): Steps<BasePackages | undefined> {
  const modified = files.modified(PACMAN_LOCAL);
  const folders = files.list(PACMAN_LOCAL);
  if (folders === undefined) return undefined;
  const packages: Package[] = [];
  for (const folder of folders) {
    yield;
    const text = files.readText(`${PACMAN_LOCAL}/${folder}/desc`);
    const name = text === undefined ? undefined : pacmanSection(text, "NAME")[0];
    if (text === undefined || name === undefined) continue;
    const provides = [name, ...pacmanSection(text, "PROVIDES").map(nameOf)];
    packages.push({ folder, name, provides, requires: pacmanSection(text, "DEPENDS").map(nameOf) });
  }
  const base = closure(packages, ROOTS);
  const programs: string[] = [], owners: number[] = [];
  for (const [i, { folder }] of base.entries()) {
    yield;
    for (const line of pacmanSection(files.readText(`${PACMAN_LOCAL}/${folder}/files`) ?? "", "FILES")) {
      const path = mergePath(`/${line}`);
      if (line.endsWith("/") || !mayRun(path)) continue;
      programs.push(path);
      owners.push(i);
    }
  }
  if (programs.length === 0) return undefined;
  return { database: PACMAN_LOCAL, modified, packages: base.map((one) => one.name), programs, owners };
}

/** The lines of a section: they follow `%NAME%` up to a blank line. */
export function pacmanSection(text: string, name: string): string[] {
  const title = `%${name}%\n`;
  const start = text.startsWith(title) ? 0 : text.indexOf(`\n${title}`) + 1;
  if (start === 0 && !text.startsWith(title)) return [];
  const from = start + title.length;
  const end = text.indexOf("\n\n", from);
  return text.slice(from, end < 0 ? text.length : end).split("\n").filter((line) => line !== "");
}

function nameOf(dependency: string): string {
  return dependency.replace(/[<>=:].*$/, "");
}
