/**
 * Boots Debian on several kernels, one more side by side than there are processors, and checks what the exporter's package does there:
 *
 *     deno task test:vm [--kernels=5.10,6.1|all] [--quick] [--jobs=N] [--cache=FOLDER] [--only=REGEX]
 *         [--download] [--deb=FILE] [--deb-arm=FILE]
 *
 * `--quick` leaves out what starts the exporter or the guest anew, which takes an emulated processor a minute each time.
 * `--download` ends when the cache has what guests are made of, but for the exporter.
 * `lockdown` is 6.1 with lockdown=confidentiality, which refuses BPF; `arm64` is 6.1 for aarch64 without systemd (arm64.ts: needs
 * qemu-system-arm and libarchive-tools). Needs root (files of the image keep their owners),
 * qemu-system-x86, mmdebstrap and openssh-client; KVM where it is usable, else an emulated processor, which is twenty times slower.
 * Prints a table of kernels and checks; the exit status is 1 where one of them failed. What was downloaded and unpacked is
 * kept in the cache's folder.
 *
 * @module
 */

import { FILES } from "../packages/artifacts.ts";
import { partsOf, tell, TOLD_CHECKS, type ToldCheck } from "./arm64.ts";
import { type Check, CHECKS } from "./checks.ts";
import { exists } from "./command.ts";
import { Guest, hasKvm } from "./guest.ts";
import { archiveOf, type Image, imageOf } from "./image.ts";
import { type Kernel, type KernelName, kernelOf, KERNELS } from "./kernels.ts";

/** Kernels by their names, and what is said to them. */
const GUESTS: Readonly<Record<string, { readonly kernel: KernelName; readonly append?: string }>> = {
  ...Object.fromEntries(KERNELS.map((kernel) => [kernel, { kernel }])),
  lockdown: { kernel: "6.1", append: "lockdown=confidentiality" },
};

/** The guest of another architecture, which has checks of its own. */
const ARM64 = "arm64";
/** What a guest failed that didn't come to its checks. */
const ANSWERS = "answers";
const NAMES = [...Object.keys(GUESTS), ARM64];

interface Options {
  guests: readonly string[];
  /** Without the checks that take long. */
  quick: boolean;
  /** Whether it ends when all that guests are made of is in the cache. */
  onlyDownload: boolean;
  /** How many guests run side by side. */
  jobs: number;
  deb: string;
  debArm: string;
  cache: string;
  only: RegExp;
}

function parse(args: readonly string[]): Options {
  const options: Options = {
    guests: ["5.10", "6.1"],
    quick: false,
    onlyDownload: false,
    jobs: navigator.hardwareConcurrency + 1, // one always waits: for a watchdog, for its disk
    deb: FILES.deb,
    debArm: FILES.debArm,
    cache: "/var/cache/cnproc-exporter-vm",
    only: /./,
  };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2);
    if (name === "--kernels" && value === "all") options.guests = NAMES;
    else if (name === "--kernels" && value.split(",").every((guest) => NAMES.includes(guest))) {
      options.guests = value.split(",");
    } else if (arg === "--quick") options.quick = true;
    else if (arg === "--download") options.onlyDownload = true;
    else if (name === "--jobs" && /^[1-9]\d?$/.test(value)) options.jobs = Number(value);
    else if (name === "--deb" && value !== "") options.deb = value;
    else if (name === "--deb-arm" && value !== "") options.debArm = value;
    else if (name === "--cache" && value !== "") options.cache = value;
    else if (name === "--only" && value !== "") options.only = new RegExp(value);
    else {
      console.error(
        `Cannot read ${arg}: want --kernels=${NAMES} (or all) --quick --download --jobs=N --deb=FILE --deb-arm=FILE --cache=FOLDER --only=REGEX`,
      );
      Deno.exit(2);
    }
  }
  return options;
}

/** Which checks were made of a guest, and whether each held. */
type Results = ReadonlyMap<string, boolean>;

/** Says how long it is since now. */
function stopwatch(): () => string {
  const began = performance.now();
  return () => `${Math.round((performance.now() - began) / 1000)} s`;
}

/** Makes checks, one after the other, and says how each went. */
async function make<Subject>(
  name: string,
  checks: readonly { readonly name: string; run(subject: Subject): Promise<void> | void }[],
  subject: Subject,
  seconds: () => string,
): Promise<Results> {
  const results = new Map<string, boolean>();
  for (const check of checks) {
    const took = stopwatch();
    let reason: string | undefined;
    try {
      await check.run(subject);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    results.set(check.name, reason === undefined);
    const outcome = reason === undefined ? "ok" : `FAILED: ${reason}`;
    console.log(`${name}: ${check.name} ... ${outcome} (${took()}, ${seconds()} in all)`);
  }
  return results;
}

/** A guest's folder, empty, and how long it is since now. */
async function begin(name: string, { cache }: Options): Promise<{ folder: string; seconds: () => string }> {
  const folder = `${cache}/guest-${name}`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  return { folder, seconds: stopwatch() };
}

/** The checks that were asked for. */
const chosen = <Named extends { readonly name: string; readonly takesLong?: boolean }>(
  checks: readonly Named[],
  { only, quick }: Options,
): readonly Named[] => checks.filter(({ name, takesLong }) => only.test(name) && !(quick && takesLong === true));

/** Boots a guest and makes all checks. */
async function checkAll(name: string, options: Options, { kernels, image }: Parts): Promise<Results> {
  const { folder, seconds } = await begin(name, options), { kernel, append } = GUESTS[name]!;
  await using guest = await Guest.boot({ kernel: kernels.get(kernel)!, image, folder, append });
  console.log(`${name}: Linux ${await guest.must("uname -r")} answers by ssh after ${seconds()}`);
  return await make<Guest>(name, chosen<Check>(CHECKS, options), guest, seconds);
}

/** The same of the guest for aarch64, which tells all at once. */
async function checkArm(options: Options): Promise<Results> {
  const { folder, seconds } = await begin(ARM64, options);
  const told = await tell(options.debArm, options.cache, folder);
  console.log(`${ARM64}: has powered itself off after ${seconds()}`);
  return await make(ARM64, chosen<ToldCheck>(TOLD_CHECKS, options), told, seconds);
}

/** What guests are made of. */
interface Parts {
  readonly kernels: ReadonlyMap<KernelName, Kernel>;
  readonly image: Image;
}

/** Downloads what the guests are made of, all at once, where the cache hasn't it. */
async function download(usual: readonly string[], { guests, cache }: Options): Promise<Parts["kernels"]> {
  const names = [...new Set(usual.map((name) => GUESTS[name]!.kernel))];
  const [kernels] = await Promise.all([
    Promise.all(names.map((name) => kernelOf(name, cache))),
    usual.length > 0 && archiveOf(cache),
    guests.includes(ARM64) && partsOf(cache),
  ]);
  return new Map(kernels.map((kernel) => [kernel.name, kernel]));
}

/** What the guests of this machine's architecture boot: kernels, and the image with the modules of all of them. */
async function prepare(options: Options): Promise<Parts | undefined> {
  const { guests, deb, cache, onlyDownload } = options, usual = guests.filter((name) => name !== ARM64);
  const seconds = stopwatch(), kernels = await download(usual, options);
  console.log(`all is downloaded after ${seconds()}`);
  if (onlyDownload || usual.length === 0) return undefined;
  const image = await imageOf(deb, [...kernels.values()], cache);
  console.log(`the image is made after ${seconds()}`);
  return { kernels, image };
}

/** Checks all guests, so many at a time; one that never answered has no results, and why is printed. */
async function checkGuests(options: Options, parts: Parts | undefined): Promise<Map<string, Results>> {
  console.log(`guests run ${hasKvm() ? "by KVM" : "on an emulated processor"}, ${options.jobs} side by side`);
  const results = new Map<string, Results>(), left = [...options.guests];
  const worker = async () => {
    for (let name; (name = left.shift()) !== undefined;) {
      try {
        results.set(name, name === ARM64 ? await checkArm(options) : await checkAll(name, options, parts!));
      } catch (error) {
        console.log(`${name}: FAILED: ${error instanceof Error ? error.message : error}`);
        console.log(`${name}: a machine that is too slow for guests runs the other tests by VM_TESTS=0 .ci/run`);
        results.set(name, new Map([[ANSWERS, false]]));
      }
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return results;
}

function printTable(results: ReadonlyMap<string, Results>): void {
  const names = NAMES.filter((name) => results.has(name)),
    checks = new Set([ANSWERS, ...[...CHECKS, ...TOLD_CHECKS].map(({ name }) => name)]);
  const cell = (held: boolean | undefined) => held === undefined ? "-" : held ? "ok" : "FAILED";
  console.log(`\n| check | ${names.join(" | ")} |\n|---|${"---|".repeat(names.length)}`);
  for (const check of checks) {
    const row = names.map((guest) => results.get(guest)!.get(check));
    if (row.some((held) => held !== undefined)) console.log(`| ${check} | ${row.map(cell).join(" | ")} |`);
  }
}

if (import.meta.main) {
  const options = parse(Deno.args);
  const needed = [
    options.guests.some((name) => name !== ARM64) ? options.deb : [],
    options.guests.includes(ARM64) ? options.debArm : [],
  ].flat();
  for (const file of options.onlyDownload ? [] : needed) {
    if (!await exists(file)) throw new Error(`Cannot find ${file}: run deno task package`);
  }
  await Deno.mkdir(options.cache, { recursive: true });
  const parts = await prepare(options);
  if (options.onlyDownload) Deno.exit(0);
  const results = await checkGuests(options, parts);
  printTable(results);
  const all = [...results.values()].flatMap((checks) => [...checks.values()]),
    passed = all.filter((held) => held).length;
  console.log(`\n${passed === all.length ? "ok" : "FAILED"} | ${passed} passed | ${all.length - passed} failed`);
  Deno.exit(passed === all.length ? 0 : 1);
}
