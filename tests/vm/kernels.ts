/**
 * Kernels of Debian's suites, unpacked from their packages.
 *
 * Cloud kernels have NVMe and ext4 built in, so a guest boots without an initial RAM disk.
 *
 * @module
 */

import { exists } from "./command.ts";
import { unpacked } from "./debs.ts";

/** The kernels by the version that people know them by, and the suite that has it. */
export const SUITES = { "5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie", newest: "sid" } as const;
export type KernelName = keyof typeof SUITES;
export const KERNELS = Object.keys(SUITES) as readonly KernelName[];

/** The package that depends on the suite's kernel. */
const META = "linux-image-cloud-";
/** What a kernel consists of: one package up to trixie, three in sid. */
const PART = /\blinux-(?:image|binary|modules|base)-\d[^ ,]*-cloud-(?:amd|arm)64\b/g;

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
export async function kernelOf(name: KernelName, cache: string, architecture = "amd64"): Promise<Kernel> {
  const folder = `${cache}/kernel-${name}${architecture === "amd64" ? "" : `-${architecture}`}`;
  const root = await unpacked(folder, {
    suite: SUITES[name],
    architecture,
    names: [],
    through: [META + architecture, PART],
  });
  // Where /lib is a link to usr/lib, packages have their files below the latter.
  const modules = await exists(`${root}/usr/lib/modules`) ? `${root}/usr/lib/modules` : `${root}/lib/modules`;
  const [release] = [...Deno.readDirSync(modules)].map((entry) => entry.name);
  if (release === undefined) throw new Error(`Cannot find the modules of ${name} in ${modules}: remove ${folder}`);
  // sid's packages have it with the modules, all others below /boot.
  const beside = `${modules}/${release}/vmlinuz`,
    image = await exists(beside) ? beside : `${root}/boot/vmlinuz-${release}`;
  return { name, release, image, modules: `${modules}/${release}` };
}
