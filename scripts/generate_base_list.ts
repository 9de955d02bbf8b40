/**
 * Writes fingerprint/base/built_in_list.ts: the programs of Debian's base system, for machines without a package database.
 *
 *     debootstrap --include="$PACKAGES" bookworm ROOT http://deb.debian.org/debian
 *     deno run -RW scripts/generate_base_list.ts ROOT
 *
 * with all packages of priority standard as PACKAGES, separated by commas; debootstrap adds those that are required or important.
 *
 * @module
 */

import { readDpkg } from "../fingerprint/base/dpkg.ts";
import { denoFiles } from "../fingerprint/base/database/files.ts";
import { findServices, keepsName } from "../fingerprint/base/services.ts";
import { finish } from "../fingerprint/base/database/steps.ts";

const WIDTH = 118;

/** The source text of built_in_list.ts for the Debian system under a root; throws when there is none. */
export function generate(root: string): string {
  const files = denoFiles(root);
  const found = finish(readDpkg(files));
  if (found === undefined) {
    throw new Error(`Cannot read ${root}: it holds no database of dpkg with base packages`);
  }
  const services = finish(findServices(files));
  // What is a service by its name alone is told at run time; what only a unit tells would be lost without the unit.
  const names = (folder: string) =>
    [
      ...new Set(
        found.programs.filter((path) => path.startsWith(folder) && (keepsName(path) || !services.has(path)))
          .map((path) => path.slice(folder.length)),
      ),
    ].sort();
  const version = files.readText("/etc/debian_version")?.trim();
  return `/**
 * The programs of the base system of Debian ${version}: ${found.packages.length} packages of priority required, important or standard.
 * Written by scripts/generate_base_list.ts.
 *
 * @module
 */

/** Programs in /usr/bin, separated by blanks. */
export const COMMANDS =
${quote(names("/usr/bin/"))};

/** Programs in /usr/sbin, separated by blanks. */
export const ADMINISTRATOR_COMMANDS =
${quote(names("/usr/sbin/"))};
`;
}

/** Words as string literals of one line each. */
function quote(words: readonly string[]): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line.length + word.length + 8 > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines.map((text) => `  ${JSON.stringify(text)}`).join(" +\n");
}

if (import.meta.main) {
  const root = Deno.args[0];
  if (root === undefined) {
    console.error("Cannot generate the list: no root was given, a folder with a Debian system was wanted");
    Deno.exit(2);
  }
  Deno.writeTextFileSync(new URL("../fingerprint/base/built_in_list.ts", import.meta.url), generate(root));
}
