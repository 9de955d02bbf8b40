/**
 * Boots Debian on several kernels, one after the other, and checks what the exporter's package does there:
 *
 *     deno task test:vm [--kernels=5.10,6.1|all] [--deb=FILE] [--deb-arm=FILE] [--cache=FOLDER] [--only=REGEX]
 *
 * `lockdown` is 6.1 with lockdown=confidentiality, which refuses BPF; `arm64` is 6.1 for aarch64 without systemd (arm64.ts: needs
 * qemu-system-arm and libarchive-tools). Needs root (files of the image keep their owners),
 * qemu-system-x86, mmdebstrap and openssh-client; KVM where it is usable, else an emulated processor, which is twenty times slower.
 * Prints a table of kernels and checks; the exit status is 1 where one of them failed. What was downloaded and unpacked is
 * kept in the cache's folder.
 *
 * @module
 */

import { FILES } from "../packages/artifacts.ts";
import { tell, TOLD_CHECKS } from "./arm64.ts";
import { type Check, CHECKS } from "./checks.ts";
import { exists } from "./command.ts";
import { Guest, hasKvm } from "./guest.ts";
import { type Image, imageOf } from "./image.ts";
import { type Kernel, type KernelName, kernelOf, KERNELS } from "./kernels.ts";

/** Kernels by their names, and what is said to them. */
const GUESTS: Readonly<Record<string, { readonly kernel: KernelName; readonly append?: string }>> = {
  ...Object.fromEntries(KERNELS.map((kernel) => [kernel, { kernel }])),
  lockdown: { kernel: "6.1", append: "lockdown=confidentiality" },
};

/** The guest of another architecture, which has checks of its own. */
const ARM64 = "arm64";
const NAMES = [...Object.keys(GUESTS), ARM64];

interface Options {
  guests: readonly string[];
  deb: string;
  debArm: string;
  cache: string;
  only: RegExp;
}

function parse(args: readonly string[]): Options {
  const options: Options = {
    guests: ["5.10", "6.1"],
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
    } else if (name === "--deb" && value !== "") options.deb = value;
    else if (name === "--deb-arm" && value !== "") options.debArm = value;
    else if (name === "--cache" && value !== "") options.cache = value;
    else if (name === "--only" && value !== "") options.only = new RegExp(value);
    else {
      console.error(
        `Cannot read ${arg}: want --kernels=${NAMES} (or all) --deb=FILE --deb-arm=FILE --cache=FOLDER --only=REGEX`,
      );
      Deno.exit(2);
    }
  }
  return options;
}

/** Which checks were made of a guest, and whether each held. */
type Results = ReadonlyMap<string, boolean>;

/** Makes checks, one after the other, and says how each went. */
async function make<Subject>(
  name: string,
  checks: readonly { readonly name: string; run(subject: Subject): Promise<void> | void }[],
  subject: Subject,
  seconds: () => string,
): Promise<Results> {
  const results = new Map<string, boolean>();
  for (const check of checks) {
    let reason: string | undefined;
    try {
      await check.run(subject);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    results.set(check.name, reason === undefined);
    console.log(`${name}: ${check.name} ... ${reason === undefined ? "ok" : `FAILED: ${reason}`} (${seconds()})`);
  }
  return results;
}

/** A guest's folder, empty, and how long it is since now. */
async function begin(name: string, { cache }: Options): Promise<{ folder: string; seconds: () => string }> {
  const folder = `${cache}/guest-${name}`, began = performance.now();
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  return { folder, seconds: () => `${Math.round((performance.now() - began) / 1000)} s` };
}

const chosen = <Named extends { readonly name: string }>(
  checks: readonly Named[],
  { only }: Options,
): readonly Named[] => checks.filter(({ name }) => only.test(name));

/** Boots a guest and makes all checks. */
async function checkAll(name: string, kernel: Kernel, options: Options, image: Image): Promise<Results> {
  const { folder, seconds } = await begin(name, options);
  await using guest = await Guest.boot({ kernel, image, folder, append: GUESTS[name]!.append });
  console.log(`${name}: Linux ${await guest.must("uname -r")} answers by ssh after ${seconds()}`);
  return await make<Guest>(name, chosen<Check>(CHECKS, options), guest, seconds);
}

/** The same of the guest for aarch64, which tells all at once. */
async function checkArm(options: Options): Promise<Results> {
  const { folder, seconds } = await begin(ARM64, options);
  const told = await tell(options.debArm, options.cache, folder);
  console.log(`${ARM64}: has powered itself off after ${seconds()}`);
  return await make(ARM64, chosen(TOLD_CHECKS, options), told, seconds);
}

/** Boots those that have the image of this machine's architecture. */
async function checkImages(guests: readonly string[], options: Options, results: Map<string, Results>): Promise<void> {
  if (!await exists(options.deb)) throw new Error(`Cannot find ${options.deb}: run deno task package`);
  const kernels = new Map<KernelName, Kernel>();
  for (const name of guests) {
    const { kernel } = GUESTS[name]!;
    if (!kernels.has(kernel)) kernels.set(kernel, await kernelOf(kernel, options.cache));
  }
  const image = await imageOf(options.deb, [...kernels.values()], options.cache);
  console.log(`guests run ${hasKvm() ? "by KVM" : "on an emulated processor"}`);
  for (const name of guests) {
    results.set(name, await checkAll(name, kernels.get(GUESTS[name]!.kernel)!, options, image));
  }
}

function printTable(results: ReadonlyMap<string, Results>): void {
  const names = [...results.keys()], checks = new Set([...CHECKS, ...TOLD_CHECKS].map(({ name }) => name));
  const cell = (held: boolean | undefined) => held === undefined ? "-" : held ? "ok" : "FAILED";
  console.log(`\n| check | ${names.join(" | ")} |\n|---|${"---|".repeat(names.length)}`);
  for (const check of checks) {
    const row = names.map((guest) => results.get(guest)!.get(check));
    if (row.some((held) => held !== undefined)) console.log(`| ${check} | ${row.map(cell).join(" | ")} |`);
  }
}

if (import.meta.main) {
  const options = parse(Deno.args), results = new Map<string, Results>();
  await Deno.mkdir(options.cache, { recursive: true });
  const guests = options.guests.filter((name) => name !== ARM64);
  if (guests.length > 0) await checkImages(guests, options, results);
  if (options.guests.includes(ARM64)) {
    if (!await exists(options.debArm)) throw new Error(`Cannot find ${options.debArm}: run deno task package`);
    results.set(ARM64, await checkArm(options));
  }
  printTable(results);
  const all = [...results.values()].flatMap((checks) => [...checks.values()]),
    passed = all.filter((held) => held).length;
  console.log(`\n${passed === all.length ? "ok" : "FAILED"} | ${passed} passed | ${all.length - passed} failed`);
  Deno.exit(passed === all.length ? 0 : 1);
}
