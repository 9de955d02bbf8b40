/**
 * Programs that begin lineages or cross privileges. They belong to base packages and keep their names all the same: they are
 * what a reader of a process tree looks for.
 *
 * @module
 */

import { baseName, type Files, mergePath, type Steps } from "./database/mod.ts";
import { findInterpreter, findProgram } from "../interpreters/mod.ts";

/** Where systemd units lie (systemd.unit(5)). */
export const UNIT_FOLDERS = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
export const INIT_FOLDER = "/etc/init.d";

/** Programs that give their process other rights, another user, another root or another view of the system. */
const CROSSINGS = new Set(
  ("sudo sudoedit su doas pkexec run0 runuser login sulogin newgrp sg setpriv capsh nsenter unshare chroot " +
    "polkit-agent-helper-1 dbus-daemon-launch-helper ssh-keysign systemd-sulogin-shell machinectl").split(" "),
);

/** Programs that start others on their own account, and daemons whose name does not say so. */
const STARTERS = new Set(
  ("systemd systemd-executor systemd-udevd systemd-journald systemd-logind init upstart runit runsvdir runsv s6-svscan " +
    "s6-supervise supervise-daemon openrc-init agetty getty mingetty mgetty cron anacron atd at inetd xinetd rpcbind " +
    "ssh-agent gpg-agent dbus-broker dbus-broker-launch udhcpc dhclient mdev watchdog httpd telnetd ftpd syslogd klogd " +
    "crond ntpd acpid udhcpd dnsd tftpd svlogd sshd dropbear rsyslogd").split(" "),
);

/** A daemon's name by custom: `sshd`, `dbus-daemon`, `gpg-agent`, `in.tftpd`. */
const DAEMON_NAME = /(?:d|daemon|[-_.](?:agent|server))$/;

/** Commands for administrators that end in `d` and serve nobody: `useradd`, `chpasswd`, `blkid`, `update-rc.d`. */
const COMMAND_NAME =
  /(?:start-stop-daemon|add|mod|passwd|pwd|discard|found|blkid|\.d|load|read|find|send|build|hold|grid|id3)$/;

/** Whether a program crosses rights or starts others by its name alone. `path` is spelled as {@link mergePath} spells it. */
export function keepsName(path: string): boolean {
  const name = baseName(path);
  if (CROSSINGS.has(name) || STARTERS.has(name)) return true;
  return /^\/usr\/(?:local\/)?sbin\//.test(path) && DAEMON_NAME.test(name) && !COMMAND_NAME.test(name);
}

/** Whether an applet of busybox serves or crosses rights: `crond` keeps its name, `ls` does not. */
export function appletKeepsName(applet: string): boolean {
  return CROSSINGS.has(applet) || STARTERS.has(applet);
}

/**
 * The programs of installed systemd units and init scripts, as {@link mergePath} spells them.
 *
 * A unit's program counts as a service when the unit stays (`Type=` is not `oneshot`) and the program is one of its own: it
 * lies outside the folders of commands for users, or it is named like the unit or like a daemon. So `/usr/bin/sleep`,
 * `/usr/bin/mount` or a shell in somebody's unit stay base, and `/usr/bin/dbus-daemon` does not. Of an interpreter, the script counts.
 */
export function* findServices(files: Files): Steps<Set<string>> {
  const services = new Set<string>();
  // A unit in a later folder is hidden by one of its name; where /lib is a link, it is the very same file.
  const seen = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of files.list(folder) ?? []) {
      if (!name.endsWith(".service") || seen.has(name)) continue;
      seen.add(name);
      yield;
      const unit = files.readText(`${folder}/${name}`);
      const program = unit === undefined ? undefined : unitProgram(unit);
      if (program !== undefined && isOwnProgram(program, name)) services.add(program);
    }
  }
  for (const name of files.list(INIT_FOLDER) ?? []) {
    yield;
    const program = scriptDaemon(files.readText(`${INIT_FOLDER}/${name}`) ?? "");
    // Init scripts also set things up once, by `DAEMON=/sbin/sysctl`: only what is named as a daemon is one.
    if (program !== undefined && isNamedLike(program, name)) services.add(program);
  }
  return services;
}

/** The program of a unit that stays, or the script that it has an interpreter run (systemd.service(5)). */
function unitProgram(unit: string): string | undefined {
  if (/^[ \t]*Type[ \t]*=[ \t]*oneshot[ \t]*$/m.test(unit)) return undefined;
  const line = /^[ \t]*ExecStart[ \t]*=[ \t]*(\S.*)$/m.exec(unit)?.[1];
  if (line === undefined) return undefined; // no ExecStart: oneshot is the default
  const argv = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  let path = (argv[0] ?? "").replace(/^[-@:+!|]+/, "");
  if (!path.includes("/")) path = `/usr/bin/${path}`; // systemd looks a bare name up in a fixed search path
  const interpreter = findInterpreter(path);
  if (interpreter === undefined) return mergePath(path);
  const program = findProgram(interpreter, argv);
  return program?.kind === "script" && program.path.startsWith("/") ? mergePath(program.path) : undefined;
}

/** The daemon that an init script names: `DAEMON=` (Debian), `command=` (openrc-run(8)), `daemon=` (Red Hat). */
function scriptDaemon(script: string): string | undefined {
  const path = /^[ \t]*(?:DAEMON|DAEMON_BIN|daemon|command)=["']?(\/[^\s"'$;]+)["']?[ \t]*$/m.exec(script)?.[1];
  return path === undefined ? undefined : mergePath(path);
}

function isOwnProgram(path: string, service: string): boolean {
  return !/^\/usr\/(?:local\/)?bin\//.test(path) && findInterpreter(path) === undefined || isNamedLike(path, service);
}

/** Whether a program is named like its service, or like a daemon. */
function isNamedLike(path: string, service: string): boolean {
  if (findInterpreter(path) !== undefined) return false;
  const name = baseName(path);
  const stem = service.replace(/@?\.service$/, "");
  return name === stem || name === `${stem}d` || DAEMON_NAME.test(name) && !COMMAND_NAME.test(name);
}
