/**
 * What a path says by itself about the program that lies there.
 *
 * @module
 */
import { isAbsolute, join, normalize } from "@std/path/posix";
import { baseName, isKnownName } from "../base/mod.ts";
import { findInterpreter, unwrapped } from "../interpreters/mod.ts";
import { isShared, isVouched } from "../places/mod.ts";

/**
 * An init script, or a link to one: `/etc/init.d/cron`, `/etc/rc2.d/S01cron`; Red Hat has both below /etc/rc.d, OpenWrt links in it,
 * BusyBox's init of Buildroot starts `/etc/init.d/S50sshd` in their order.
 */
const INIT_SCRIPT =
  /^\/etc\/(?:(?:rc\.d\/)?(?:init\.d\/(?:S\d\d(?=.))?|rc[0-6S]\.d\/[SK]\d\d)|rc\.d\/[SK]\d\d)([^/]+)$/;
/** A file in a service's folder that its supervisor runs: also runsv(8)'s for what is asked of it, `control/t`. */
const SUPERVISORS = "(?:run|finish|check|crash|up|down|rc\\.(?:main|log)|control/[a-z12])";
const SUPERVISORS_FILE = new RegExp(`/${SUPERVISORS}$`);
/**
 * A script of a service's own folder, and that folder, where supervisors are told to look: s6-svscan(8) with s6-rc and s6-overlay,
 * runsvdir(8), svscan(8) of daemontools and those that qmail and djbdns are told to make, perpd(8), nosh, 66, OpenRC with s6. A
 * service's logger has a folder in it.
 */
const SERVICE_SCRIPT = new RegExp(
  "^(/(?:[^/]+/)*?(?:sv|svc|s6|services?|(?:sv|svc|s6|s6-rc|services)\\.d|servicedirs|legacy-services|s6-rc/sources?(?:/(?:base|top))?|svscan|" +
    "s6-scan|scandir(?:/\\d+)?|runsvdir/[^/]+|supervise|daemontools|nosh|perp)|/etc(?=/[^/]+/(?:log/)?run$))" +
    `/([^/]+)/(?:(?:log|service|data)/)?${SUPERVISORS}$`,
);
/** Where only an administrator tells a supervisor what to run; in /run others have folders of their own (`user`, `media`, `screen`). */
const SUPERVISED = new RegExp(
  "^/(?:etc|usr(?!/tmp/)|opt|service|var/(?:service|sv)|" +
    "(?:var/)?run/(?:services?|sv|svscan|runit|runsvdir|s6|s6-[\\w:.-]+|66|openrc|nosh|perp|supervise|daemontools))(?:/|$)",
);
/** A file that is open already, by a name of the kernel's for it. */
const DESCRIPTOR = /^\/(?:proc\/(?:self|thread-self|\d+)(?:\/task\/\d+)?\/fd\/\d+|dev\/(?:fd\/\d+|std(?:in|out|err)))$/;
const DELETED = " (deleted)";

/**
 * The service of an init script, or of a link to one, or of a script in a service's folder. A folder that anybody may have made
 * doesn't lend the name of one of the system's programs.
 */
export function initService(path: string): string | undefined {
  const service = INIT_SCRIPT.exec(path)?.[1];
  if (service !== undefined || !SUPERVISORS_FILE.test(path)) return service;
  const [, folder, name] = SERVICE_SCRIPT.exec(path) ?? [];
  return name === undefined || isKnownName(name) && !SUPERVISED.test(folder!) ? undefined : name;
}

/** The name of a program's file; where only root writes, of the program that it was moved aside for. */
export function fileName(path: string): string {
  const name = baseName(path);
  return isShared(path) ? unwrapped(name) : name;
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
