/**
 * Which programs are the machine's base distribution: by its package database, or by a built-in list where there is none.
 *
 * @module
 */

import { ADMINISTRATOR_COMMANDS, COMMANDS } from "./base_list.ts";
import { readApk } from "./packages_apk.ts";
import { type BasePackages, readDpkg } from "./packages_dpkg.ts";
import type { Files } from "./packages_files.ts";
import { readPacman } from "./packages_pacman.ts";
import { baseName, mergePath } from "./packages_paths.ts";
import { readRpm } from "./packages_rpm.ts";
import { findServices, keepsName } from "./packages_services.ts";

export { denoFiles, type Files } from "./packages_files.ts";

/** Where the knowledge of {@link BasePaths} comes from. */
export type Origin = "dpkg" | "apk" | "rpm" | "pacman" | "built-in";

/** The readers, in the order they are asked; the first that finds a base package wins. */
const READERS: readonly (readonly [Origin, (files: Files) => BasePackages | undefined])[] = [
  ["dpkg", readDpkg],
  ["apk", readApk],
  ["rpm", readRpm],
  ["pacman", readPacman],
];

/** What a path is to the base system. */
export type PathKind =
  /** A program of a base package. */
  | "base"
  /** One too, but it begins lineages or crosses privileges: a daemon, a service, a gate such as `su`. */
  | "service"
  /** Anything else. */
  | "other";

/** The base system's programs, under one root. */
export class BasePaths {
  /** The database that was read. */
  readonly origin: Origin;
  readonly #kinds: ReadonlyMap<string, PathKind>;
  readonly #packages: ReadonlySet<string>;
  readonly #files: Files;
  readonly #database: string;
  readonly #modified: number | undefined;

  private constructor(files: Files, origin: Origin, found: BasePackages) {
    this.#files = files;
    this.origin = origin;
    this.#database = found.database;
    this.#modified = found.modified;
    this.#packages = new Set(found.packages.map(own));
    const services = findServices(files);
    const kinds = new Map<string, PathKind>();
    // Joined and split again, the paths share one text that holds nothing else. As they come, each keeps alive the whole file
    // that it was cut from.
    for (const path of found.programs.join("\n").split("\n")) {
      kinds.set(path, services.has(path) || keepsName(path) ? "service" : "base");
    }
    this.#kinds = kinds;
  }

  /** Reads the package database under the root of `files`; the built-in list stands in where there is none. */
  static load(files: Files): BasePaths {
    for (const [origin, read] of READERS) {
      const found = read(files);
      if (found !== undefined) return new BasePaths(files, origin, found);
    }
    return new BasePaths(files, "built-in", {
      database: "",
      modified: undefined,
      packages: [],
      programs: builtIn(),
    });
  }

  /** Number of programs known. */
  get size(): number {
    return this.#kinds.size;
  }

  /** Whether a program is base: of a base package, and neither a service nor a gate. `/bin/dd` and `/usr/bin/dd` are one. */
  has(path: string): boolean {
    return this.kind(path) === "base";
  }

  /** What a path is to the base system; any text may be asked. */
  kind(path: string): PathKind {
    const kind = this.#kinds.get(mergePath(path));
    if (kind !== undefined) return kind;
    return this.#packages.size > 0 && this.#isMaintainerScript(path) ? "base" : "other";
  }

  /** Whether the database changed since it was read; costs one stat. */
  changed(): boolean {
    return this.origin !== "built-in" && this.#files.modified(this.#database) !== this.#modified;
  }

  /** Scripts that a base package brings for its own set-up: `/var/lib/dpkg/info/bash.postinst` (deb-postinst(5)). */
  #isMaintainerScript(path: string): boolean {
    if (!path.startsWith("/var/lib/dpkg/info/")) return false;
    const name = /^([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?\.(?:pre|post)(?:inst|rm)$/.exec(baseName(path))?.[1];
    return name !== undefined && this.#packages.has(name);
  }
}

/**
 * The built-in list as paths. Programs for administrators lie in either folder, as some distributions know only one; small
 * systems have busybox for all of it.
 */
function builtIn(): string[] {
  const admin = ADMINISTRATOR_COMMANDS.split(" ");
  return [
    "/usr/bin/busybox",
    "/usr/bin/toybox",
    ...COMMANDS.split(" ").map((name) => `/usr/bin/${name}`),
    ...admin.map((name) => `/usr/sbin/${name}`),
    ...admin.map((name) => `/usr/bin/${name}`),
  ];
}

/** A copy that shares no memory with the text that it was cut from. */
function own(text: string): string {
  return ` ${text}`.slice(1);
}
