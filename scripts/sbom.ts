/**
 * The software bill of materials of the exporter, CycloneDX 1.6 in JSON: what is in the compiled file, from the graph of
 * modules and deno.lock. What only tests and scripts use isn't in it.
 *
 *     deno run -A scripts/sbom.ts > cnproc-exporter.cdx.json
 *
 * @module
 */

import { type Build, describeBuild } from "./compile.ts";

const ROOT = `${import.meta.dirname}/..`;
/** What the exporter is started with, and its worker: the roots of the graph. */
const ENTRIES = ["main.ts", "fingerprint/worker/worker.ts"];

/** A package that is in the file. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** `name@version` of what it uses in turn. */
  readonly dependencies: readonly string[];
  /** SHA-512 of its archive, in base64 after `sha512-`, as deno.lock has it. */
  readonly integrity: string;
  /** SPDX identifier. */
  readonly licence: string;
}

/** Deno's own word about modules, as far as it is used here. */
interface Info {
  /** The modules of the graph; those of packages name theirs. */
  readonly modules: readonly { npmPackage?: string }[];
  /** All packages of the lock file. */
  readonly npmPackages: Readonly<Record<string, { name: string; version: string; dependencies: string[] }>>;
}

async function deno<Result>(...args: string[]): Promise<Result> {
  const output = await new Deno.Command(Deno.execPath(), { args: [...args, "--json"], cwd: ROOT }).output();
  if (!output.success) throw new Error(`Cannot run deno ${args.join(" ")}: ${new TextDecoder().decode(output.stderr)}`);
  return JSON.parse(new TextDecoder().decode(output.stdout)) as Result;
}

/** The packages that the exporter's modules import, sorted. */
export async function libraries(): Promise<Library[]> {
  const lock = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`)) as {
    npm: Record<string, { integrity: string }>;
  };
  const { npmCache } = await deno<{ npmCache: string }>("info");
  const found = new Map<string, Library>();
  for (const entry of ENTRIES) {
    const { modules, npmPackages } = await deno<Info>("info", "--lock=deno.lock", entry);
    const wanted = modules.map(({ npmPackage }) => npmPackage).filter((id) => id !== undefined);
    for (const id of wanted) {
      if (found.has(id)) continue;
      const { name, version, dependencies } = npmPackages[id]!;
      wanted.push(...dependencies); // the loop reaches what is added
      const integrity = lock.npm[id]?.integrity;
      if (integrity === undefined) throw new Error(`Cannot describe ${id}: it isn't in deno.lock`);
      found.set(id, { name, version, dependencies, integrity, licence: await licenceOf(npmCache, name, version) });
    }
  }
  return [...found.values()].sort((a, b) => purl(a) < purl(b) ? -1 : 1);
}

async function licenceOf(npmCache: string, name: string, version: string): Promise<string> {
  for await (const registry of Deno.readDir(npmCache)) {
    const manifest = `${npmCache}/${registry.name}/${name}/${version}/package.json`;
    const text = await Deno.readTextFile(manifest).catch(() => undefined);
    const { license } = text === undefined ? {} : JSON.parse(text) as { license?: string };
    if (license !== undefined) return license;
  }
  throw new Error(`Cannot tell the licence of ${name} ${version}: its package.json isn't in the cache or has none`);
}

function purl({ name, version }: { name: string; version: string }): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hex(integrity: string): string {
  return hexOf(Uint8Array.from(atob(integrity.replace(/^sha512-/, "")), (char) => char.charCodeAt(0)));
}

/** A UUID that depends on a text alone (RFC 9562, version 8), so that two builds have the same bill. */
async function uuidOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).slice(0, 16);
  bytes[6] = bytes[6]! & 0x0f | 0x80;
  bytes[8] = bytes[8]! & 0x3f | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The bill for a build with these packages on this version of Deno. */
export async function billOfMaterials(build: Build, packages: readonly Library[], denoVersion: string) {
  const own = `pkg:generic/cnproc-exporter@${build.version}`;
  const runtime = `pkg:github/denoland/deno@v${denoVersion}`;
  const refOf = (id: string) => purl(packages.find(({ name, version }) => `${name}@${version}` === id)!);
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${await uuidOf(`${own} ${build.revision} ${packages.map(purl).join(" ")}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(build.commitTime * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": own,
        name: "cnproc-exporter",
        version: build.version,
        purl: own,
        licenses: [{ license: { id: "MIT" } }],
        properties: [{ name: "cnproc-exporter:revision", value: build.revision }],
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": runtime,
        name: "deno",
        version: denoVersion,
        description: "denort, the runtime that deno compile embeds the program in",
        licenses: [{ license: { id: "MIT" } }],
        purl: runtime,
      },
      ...packages.map((library) => ({
        type: "library",
        "bom-ref": purl(library),
        name: library.name,
        version: library.version,
        hashes: [{ alg: "SHA-512", content: hex(library.integrity) }],
        licenses: [{ license: { id: library.licence } }],
        purl: purl(library),
      })),
    ],
    dependencies: [
      { ref: own, dependsOn: [runtime, ...packages.map(purl)] },
      ...packages.map((library) => ({ ref: purl(library), dependsOn: library.dependencies.map(refOf) })),
    ],
  };
}

if (import.meta.main) {
  const build = await describeBuild(ROOT, Deno.env.get("SOURCE_DATE_EPOCH"));
  console.log(JSON.stringify(await billOfMaterials(build, await libraries(), Deno.version.deno), null, 2));
}
