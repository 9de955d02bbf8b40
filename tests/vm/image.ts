/**
 * The disk of the guests: Debian with systemd, ssh and cron, the modules of all kernels, and the exporter from its package.
 *
 * Made without a mount: mmdebstrap makes a tree, and mke2fs copies it into the file system. What doesn't change from one build of
 * the exporter to the next is kept in the cache's folder.
 *
 * @module
 */

import { exists, run } from "./command.ts";
import { RETRIES } from "./debs.ts";
import type { Kernel } from "./kernels.ts";

const SUITE = "bookworm";
const PACKAGES = [
  ["systemd", "systemd-sysv", "udev", "kmod", "dbus", "libpam-systemd"], // an init with user managers, and drivers by modules
  ["openssh-server", "cron", "sudo", "python3", "procps", "libcap2-bin", "busybox-static"],
].flat();
/** Units that nobody needs here, and an emulated processor has no time for. */
const IDLE = [
  "serial-getty@.service",
  "getty@.service",
  "e2scrub_reap.service",
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
];
const MEGABYTES = 2048;
/** The address that qemu's network gives to its first guest, and the gateway. */
const NETWORK = "[Match]\nName=eth0\n[Network]\nAddress=10.0.2.15/24\n";

/** What the guests boot. */
export interface Image {
  /** A raw disk, which guests open as a snapshot. */
  readonly disk: string;
  /** The private key of root and of a user. */
  readonly key: string;
}

/** The tree that the image is made of, without kernels and exporter, as an archive; made where the cache hasn't it. */
export async function archiveOf(cache: string): Promise<string> {
  const archive = `${cache}/${SUITE}-${await hashOf(PACKAGES.join())}.tar`, made = `${cache}/new.tar`;
  if (await exists(archive)) return archive;
  const options = ["--quiet", "--variant=minbase", `--aptopt=Acquire::Retries "${RETRIES}"`];
  await run(["mmdebstrap", ...options, `--include=${PACKAGES.join(",")}`, SUITE, made]);
  await Deno.rename(made, archive);
  return archive;
}

/** Makes the image of a package of the exporter, anew. The machine must be root's: files keep their owners. */
export async function imageOf(deb: string, kernels: readonly Kernel[], cache: string): Promise<Image> {
  const archive = await archiveOf(cache), root = `${cache}/root`, disk = `${cache}/root.img`, key = `${cache}/key`;
  if (!await exists(key)) await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  await Deno.remove(root, { recursive: true }).catch(() => {});
  await Deno.mkdir(root);
  await run(["tar", "-x", "--xattrs", "--xattrs-include=*", "-p", "-f", archive, "-C", root]);
  await Deno.mkdir(`${root}/usr/lib/modules`, { recursive: true });
  for (const { modules, release } of kernels) {
    await run(["cp", "-a", modules, `${root}/usr/lib/modules/`]);
    await run(["chroot", root, "depmod", release]);
  }
  await settle(root, await Deno.readTextFile(`${key}.pub`));
  await Deno.copyFile(deb, `${root}/root/cnproc-exporter.deb`);
  await run(["chroot", root, "dpkg", "--force-unsafe-io", "-i", "/root/cnproc-exporter.deb"]);
  await run(["cp", "-a", `${import.meta.dirname}/guest/.`, `${root}/usr/local/lib/vm/`]);
  for (const name of ["doubled", "threaded", "owned"]) {
    await Deno.copyFile(`${root}/bin/true`, `${root}/usr/local/lib/vm/${name}`);
  }
  await Deno.remove(disk).catch(() => {});
  await run(["mke2fs", "-q", "-t", "ext4", "-d", root, disk, `${MEGABYTES}M`]);
  await Deno.remove(root, { recursive: true });
  return { disk, key };
}

/** A short name for a text: another list of packages is another archive. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest, 0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What makes a guest of a tree: it lets root and a user in by the key, and waits for nothing that isn't there. */
async function settle(root: string, publicKey: string): Promise<void> {
  await Deno.mkdir(`${root}/usr/local/lib/vm`, { recursive: true });
  await Deno.writeTextFile(`${root}/etc/hostname`, "guest\n");
  await Deno.writeTextFile(`${root}/etc/hosts`, "127.0.0.1 localhost\n127.0.1.1 guest\n");
  await Deno.writeTextFile(`${root}/etc/systemd/network/eth0.network`, NETWORK);
  await run(["chroot", root, "useradd", "--create-home", "--shell", "/bin/bash", "user"]);
  for (const [user, home] of [["root", "/root"], ["user", "/home/user"]]) {
    await Deno.mkdir(`${root}${home}/.ssh`, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(`${root}${home}/.ssh/authorized_keys`, publicKey, { mode: 0o600 });
    await run(["chroot", root, "chown", "-R", `${user}:`, `${home}/.ssh`]);
  }
  await run(["chroot", root, "systemctl", "enable", "systemd-networkd.service"]);
  await run(["chroot", root, "systemctl", "mask", ...IDLE]);
}
