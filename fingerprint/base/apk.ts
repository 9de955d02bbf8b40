/**
 * Base programs by apk's database: Alpine Linux and what derives from it.
 * Format: apk-installed(5), https://wiki.alpinelinux.org/wiki/Apk_spec.
 *
 * @module
 */
import { type BasePackages, type Closure, closure, type Files, mayRun, mergePath, type Steps } from "./database/mod.ts";

/** Where the database lies; the second from apk-tools 3 on. */
export const APK_DATABASES = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

/** Packages that every Alpine system begins with; what they depend on is base too. */
const ROOTS = ["alpine-base", "alpine-baselayout", "busybox", "apk-tools", "musl-utils", "libc-utils", "openrc"];

interface Package extends Closure {
  readonly name: string;
  readonly programs: string[];
}

/** The packages that a bare Alpine system consists of; `undefined` where there is no database of apk. */
export function* readApk(files: Files): Steps<BasePackages | undefined> {
  for (const database of APK_DATABASES) {
    const modified = files.modified(database);
    const text = files.readText(database);
    if (text === undefined) continue;
    const base = closure(yield* parse(text), ROOTS);
    const programs = base.flatMap((one) => one.programs);
    const owners = base.flatMap((one, i) => one.programs.map(() => i));
    if (programs.length > 0) return { database, modified, packages: base.map((one) => one.name), programs, owners };
  }
  return undefined;
}

/** A paragraph per package, a line per field, its letter first. */
function* parse(text: string): Steps<Package[]> {
  const packages: Package[] = [];
  for (const paragraph of text.split("\n\n")) {
    let name = "", folder = "/", file = "";
    let provides: string[] = [], requires: string[] = [];
    const programs: string[] = [];
    for (const line of paragraph.split("\n")) {
      const field = line.slice(0, 2), value = line.slice(2);
      if (field === "P:") name = value;
      else if (field === "p:") provides = value.split(" ").map(nameOf);
      else if (field === "D:") {
        requires = value.split(" ").filter((word) => !word.startsWith("!")).map(nameOf);
      } else if (field === "F:") folder = value === "" ? "/" : `/${value}/`;
      else if (field === "R:") file = folder + value;
      else if (field === "a:") {
        // Access of the file before, written where it is not the usual 0644: programs have it (owner:group:mode).
        const path = mergePath(file);
        if ((parseInt(value.split(":")[2] ?? "", 8) & 0o111) !== 0 && mayRun(path)) programs.push(path);
      }
    }
    if (name !== "") packages.push({ name, provides: [name, ...provides], requires, programs });
    yield;
  }
  return packages;
}

/** `so:libc.musl-x86_64.so.1=1` → `so:libc.musl-x86_64.so.1`. */
function nameOf(dependency: string): string {
  return dependency.replace(/[<>=~@].*$/, "");
}
