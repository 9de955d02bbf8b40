/**
 * What a path says by itself about the program that lies there.
 *
 * @module
 */
import { isAbsolute, join, normalize } from "@std/path/posix";
import { baseName, isKnownName } from "../base/mod.ts";
import { findInterpreter } from "../interpreters/mod.ts";
import { isShared, isVouched } from "../places/mod.ts";

/** An init script, or a link to one: `/etc/init.d/cron`, `/etc/rc2.d/S01cron`; Red Hat has both below /etc/rc.d. */
const INIT_SCRIPT = /^\/etc\/(?:rc\.d\/)?(?:init\.d\/|rc[0-6S]\.d\/[SK]\d\d)([^/]+)$/;
/** A file that is open already, by a name of the kernel's for it. */
const DESCRIPTOR = /^\/(?:proc\/(?:self|thread-self|\d+)(?:\/task\/\d+)?\/fd\/\d+|dev\/(?:fd\/\d+|std(?:in|out|err)))$/;
const DELETED = " (deleted)";

/** The service of an init script, or of a link to one. */
export function initService(path: string): string | undefined {
  return INIT_SCRIPT.exec(path)?.[1];
}

/** Whether a path is one of the kernel's for a file that is open already. */
export function isDescriptor(path: string): boolean {
  return DESCRIPTOR.test(path);
}

/** A path as the kernel shows it, without its mark behind that of a file that was unlinked. */
export function withoutMark(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
}

/** The name of a program and its place, where it is called like one of the system's and lies where anybody may put it. */
export function namesake(path: string): string | undefined {
  const name = baseName(path);
  if (isShared(path) || !isKnownName(name)) return undefined;
  if (isVouched(path) && findInterpreter(name) !== undefined) return undefined;
  return `${name}@${isAbsolute(path) ? path.split("/").find((element) => element !== "") : "?"}`;
}

/** systemd itself, wherever the distribution puts it; `systemd` is the label of the root of all trees. */
export function isSystemd(path: string): boolean {
  return /^(?:\/usr|\/nix\/store\/[^/]+)?\/lib\/systemd\/systemd$/.test(path);
}

/** A script's path from the root; where the working folder can't be told, the path as it was given. */
export function resolve(script: { readonly path: string }, cwd: () => string | undefined): string {
  if (isAbsolute(script.path)) return normalize(script.path);
  const folder = cwd();
  if (folder === undefined || !isAbsolute(folder)) return normalize(script.path);
  return join(withoutMark(folder), script.path);
}
