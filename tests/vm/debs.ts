/**
 * Packages of Debian's suites, unpacked: by an apt with directories of its own, so that the machine's sources and lists stay as they
 * are.
 *
 * @module
 */

import { exists, run } from "./command.ts";

const MIRROR = "http://deb.debian.org/debian";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** How often apt asks again for a file that it can't have. */
export const RETRIES = 5;

/** Which packages. */
export interface Wanted {
  readonly suite: string;
  readonly architecture: string;
  readonly names: readonly string[];
  /** A package that isn't wanted itself, but those among its dependencies and theirs that look so. */
  readonly through?: readonly [name: string, part: RegExp];
}

/** The folder below `folder` into which packages are unpacked; they are downloaded where it isn't there. */
export async function unpacked(folder: string, wanted: Wanted): Promise<string> {
  const root = `${folder}/root`;
  if (await exists(root)) return root;
  for (const name of ["lists/partial", "archives/partial", "debs"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  await download(folder, wanted);
  const made = `${root}.new`;
  await Deno.remove(made, { recursive: true }).catch(() => {});
  for await (const { name: deb } of Deno.readDir(`${folder}/debs`)) {
    await run(["dpkg-deb", "-x", `${folder}/debs/${deb}`, made]);
  }
  await Deno.rename(made, root);
  return root;
}

async function download(folder: string, { suite, architecture, names, through }: Wanted): Promise<void> {
  await Deno.writeTextFile(`${folder}/sources.list`, `deb [signed-by=${KEYRING}] ${MIRROR} ${suite} main\n`);
  await Deno.writeTextFile(`${folder}/status`, "");
  const settings = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    "Dir::Etc::SourceParts=-",
    `Dir::Etc::SourceList=${folder}/sources.list`,
    `Dir::State::Status=${folder}/status`,
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
    "Acquire::Languages=none",
    "Acquire::Check-Valid-Until=false", // a mirror may be older than the list's days
    "APT::Sandbox::User=root",
    `Acquire::Retries=${RETRIES}`,
  ].flatMap((setting) => ["-o", setting]);
  await run(["apt-get", ...settings, "-q", "update"]);
  const parts = new Set(names);
  if (through !== undefined) {
    const [meta, part] = through, asked = [meta];
    for (const name of asked) {
      for (const [found] of (await run(["apt-cache", ...settings, "depends", "--important", name])).matchAll(part)) {
        if (found === name || parts.has(found)) continue;
        parts.add(found);
        asked.push(found);
      }
    }
    if (asked.length === 1) throw new Error(`Cannot find what ${meta} of ${suite} depends on`);
  }
  // apt-get writes into the working folder.
  await run(["env", "-C", `${folder}/debs`, "apt-get", ...settings, "-q", "download", ...parts]);
}
