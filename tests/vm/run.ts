/**
 * Boots Debian on several kernels, one after the other, and checks what the exporter's package does there:
 *
 *     deno task test:vm [--kernels=5.10,6.1|all] [--deb=FILE] [--cache=FOLDER] [--only=REGEX]
 *
 * `lockdown` is 6.1 with lockdown=confidentiality, which refuses BPF. Needs root (files of the image keep their owners),
 * qemu-system-x86, mmdebstrap and openssh-client; KVM where it is usable, else an emulated processor, which is twenty times slower.
 * Prints a table of kernels and checks; the exit status is 1 where one of them failed. What was downloaded and unpacked is
 * kept in the cache's folder.
 *
 * @module
 */

import { FILES } from "../packages/artifacts.ts";
import { type Check, CHECKS } from "./checks.ts";
import { exists } from "./command.ts";
import { Guest, hasKvm } from "./guest.ts";
import { imageOf } from "./image.ts";
import { type Kernel, type KernelName, kernelOf, KERNELS } from "./kernels.ts";

/** Kernels by their names, and what is said to them. */
const GUESTS: Readonly<Record<string, { readonly kernel: KernelName; readonly append?: string }>> = {
  ...Object.fromEntries(KERNELS.map((kernel) => [kernel, { kernel }])),
  lockdown: { kernel: "6.1", append: "lockdown=confidentiality" },
};

interface Options {
  guests: readonly string[];
  deb: string;
  cache: string;
  only: RegExp;
}

function parse(args: readonly string[]): Options {
  const options: Options = {
    guests: ["5.10", "6.1"],
    deb: FILES.deb,
    cache: "/var/cache/cnproc-exporter-vm",
    only: /./,
  };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2);
    if (name === "--kernels" && value === "all") options.guests = Object.keys(GUESTS);
    else if (name === "--kernels" && value.split(",").every((guest) => guest in GUESTS)) {
      options.guests = value.split(",");
    } else if (name === "--deb" && value !== "") options.deb = value;
    else if (name === "--cache" && value !== "") options.cache = value;
    else if (name === "--only" && value !== "") options.only = new RegExp(value);
    else {
      console.error(
        `Cannot read ${arg}: want --kernels=${Object.keys(GUESTS)} (or all) --deb=FILE --cache=FOLDER --only=REGEX`,
      );
      Deno.exit(2);
    }
  }
  return options;
}

/** What is wrong, in one line; undefined where nothing is. */
async function failure({ run }: Check, guest: Guest): Promise<string | undefined> {
  try {
    await run(guest);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Boots a guest and makes all checks: the names of those that failed. */
async function checkAll(name: string, kernel: Kernel, options: Options, image: Awaited<ReturnType<typeof imageOf>>) {
  const folder = `${options.cache}/guest-${name}`, began = performance.now(), failed = new Set<string>();
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`;
  await using guest = await Guest.boot({ kernel, image, folder, append: GUESTS[name]!.append });
  console.log(`${name}: Linux ${await guest.must("uname -r")} answers by ssh after ${seconds()}`);
  for (const check of CHECKS.filter((check) => options.only.test(check.name))) {
    const reason = await failure(check, guest);
    if (reason !== undefined) failed.add(check.name);
    console.log(`${name}: ${check.name} ... ${reason === undefined ? "ok" : `FAILED: ${reason}`} (${seconds()})`);
  }
  return failed;
}

function printTable(results: ReadonlyMap<string, ReadonlySet<string>>, only: RegExp): void {
  const names = [...results.keys()];
  console.log(`\n| check | ${names.join(" | ")} |\n|---|${"---|".repeat(names.length)}`);
  for (const { name } of CHECKS.filter((check) => only.test(check.name))) {
    console.log(`| ${name} | ${names.map((guest) => results.get(guest)!.has(name) ? "FAILED" : "ok").join(" | ")} |`);
  }
}

if (import.meta.main) {
  const options = parse(Deno.args), results = new Map<string, ReadonlySet<string>>();
  if (!await exists(options.deb)) throw new Error(`Cannot find ${options.deb}: run deno task package`);
  await Deno.mkdir(options.cache, { recursive: true });
  const kernels = new Map<KernelName, Kernel>();
  for (const name of options.guests) {
    const { kernel } = GUESTS[name]!;
    if (!kernels.has(kernel)) kernels.set(kernel, await kernelOf(kernel, options.cache));
  }
  const image = await imageOf(options.deb, [...kernels.values()], options.cache);
  console.log(`guests run ${hasKvm() ? "by KVM" : "on an emulated processor"}`);
  for (const name of options.guests) {
    const kernel = kernels.get(GUESTS[name]!.kernel)!;
    results.set(name, await checkAll(name, kernel, options, image));
  }
  printTable(results, options.only);
  const failed = [...results.values()].reduce((sum, checks) => sum + checks.size, 0);
  const made = results.size * CHECKS.filter((check) => options.only.test(check.name)).length;
  console.log(`\n${failed === 0 ? "ok" : "FAILED"} | ${made - failed} passed | ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
