/**
 * Builds the exporter as one file:
 *
 *     deno task compile [--target=x86_64|aarch64] [--output=FILE] [--verify]
 *
 * The sources are bundled first, main thread and worker each into one module, and the two are embedded. Embedding the
 * packages as they are would do too, but costs 4 MB of file, 5 MB of memory and 10 ms of start, and puts the paths and
 * times of the builder's cache into the file. So the bytes depend on the commit, Deno's version and the target alone:
 * `--verify` builds twice, in two folders, and compares.
 *
 * `deno compile` needs `denort`, the runtime it embeds, and fetches it from dl.deno.land. Where that host is out of reach,
 * `DENORT_BIN` names a local copy for the target.
 *
 * @module
 */

import { resolve } from "@std/path/posix";
import { PERMISSION_FLAGS, RESTRICTION_FLAGS, RUNTIME_FLAGS } from "./permissions.ts";

interface Target {
  readonly triple: string;
  /** `e_machine` of its ELF files, <linux/elf-em.h>. */
  readonly machine: number;
  /** Name of the built file in dist/. */
  readonly file: string;
}

/** The targets by the name `uname -m` has for them. */
const TARGETS: Readonly<Record<string, Target>> = {
  x86_64: { triple: "x86_64-unknown-linux-gnu", machine: 62, file: "cnproc-exporter" },
  aarch64: { triple: "aarch64-unknown-linux-gnu", machine: 183, file: "cnproc-exporter-aarch64" },
};

/** What the file says about itself: embedded as `build.json` beside `main.ts`. */
export interface Build {
  /** Version of `deno.json`. */
  readonly version: string;
  /** Commit the sources were, with `-dirty` when files differ from it; `unknown` outside a git checkout. */
  readonly revision: string;
  /** Time of that commit, seconds since 1970 (`SOURCE_DATE_EPOCH` overrides); 0 outside a git checkout. */
  readonly commitTime: number;
}

/** A build that failed: the message is one line that names cause and remedy. */
export class CompileError extends Error {
  override name = "CompileError";
}

const ROOT = resolve(import.meta.dirname!, "..");

async function run(command: string, args: string[], cwd: string): Promise<{ ok: boolean; out: string; err: string }> {
  const env = { NO_COLOR: "1" };
  const output = await new Deno.Command(command, { args, cwd, env, stdout: "piped", stderr: "piped" }).output();
  const text = new TextDecoder();
  return { ok: output.success, out: text.decode(output.stdout), err: text.decode(output.stderr) };
}

async function deno(args: string[], cwd: string): Promise<void> {
  const result = await run(Deno.execPath(), args, cwd);
  if (result.ok) return;
  if (/denort/.test(result.err)) {
    throw new CompileError(
      "Cannot fetch denort, the runtime that deno compile embeds: dl.deno.land is out of reach; " +
        `set DENORT_BIN to a copy of denort ${Deno.version.deno} for the target`,
    );
  }
  throw new CompileError(`Cannot run deno ${args[0]}: ${result.err.split("Stack backtrace")[0]!.trim()}`);
}

/** Reads version, revision and commit time; the same for everyone who checks the commit out. */
export async function describeBuild(root: string, sourceDateEpoch: string | undefined): Promise<Build> {
  const { version } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`)) as { version: string };
  const commit = await run("git", ["log", "-1", "--format=%H %ct"], root).catch(() => undefined);
  const [hash, seconds] = commit?.ok ? commit.out.trim().split(" ") : [];
  const changed = hash === undefined ? undefined : await run("git", ["status", "--porcelain"], root);
  const revision = hash === undefined ? "unknown" : hash + (changed?.out.trim() ? "-dirty" : "");
  const commitTime = Number(sourceDateEpoch ?? seconds ?? 0);
  if (!Number.isSafeInteger(commitTime) || commitTime < 0) {
    throw new CompileError(`Cannot use SOURCE_DATE_EPOCH=${sourceDateEpoch}: want whole seconds since 1970`);
  }
  return { version, revision, commitTime };
}

/** Comments that name the builder's own folders become comments that name the package. */
export function withoutLocalPaths(bundle: string): string {
  return bundle.replace(/^\/\/ .*\/npm\/[^/\n]+\/(.*)$/gm, "// npm:$1");
}

/** CommonJS packages ask for Node's modules by this, which a small bundle doesn't define (Deno 2.6.8). */
const REQUIRE =
  'import{createRequire as createNodeRequire}from"node:module";const require=createNodeRequire(import.meta.url);';

/**
 * The same code in ASCII. V8 keeps a text with any other character, were it in a comment, as two bytes per character on the
 * heap of each thread.
 */
export function inAscii(bundle: string): string {
  return bundle.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Modules and files that code asks for beside itself, `new URL("./x", import.meta.url)`, as written. */
export function relativeUrls(bundle: string): string[] {
  return [...bundle.matchAll(/new URL\(\s*"([^"]+)",\s*import\.meta\.url\s*\)/g)].map((match) => match[1]!);
}

/**
 * The same code that asks for scripts beside itself by the names of their bundles. A `.ts` file would be embedded three times, as
 * it is, as JavaScript and as the map between the two, and all that is embedded is in memory.
 */
export function withBundledUrls(bundle: string): string {
  return bundle.replace(/(new URL\(\s*"[^"]+)\.ts(",\s*import\.meta\.url\s*\))/g, "$1.js$2");
}

/** How many resources a bundle has closed at the end of their block (`using x = …`). */
export function countUsing(bundle: string): number {
  return [...bundle.matchAll(/\busing [\w$]+ ?=/g)].length;
}

/** Bundles main.ts and its worker into `stage`, every file with the commit's time. */
async function bundleInto(stage: string, build: Build): Promise<string[]> {
  const include: string[] = [];
  const emit = async (source: string, target: string) => {
    const flags = [
      "--quiet",
      "--minify",
      "--lock=deno.lock",
      "--frozen",
      "--platform=deno",
      `--output=${stage}/${target}`,
    ];
    await deno(["bundle", ...flags, source], ROOT);
    // esbuild, in Deno 2.6.8, leaves `using` away where what it declares is used once, in the next statement: never closed then.
    const whole = `${stage}/whole.js`;
    const unminified = flags.filter((flag) => flag !== "--minify" && !flag.startsWith("--output="));
    await deno(["bundle", ...unminified, `--output=${whole}`, source], ROOT);
    const [want, has] = [await Deno.readTextFile(whole), await Deno.readTextFile(`${stage}/${target}`)].map(countUsing);
    await Deno.remove(whole);
    if (want !== has) {
      throw new CompileError(
        `Cannot bundle ${source}: of ${want} \`using\` declarations ${has} are left; use what they declare more than once`,
      );
    }
    const bundle = REQUIRE + withBundledUrls(inAscii(withoutLocalPaths(await Deno.readTextFile(`${stage}/${target}`))));
    await Deno.writeTextFile(`${stage}/${target}`, bundle);
    return bundle;
  };
  for (const url of relativeUrls(await emit("main.ts", "main.js"))) {
    const target = new URL(url, "file:///").pathname.slice(1);
    if (target === "build.json") continue; // written below
    if (!target.endsWith("worker.js")) {
      throw new CompileError(`Cannot embed ${url}: only worker.ts is asked for beside the code`);
    }
    await emit("fingerprint/worker/worker.ts", target);
    include.push(target);
  }
  if (include.length !== 1) {
    throw new CompileError(`Cannot embed the worker: want one new URL(…worker.ts), found ${include.length}`);
  }
  await Deno.writeTextFile(`${stage}/build.json`, JSON.stringify(build) + "\n");
  await Deno.writeTextFile(`${stage}/deno.json`, "{}\n");
  include.push("build.json");
  for (const file of ["main.js", "deno.json", ...include]) {
    await Deno.utime(`${stage}/${file}`, build.commitTime, build.commitTime);
  }
  return include;
}

/** Builds the file for one target. */
async function compile(target: Target, output: string, build: Build): Promise<void> {
  const stage = await Deno.makeTempDir({ prefix: "cnproc-exporter-" });
  try {
    const include = await bundleInto(stage, build);
    await deno([
      "compile",
      "--quiet",
      "--no-check", // `deno task ok` checks the sources; these are bundles
      "--no-npm",
      "--no-remote",
      // Else a root process loads V8 code from a file in /tmp that any user can plant there.
      "--no-code-cache",
      ...RUNTIME_FLAGS,
      ...RESTRICTION_FLAGS,
      ...PERMISSION_FLAGS,
      ...include.map((file) => `--include=${file}`),
      `--target=${target.triple}`,
      `--output=${output}`,
      "main.js",
    ], stage);
    await checkMachine(target, output);
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

/** A `DENORT_BIN` for another machine is embedded without a word. */
async function checkMachine(target: Target, output: string): Promise<void> {
  using file = await Deno.open(output);
  const header = new DataView(new ArrayBuffer(20));
  await file.read(new Uint8Array(header.buffer));
  if (header.getUint16(18, true) === target.machine) return;
  await Deno.remove(output);
  throw new CompileError(`Cannot use this DENORT_BIN: it is built for another machine, want one for ${target.triple}`);
}

async function sha256(path: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** First byte at which two files differ, with what stands there in each; for the error text of `--verify`. */
function firstDifference(a: Uint8Array, b: Uint8Array): string {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  const show = (bytes: Uint8Array) =>
    JSON.stringify(new TextDecoder("latin1").decode(bytes.subarray(Math.max(0, at - 20), at + 40)));
  return `byte ${at} of ${a.length} and ${b.length}: ${show(a)} and ${show(b)}`;
}

interface Options {
  readonly target: string;
  readonly output: string | undefined;
  readonly verify: boolean;
}

function parse(args: readonly string[]): Options {
  let target: string = Deno.build.arch;
  let output: string | undefined;
  let verify = false;
  for (const arg of args) {
    const [name, value] = arg.split(/=(.*)/s, 2);
    if (name === "--target" && value !== undefined && value in TARGETS) target = value;
    else if (name === "--output" && value) output = value;
    else if (arg === "--verify") verify = true;
    else throw new CompileError(`Cannot read ${arg}: want --target=x86_64|aarch64, --output=FILE or --verify`);
  }
  return { target, output, verify };
}

async function main(): Promise<void> {
  const options = parse(Deno.args);
  const target = TARGETS[options.target]!;
  const output = resolve(Deno.cwd(), options.output ?? `${ROOT}/dist/${target.file}`);
  await Deno.mkdir(output.slice(0, output.lastIndexOf("/")), { recursive: true });
  const build = await describeBuild(ROOT, Deno.env.get("SOURCE_DATE_EPOCH"));
  await compile(target, output, build);
  const hash = await sha256(output);
  console.log(`${hash}  ${output.replace(`${ROOT}/`, "")}  ${build.version} ${build.revision}`);
  if (!options.verify) return;
  const second = `${output}.second`;
  try {
    await compile(target, second, build);
    if (await sha256(second) !== hash) {
      const difference = firstDifference(await Deno.readFile(output), await Deno.readFile(second));
      throw new CompileError(`Cannot reproduce the build: two builds of one commit differ at ${difference}`);
    }
    console.log("reproducible: a second build has the same bytes");
  } finally {
    await Deno.remove(second).catch(() => {});
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
