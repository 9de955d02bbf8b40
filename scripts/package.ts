/**
 * Builds the packages: .deb, .rpm and .tar.gz for both architectures, a bill of materials, and their checksums.
 *
 *     deno task package [--arch=amd64|arm64] [--release=N] [--output=FOLDER] [--no-compile] [--verify]
 *
 * nfpm makes the .deb and the .rpm from deploy/package/nfpm.yaml; Go runs it (`go run` at a pinned version). All times are
 * the commit's, so two runs give the same bytes: `--verify` makes them twice and compares. `--no-compile` takes the files
 * that are in dist/ already. Where dl.deno.land is out of reach, DENORT_BIN_X86_64 and DENORT_BIN_AARCH64 name local
 * copies of denort.
 *
 * @module
 */

import { resolve } from "@std/path/posix";
import { type Build, describeBuild } from "./compile.ts";
import { completions, type Shell, SHELLS } from "./completions.ts";
import { debianChangelog } from "./changelog.ts";
import { manualPage } from "./manual.ts";
import { billOfMaterials, libraries } from "./sbom.ts";
import { goRun } from "./go_tools.ts";
import { HOMEPAGE, MAINTAINER } from "./repository.ts";

const ROOT = resolve(import.meta.dirname!, "..");

/** The architectures by Debian's names, with those of `uname -m` and of the compiled file. */
const ARCHITECTURES = {
  amd64: { machine: "x86_64", binary: "dist/cnproc-exporter" },
  arm64: { machine: "aarch64", binary: "dist/cnproc-exporter-aarch64" },
} as const;
type Architecture = keyof typeof ARCHITECTURES;

/** A package that can't be built: the message is one line that names cause and remedy. */
export class PackageError extends Error {
  override name = "PackageError";
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd: ROOT, env }).output();
  if (success) return;
  const text = new TextDecoder();
  throw new PackageError(
    `Cannot run ${command} ${args[0]}: ${text.decode(stderr).trim() || text.decode(stdout).trim()}`,
  );
}

async function compile(architecture: Architecture): Promise<void> {
  const { machine } = ARCHITECTURES[architecture];
  const denort = Deno.env.get(`DENORT_BIN_${machine.toUpperCase()}`);
  await run(
    Deno.execPath(),
    ["run", "-A", "--lock=tests/deno.lock", "--quiet", "scripts/compile.ts", `--target=${machine}`],
    denort === undefined ? {} : { DENORT_BIN: denort },
  );
}

/** Writes a file with the commit's time. */
async function write(path: string, content: string | Uint8Array, time: number): Promise<void> {
  if (typeof content === "string") await Deno.writeTextFile(path, content);
  else await Deno.writeFile(path, content);
  await Deno.utime(path, time, time);
}

/** Compresses a file in place of the plain one, as small as can be and without its time. */
async function gzip(path: string, time: number): Promise<void> {
  await run("gzip", ["-9", "--no-name", "--force", path]);
  await Deno.utime(`${path}.gz`, time, time);
}

/** The example of the configuration file with every line a comment: it changes nothing until somebody edits it. */
export function commentedOut(example: string): string {
  return example.replace(/^(?=[^#\n])/gm, "# ");
}

/** What all packages of one architecture hold beside what is in deploy/. */
async function stage(folder: string, architecture: Architecture, build: Build, bill: string, release: string) {
  const { commitTime: time, version } = build;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(`${ROOT}/${ARCHITECTURES[architecture].binary}`, `${folder}/cnproc-exporter`).catch(() => {
    throw new PackageError(`Cannot find ${ARCHITECTURES[architecture].binary}: leave out --no-compile`);
  });
  await Deno.chmod(`${folder}/cnproc-exporter`, 0o755);
  await Deno.utime(`${folder}/cnproc-exporter`, time, time);
  await write(`${folder}/cnproc-exporter.8`, manualPage(time), time);
  for (const shell of Object.keys(SHELLS) as Shell[]) {
    await write(`${folder}/completion.${shell}`, completions(shell), time);
  }
  const example = await Deno.readTextFile(`${ROOT}/deploy/cnproc-exporter.yml`);
  await write(`${folder}/cnproc-exporter.yml`, commentedOut(example), time);
  await write(`${folder}/changelog`, await Deno.readTextFile(`${ROOT}/CHANGELOG.md`), time);
  await write(`${folder}/changelog.Debian`, debianChangelog(version, release, time), time);
  await write(`${folder}/cnproc-exporter.cdx.json`, bill, time);
  for (const file of ["cnproc-exporter.8", "changelog", "changelog.Debian", "cnproc-exporter.cdx.json"]) {
    await gzip(`${folder}/${file}`, time);
  }
}

/** The archive for machines without a package manager: one folder, with a script that installs from it. */
async function archive(folder: string, name: string, build: Build, output: string): Promise<string> {
  const inside = `${folder}/${name}`, time = build.commitTime;
  await Deno.mkdir(`${inside}/completions`, { recursive: true });
  const copies: readonly (readonly [from: string, to: string])[] = [
    [`${folder}/cnproc-exporter`, "cnproc-exporter"],
    [`${folder}/cnproc-exporter.yml`, "cnproc-exporter.yml"],
    [`${folder}/cnproc-exporter.8.gz`, "cnproc-exporter.8.gz"],
    [`${folder}/cnproc-exporter.cdx.json.gz`, "cnproc-exporter.cdx.json.gz"],
    ...(Object.keys(SHELLS) as Shell[]).map((shell) =>
      [`${folder}/completion.${shell}`, `completions/${shell}`] as const
    ),
    [`${ROOT}/deploy/package/install.sh`, "install.sh"],
    [`${ROOT}/deploy/package/default`, "default"],
    [`${ROOT}/deploy/package/copyright`, "copyright"],
    [`${ROOT}/deploy/systemd/cnproc-exporter.service`, "cnproc-exporter.service"],
    ...["README.md", "CHANGELOG.md", "LICENSE"].map((file) => [`${ROOT}/${file}`, file] as const),
  ];
  for (const [from, to] of copies) {
    await Deno.copyFile(from, `${inside}/${to}`);
    await Deno.chmod(`${inside}/${to}`, /^(cnproc-exporter|install\.sh)$/.test(to) ? 0o755 : 0o644);
  }
  const file = `${output}/${name}.tar`;
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--format=gnu", "--sort=name", `--mtime=@${time}`];
  await run("tar", ["--create", ...owner, "--mode=go=rX,u+rw", `--file=${file}`, `--directory=${folder}`, name]);
  await gzip(file, time);
  return `${name}.tar.gz`;
}

/** Builds the packages of one architecture: their names. */
async function packagesOf(architecture: Architecture, build: Build, bill: string, options: Options): Promise<string[]> {
  const work = await Deno.makeTempDir({ prefix: "cnproc-package-" });
  try {
    const folder = `${work}/stage`;
    await stage(folder, architecture, build, bill, options.release);
    const { version } = build, { release, output } = options, { machine } = ARCHITECTURES[architecture];
    const names = {
      deb: `cnproc-exporter_${version}-${release}_${architecture}.deb`,
      rpm: `cnproc-exporter-${version}-${release}.${machine}.rpm`,
    };
    const env = {
      ARCH: architecture,
      VERSION: version,
      RELEASE: release,
      STAGE: folder,
      HOMEPAGE,
      MAINTAINER,
      SOURCE_DATE_EPOCH: String(build.commitTime),
    };
    for (const [packager, name] of Object.entries(names)) {
      const target = `--target=${output}/${name}`;
      await goRun(
        "nfpm",
        ["package", "--config=deploy/package/nfpm.yaml", `--packager=${packager}`, target],
        ROOT,
        env,
      );
    }
    return [
      ...Object.values(names),
      await archive(folder, `cnproc-exporter-${version}-linux-${architecture}`, build, output),
    ];
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function sha256(path: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Options of {@link buildPackages}. */
export interface Options {
  readonly architectures: readonly Architecture[];
  /** Number of the package within the version, `1` at first. */
  readonly release: string;
  readonly output: string;
  readonly compile: boolean;
  readonly verify: boolean;
}

/** Builds everything into the output folder: the text of SHA256SUMS. */
export async function buildPackages(options: Options): Promise<string> {
  const build = await describeBuild(ROOT, Deno.env.get("SOURCE_DATE_EPOCH"));
  if (options.compile) { for (const architecture of options.architectures) await compile(architecture); }
  await Deno.mkdir(options.output, { recursive: true });
  const bill = JSON.stringify(await billOfMaterials(build, await libraries(), Deno.version.deno), null, 2) + "\n";
  const names = [`cnproc-exporter-${build.version}.cdx.json`];
  await Deno.writeTextFile(`${options.output}/${names[0]}`, bill);
  for (const architecture of options.architectures) names.push(...await packagesOf(architecture, build, bill, options));
  const sums: string[] = [];
  for (const name of names.sort()) sums.push(`${await sha256(`${options.output}/${name}`)}  ${name}\n`);
  await Deno.writeTextFile(`${options.output}/SHA256SUMS`, sums.join(""));
  return sums.join("");
}

function parse(args: readonly string[]): Options {
  let architectures = Object.keys(ARCHITECTURES) as Architecture[];
  let release = "1", output = `${ROOT}/dist/packages`, compile = true, verify = false;
  for (const arg of args) {
    const [name, value] = arg.split(/=(.*)/s, 2);
    if (name === "--arch" && value !== undefined && value in ARCHITECTURES) architectures = [value as Architecture];
    else if (name === "--release" && /^[1-9]\d*$/.test(value ?? "")) release = value!;
    else if (name === "--output" && value) output = resolve(Deno.cwd(), value);
    else if (arg === "--no-compile") compile = false;
    else if (arg === "--verify") verify = true;
    else {
      throw new PackageError(
        `Cannot read ${arg}: want --arch=amd64|arm64, --release=NUMBER, --output=FOLDER, --no-compile or --verify`,
      );
    }
  }
  return { architectures, release, output, compile, verify };
}

/** Lines that two lists of checksums don't share: the names of files that differ. */
function differing(a: string, b: string): string {
  const first = new Set(a.split("\n"));
  return b.split("\n").filter((line) => !first.has(line)).map((line) => line.slice(66)).join(", ");
}

async function main(): Promise<void> {
  const options = parse(Deno.args);
  const sums = await buildPackages(options);
  console.log(sums.trimEnd());
  if (!options.verify) return;
  const second = await Deno.makeTempDir({ prefix: "cnproc-packages-" });
  try {
    const again = await buildPackages({ ...options, output: second });
    if (again !== sums) {
      throw new PackageError(`Cannot reproduce the packages: two builds differ in ${differing(sums, again)}`);
    }
    console.log("reproducible: second packages have the same bytes");
  } finally {
    await Deno.remove(second, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
