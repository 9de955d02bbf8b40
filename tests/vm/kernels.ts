/**
 * Kernels of Debian's suites, unpacked from their packages by an apt with directories of its own: the machine's sources and lists
 * stay as they are.
 *
 * Cloud kernels have NVMe and ext4 built in, so a guest boots without an initial RAM disk.
 *
 * @module
 */

import { exists, run } from "./command.ts";

/** The kernels by the version that people know them by, and the suite that has it. */
export const SUITES = { "5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie", newest: "sid" } as const;
export type KernelName = keyof typeof SUITES;
export const KERNELS = Object.keys(SUITES) as readonly KernelName[];

const MIRROR = "http://deb.debian.org/debian";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** The package that depends on the suite's kernel. */
const META = "linux-image-cloud-amd64";
/** What a kernel consists of: one package up to trixie, three in sid. */
const PART = /\blinux-(?:image|binary|modules|base)-\d[^ ,]*-cloud-amd64\b/g;

export interface Kernel {
  readonly name: KernelName;
  /** What `uname -r` will say. */
  readonly release: string;
  /** The file that qemu boots. */
  readonly image: string;
  /** The folder of its modules. */
  readonly modules: string;
}

/** A kernel in the cache's folder; it is downloaded where it isn't there. */
export async function kernelOf(name: KernelName, cache: string): Promise<Kernel> {
  const folder = `${cache}/kernel-${name}`, root = `${folder}/root`;
  if (!await exists(root)) {
    await Deno.mkdir(`${folder}/lists/partial`, { recursive: true });
    await Deno.mkdir(`${folder}/archives/partial`, { recursive: true });
    await Deno.mkdir(`${folder}/debs`, { recursive: true });
    await download(folder, SUITES[name]);
    const unpacked = `${root}.new`;
    await Deno.remove(unpacked, { recursive: true }).catch(() => {});
    for await (const { name: deb } of Deno.readDir(`${folder}/debs`)) {
      await run(["dpkg-deb", "-x", `${folder}/debs/${deb}`, unpacked]);
    }
    await Deno.rename(unpacked, root);
  }
  // Where /lib is a link to usr/lib, packages have their files below the latter.
  const modules = await exists(`${root}/usr/lib/modules`) ? `${root}/usr/lib/modules` : `${root}/lib/modules`;
  const [release] = [...Deno.readDirSync(modules)].map((entry) => entry.name);
  if (release === undefined) throw new Error(`Cannot find the modules of ${name} in ${modules}: remove ${folder}`);
  // sid's packages have it with the modules, all others below /boot.
  const beside = `${modules}/${release}/vmlinuz`,
    image = await exists(beside) ? beside : `${root}/boot/vmlinuz-${release}`;
  return { name, release, image, modules: `${modules}/${release}` };
}

async function download(folder: string, suite: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/sources.list`, `deb [signed-by=${KEYRING}] ${MIRROR} ${suite} main\n`);
  await Deno.writeTextFile(`${folder}/status`, "");
  const settings = [
    "Dir::Etc::SourceParts=-",
    `Dir::Etc::SourceList=${folder}/sources.list`,
    `Dir::State::Status=${folder}/status`,
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
    "Acquire::Languages=none",
    "Acquire::Check-Valid-Until=false", // a mirror may be older than the list's days
    "APT::Sandbox::User=root",
  ].flatMap((setting) => ["-o", setting]);
  await run(["apt-get", ...settings, "-q", "update"]);
  const wanted = [META], parts = new Set<string>();
  for (const name of wanted) {
    for (const [part] of (await run(["apt-cache", ...settings, "depends", "--important", name])).matchAll(PART)) {
      if (part === name || parts.has(part)) continue;
      parts.add(part);
      wanted.push(part);
    }
  }
  if (parts.size === 0) throw new Error(`Cannot find a kernel in ${suite}: ${META} depends on none`);
  // apt-get writes into the working folder.
  await run(["env", "-C", `${folder}/debs`, "apt-get", ...settings, "-q", "download", ...parts]);
}
