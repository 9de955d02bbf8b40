/**
 * The root of the example machine: Debian with what its installer calls the standard system, an ssh server, a web server and what
 * a developer needs. It is made once and kept as an archive.
 *
 * @module
 */

import { poll } from "../live/exporter.ts";
import { exists, run } from "../vm/command.ts";
import { hashOf } from "../vm/image.ts";

const FOLDER = import.meta.dirname;
/** How long a file counts as new (docs/flags.md), and a little. */
const YOUNG_MS = 65_000;
const SUITE = "bookworm";
const PACKAGES = [
  ["systemd", "systemd-sysv", "dbus", "libpam-systemd", "cron", "logrotate", "rsyslog", "procps", "sudo"],
  ["openssh-server", "nginx", "unattended-upgrades", "python3", "curl"],
  ["git", "make", "gcc", "libc6-dev"],
].flat();

/** A short name for what an archive is made of: anything else makes another one. */
async function nameOfArchive(): Promise<string> {
  const made = await run(["tar", "-c", "--sort=name", "--mtime=@0", "-C", FOLDER!, "image.sh", "files"]);
  return `example-machine-${await hashOf(PACKAGES.join() + made)}.tar`;
}

/** Makes a root in a folder, whose users log in with this public key. */
export async function rootOf(folder: string, cache: string, publicKey: string): Promise<string> {
  const archive = `${cache}/${await nameOfArchive()}`, root = `${folder}/root`;
  if (!await exists(archive)) {
    const made = `${folder}/new.tar`, include = `--include=${PACKAGES.join(",")}`;
    const hook = `--customize-hook=${FOLDER}/image.sh "$1"`;
    await run(["mmdebstrap", "--quiet", "--variant=standard", include, hook, SUITE, made]);
    await Deno.rename(made, archive);
  }
  await Deno.mkdir(root);
  await run(["tar", "-x", "--xattrs", "--xattrs-include=*", "-p", "-f", archive, "-C", root]);
  for (const user of ["anna", "ben"]) {
    const home = `${root}/home/${user}`, { uid, gid } = await Deno.stat(home);
    await Deno.mkdir(`${home}/.ssh`, { mode: 0o700 });
    await Deno.writeTextFile(`${home}/.ssh/authorized_keys`, publicKey, { mode: 0o600 });
    for (const path of [".ssh", ".ssh/authorized_keys"]) await Deno.chown(`${home}/${path}`, uid, gid);
  }
  // Files that are younger would be told of as new, which they aren't on a machine that has been set up a while ago.
  const extracted = performance.now();
  await poll("the root a minute old", () => performance.now() - extracted > YOUNG_MS, 2 * YOUNG_MS);
  return root;
}
