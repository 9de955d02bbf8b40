/**
 * Which programs are the machine's base distribution: by its package database, or by a built-in list where there is none.
 *
 * @module
 */

import {
  baseName,
  type BasePackages,
  type Files,
  finish,
  mergePath,
  NO_PACKAGE,
  own,
  type Steps,
} from "./database/mod.ts";
import { ADMINISTRATOR_COMMANDS, COMMANDS } from "./built_in_list.ts";
import { readApk } from "./apk.ts";
import { readDpkg } from "./dpkg.ts";
import { readNix } from "./nix.ts";
import { readPacman } from "./pacman.ts";
import { readRpm } from "./rpm/mod.ts";
import { findServices, INIT_FOLDER, keepsName, UNIT_FOLDERS } from "./services.ts";

/** Where the knowledge of {@link BasePaths} comes from. */
export type Origin = "dpkg" | "apk" | "rpm" | "pacman" | "nix" | "built-in";

/** The readers, in the order they are asked; the first that finds a base package wins. */
const READERS: readonly (readonly [Origin, (files: Files) => Steps<BasePackages | undefined>])[] = [
  ["dpkg", readDpkg],
  ["apk", readApk],
  ["rpm", readRpm],
  ["pacman", readPacman],
  ["nix", readNix],
];

export type PathKind =
  /** A program of a base package. */
  | "base"
  /** One too, but it begins lineages or crosses privileges: a daemon, a service, a program such as `su`. */
  | "service"
  /** Anything else. */
  | "other";

/** What is configured about paths, against any database. Asked with a path as {@link mergePath} spells it. */
export interface BaseOverrides {
  /** Whether a program is base whatever the database says, a daemon too. */
  readonly adds: (path: string) => boolean;
  /** Whether a program is not base whatever the database says; decides where {@link adds} holds as well. */
  readonly removes: (path: string) => boolean;
}

export const NO_OVERRIDES: BaseOverrides = { adds: () => false, removes: () => false };

/** Part of a number in {@link Knowledge.kinds}. */
const SERVICE = 1;

/** Programs whose kinds are told between two looks at the time. */
const PROGRAMS_A_STEP = 512;

/** What was read under one root. */
interface Knowledge {
  /** The database that was read. */
  readonly origin: Origin;
  /** Program → the place of its package in `packages` ({@link NO_PACKAGE}: of none), doubled, and 1 for a service. */
  readonly kinds: ReadonlyMap<string, number>;
  /** The base packages, each by what its digests are found by. */
  readonly packages: readonly string[];
  readonly files: Files;
  /** What is watched for changes, and when each had last been written before it was read. */
  readonly watched: ReadonlyMap<string, number | undefined>;
}

/** The first line of {@link BasePaths.text}. */
interface Head {
  readonly origin: Origin;
  readonly packages: readonly string[];
  readonly watched: readonly (readonly [path: string, modified: number | null])[];
}

/** The base system's programs, under one root. */
export class BasePaths {
  readonly #known: Knowledge;
  /** What is configured against the database. */
  readonly overrides: BaseOverrides;

  private constructor(known: Knowledge, overrides: BaseOverrides) {
    this.#known = known;
    this.overrides = overrides;
  }

  /** Reads the package database under the root of `files`; the built-in list stands in where there is none. */
  static load(files: Files, overrides = NO_OVERRIDES): BasePaths {
    return finish(BasePaths.loading(files, overrides));
  }

  /** As {@link load}, in steps. */
  static *loading(files: Files, overrides = NO_OVERRIDES): Steps<BasePaths> {
    const watched = new Map(WATCHED_FOLDERS.map((path) => [path, files.modified(path)]));
    for (const [origin, read] of READERS) {
      const found = yield* read(files);
      if (found === undefined) continue;
      const kinds = yield* tellKinds(found.programs, found.owners, yield* findServices(files));
      watched.set(found.database, found.modified);
      return new BasePaths({ origin, kinds, packages: found.packages.map(own), files, watched }, overrides);
    }
    const kinds = yield* tellKinds(builtIn(), [], yield* findServices(files));
    return new BasePaths({ origin: "built-in", kinds, packages: [], files, watched }, overrides);
  }

  /** The built-in list, for a root of which nothing else is known. */
  static builtIn(overrides = NO_OVERRIDES): BasePaths {
    return BasePaths.load(NO_FILES, overrides);
  }

  /** What {@link text} says, in steps. Without files of its own it is never {@link changed}. Throws where it is no such text. */
  static *parsing(text: string, overrides = NO_OVERRIDES): Steps<BasePaths> {
    const [head = "", ...lines] = text.split("\n"), kinds = new Map<string, number>();
    const { origin, packages, watched } = JSON.parse(head) as Head;
    for (const line of lines) {
      const at = line.indexOf(" ");
      kinds.set(line.slice(at + 1), Number(line.slice(0, at)));
      if (kinds.size % PROGRAMS_A_STEP === 0) yield;
    }
    const times = watched.map(([path, modified]) => [path, modified ?? undefined] as const);
    return new BasePaths({ origin, kinds, packages, files: NO_FILES, watched: new Map(times) }, overrides);
  }

  withOverrides(overrides: BaseOverrides): BasePaths {
    return new BasePaths(this.#known, overrides);
  }

  /** Whether another base system has the same programs of the same kinds. */
  hasSamePrograms(other: BasePaths): boolean {
    const { kinds, packages } = this.#known, its = other.#known;
    if (its.origin !== this.origin || its.kinds.size !== kinds.size || its.packages.length !== packages.length) {
      return false;
    }
    for (const [i, name] of packages.entries()) if (its.packages[i] !== name) return false;
    for (const [path, kind] of kinds) if (its.kinds.get(path) !== kind) return false;
    return true;
  }

  /** The same, with the memory of another that {@link hasSamePrograms}. */
  sharing(other: BasePaths): BasePaths {
    const { kinds, packages } = other.#known;
    return new BasePaths({ ...this.#known, kinds, packages }, this.overrides);
  }

  /** What is known, without the overrides, for another thread: a head in JSON, then a line for each program. */
  get text(): string {
    const { origin, kinds, packages } = this.#known;
    const watched = this.watched.map(([path, modified]) => [path, modified ?? null] as const);
    const head: Head = { origin, packages, watched };
    return [JSON.stringify(head), ...[...kinds].map(([path, kind]) => `${kind} ${path}`)].join("\n");
  }

  /** What is watched for changes, and when each had last been written before it was read. */
  get watched(): (readonly [path: string, modified: number | undefined])[] {
    return [...this.#known.watched];
  }

  /** The database that was read. */
  get origin(): Origin {
    return this.#known.origin;
  }

  /** Paths of all programs known, as {@link mergePath} spells them. */
  get paths(): IterableIterator<string> {
    return this.#known.kinds.keys();
  }

  get size(): number {
    return this.#known.kinds.size;
  }

  /** What a path is to the base system; any text may be asked. `/bin/dd` and `/usr/bin/dd` are one. */
  kind(path: string): PathKind {
    const merged = mergePath(path);
    if (this.overrides.removes(merged)) return "other";
    if (this.overrides.adds(merged)) return "base";
    const kind = this.#known.kinds.get(merged);
    if (kind !== undefined) return (kind & SERVICE) !== 0 ? "service" : "base";
    return this.#known.packages.length > 0 && this.#isMaintainerScript(path) ? "base" : "other";
  }

  /** The base package that a program is of, by what its digests are found by; undefined where that isn't known. */
  packageOf(path: string): string | undefined {
    const kind = this.#known.kinds.get(mergePath(path));
    return kind === undefined ? undefined : this.#known.packages[kind >> 1];
  }

  /** Whether the database changed since it was read, or services were added or removed; costs a stat for each of a few files. */
  changed(): boolean {
    for (const [path, modified] of this.#known.watched) if (this.#known.files.modified(path) !== modified) return true;
    return false;
  }

  /** Scripts that a base package brings for its own set-up: `/var/lib/dpkg/info/bash.postinst` (deb-postinst(5), debconf-devel(7)). */
  #isMaintainerScript(path: string): boolean {
    if (!path.startsWith("/var/lib/dpkg/info/")) return false;
    const name = /^([a-z0-9][a-z0-9.+-]*(?::[a-z0-9]+)?)\.(?:config|(?:pre|post)(?:inst|rm))$/.exec(baseName(path))
      ?.[1];
    return name !== undefined && this.#known.packages.includes(name);
  }
}

const NO_FILES: Files = {
  readText: () => undefined,
  readInto: () => undefined,
  list: () => undefined,
  modified: () => undefined,
};

/** Whose times change when a service is added or removed. */
const WATCHED_FOLDERS = [...UNIT_FOLDERS, INIT_FOLDER];

/** Tells daemons and what crosses privileges from the other programs; `owners` has the package of each ({@link BasePackages}). */
function* tellKinds(
  programs: readonly string[],
  owners: readonly number[],
  services: ReadonlySet<string>,
): Steps<Map<string, number>> {
  const kinds = new Map<string, number>();
  let place = 0;
  // Joined and split again, the paths share one text that holds nothing else. As they come, each keeps alive the whole file
  // that it was cut from.
  for (const path of programs.join("\n").split("\n")) {
    const owner = owners[place++] ?? NO_PACKAGE;
    kinds.set(path, 2 * owner | (services.has(path) || keepsName(path) ? SERVICE : 0));
    if (kinds.size % PROGRAMS_A_STEP === 0) yield;
  }
  return kinds;
}

/**
 * The built-in list as paths. Programs for administrators lie in either folder, as some distributions know only one; small
 * systems have busybox for all of it.
 */
export function builtIn(): string[] {
  const admin = ADMINISTRATOR_COMMANDS.split(" ");
  return [
    "/usr/bin/busybox",
    "/usr/bin/toybox",
    ...COMMANDS.split(" ").map((name) => `/usr/bin/${name}`),
    ...admin.map((name) => `/usr/sbin/${name}`),
    ...admin.map((name) => `/usr/bin/${name}`),
  ];
}
