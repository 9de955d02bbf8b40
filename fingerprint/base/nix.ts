/**
 * Base programs of NixOS and Guix System, which have no database of files: those of the built-in list that the machine's own
 * profile has, where its links lead. Only root makes that profile; whoever may build puts a `bin/ls` of their own into the
 * store, so no name in there tells.
 * Sources: NixOS manual, Package management (`/run/current-system/sw`); Guix manual, Getting started with the system.
 *
 * @module
 */
import { ADMINISTRATOR_COMMANDS, COMMANDS } from "./built_in_list.ts";
import { type BasePackages, type Files, NO_PACKAGE, type Steps } from "./database/mod.ts";

/** Where the profile's programs are links, where they lead to, and the folder that changes with each generation of it. */
const SYSTEMS = [
  ["/run/current-system/sw/bin", "/nix/store/", "/nix/var/nix/profiles"],
  ["/run/current-system/profile/bin", "/gnu/store/", "/var/guix/profiles"],
] as const;

/** Shells that the built-in list knows by other names. */
const SHELLS = "sh";

/** Links followed between two looks at the time. */
const LINKS_A_STEP = 64;

/** The programs of the machine's profile; `undefined` where there is none. */
export function* readNix(files: Files): Steps<BasePackages | undefined> {
  for (const [folder, store, database] of SYSTEMS) {
    const modified = files.modified(database), names = new Set(files.list(folder));
    const programs = new Set<string>();
    let links = 0;
    for (const name of `${SHELLS} ${COMMANDS} ${ADMINISTRATOR_COMMANDS}`.split(" ")) {
      if (!names.has(name)) continue;
      const program = files.target?.(`${folder}/${name}`);
      if (program?.startsWith(store)) programs.add(program);
      if (++links % LINKS_A_STEP === 0) yield;
    }
    const owners = Array.from(programs, () => NO_PACKAGE);
    if (programs.size > 0) return { database, modified, packages: [], programs: [...programs], owners };
  }
  return undefined;
}
