/**
 * A guest of another architecture: Debian's kernel for aarch64 on an emulated processor, with an initial RAM disk of BusyBox, the
 * exporter from its package, and a few known programs. It has no init of its own and no network: its first program makes all that
 * is checked (guest/init), and powers it off.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Scrape, type Tree } from "../live/exposition.ts";
import { mayBe } from "../live/late_names.ts";
import { run } from "./command.ts";
import { unpacked } from "./debs.ts";
import { type Kernel, type KernelName, kernelOf, SUITES } from "./kernels.ts";

/** Linux for aarch64 that is booted, and its suite's packages. */
const KERNEL: KernelName = "6.1";
const ARCHITECTURE = "arm64";
/** What the programs of the guest need: the exporter is linked with glibc, and `true` is no applet of BusyBox. */
const NAMES = ["busybox-static", "libc6", "libgcc-s1", "coreutils"];
const FILES = ["/bin/busybox", "/bin/true", "/bin/false"];
/** How long the whole may take: six times what an emulated processor takes. */
const RUN_MS = 900_000;

/** What the guest said: an answer of the exporter for each capture. */
export type Told = Readonly<Record<"bpf" | "proc", Scrape>>;

/** Something that must hold there; where the other guests have it too, by the same name. */
export interface ToldCheck {
  readonly name: string;
  run(told: Told): void;
}

/** The trees below a script of the guest's, from it on, by path; also where the folder that it lies in isn't known. */
function treesFrom(scrape: Scrape, script: string): Map<string, Tree> {
  const trees = [...scrape.treesThrough(script), ...scrape.treesThrough(`${script}@?`)];
  return new Map(trees.map((tree) => [tree.path.slice(tree.path.indexOf(`/${script}`)), tree]));
}

function launchesFrom(scrape: Scrape, script: string): Record<string, number> {
  return Object.fromEntries([...treesFrom(scrape, script)].map(([path, { launches }]) => [path, launches]));
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

/**
 * Whether trees may be others, whose names came in time. By /proc a name may come too late: then it says that it isn't known, and
 * all launches are there.
 */
function assertMayBe(late: Readonly<Record<string, number>>, inTime: Readonly<Record<string, number>>): void {
  const paths = Object.keys(inTime).map((path) => path.split("/"));
  const wrong = Object.keys(late).filter((path) => !paths.some((other) => mayBe(path.split("/"), other)));
  assert.deepEqual([wrong, sum(late)], [[], sum(inTime)]);
}

const LAUNCHES = { "/launch.sh": 1, "/launch.sh/base": 500 }, OUTCOMES = { "/outcomes.sh": 1, "/outcomes.sh/base": 40 };

export const TOLD_CHECKS: readonly ToldCheck[] = [
  {
    name: "ready, and all sources up",
    run: (told) => {
      for (const capture of ["bpf", "proc"] as const) {
        const up = (source: string) => told[capture].value("cnproc_source_up", { source });
        assert.deepEqual([up("connector"), up("taskstats"), up("bpf") === 1], [1, 1, capture === "bpf"], capture);
      }
    },
  },
  {
    name: "500 launches in one tree",
    run: ({ bpf, proc }) => {
      assert.deepEqual(launchesFrom(bpf, "launch.sh"), LAUNCHES);
      assertMayBe(launchesFrom(proc, "launch.sh"), LAUNCHES);
    },
  },
  {
    name: "outcomes",
    run: ({ bpf, proc }) => {
      assert.deepEqual(launchesFrom(bpf, "outcomes.sh"), OUTCOMES);
      assertMayBe(launchesFrom(proc, "outcomes.sh"), OUTCOMES);
      for (const scrape of [bpf, proc]) {
        const trees = [...treesFrom(scrape, "outcomes.sh").values()];
        const ended = (outcome: string) => trees.reduce((all, { exits }) => all + (exits[outcome] ?? 0), 0);
        // One success more is the script's own.
        assert.deepEqual(["success", "error", "signal", "core"].map(ended), [11, 10, 10, 10]);
      }
    },
  },
  {
    name: "the same trees by /proc",
    run: ({ bpf, proc }) => assertMayBe(launchesFrom(proc, "applets.sh"), launchesFrom(bpf, "applets.sh")),
  },
  {
    name: "applets by one name, seen or late",
    run: ({ bpf, proc }) => {
      const seen = launchesFrom(bpf, "applets.sh"), asLate = (path: string) => path.replace("applets", "late");
      const want = Object.fromEntries(Object.entries(seen).map(([path, count]) => [asLate(path), count]));
      assert.deepEqual(Object.keys(seen).sort(), ["", "/base", "/crond", "/httpd"].map((path) => `/applets.sh${path}`));
      assert.deepEqual(launchesFrom(bpf, "late.sh"), want);
      assertMayBe(launchesFrom(proc, "late.sh"), want);
    },
  },
];

/** Its kernel, and the folder of the packages that its programs are of; downloaded where the cache hasn't them. */
export async function partsOf(cache: string): Promise<{ kernel: Kernel; packages: string }> {
  const wanted = { suite: SUITES[KERNEL], architecture: ARCHITECTURE, names: NAMES };
  const [kernel, packages] = await Promise.all([
    kernelOf(KERNEL, cache, ARCHITECTURE),
    unpacked(`${cache}/packages-${ARCHITECTURE}`, wanted),
  ]);
  return { kernel, packages };
}

/** Boots the guest with the exporter of a package, and gives what it told before it powered itself off. */
export async function tell(deb: string, cache: string, folder: string): Promise<Told> {
  const { kernel, packages } = await partsOf(cache);
  const console = `${folder}/console`, disk = `${folder}/initramfs`;
  await makeDisk(disk, deb, packages, folder);
  const ended = await boot(kernel, disk, console);
  const said = (await Deno.readTextFile(console)).replaceAll("\r", "");
  if (!ended) throw new Error(`the guest is still running after ${RUN_MS / 1000} s; see ${console}`);
  const part = (name: string): Scrape => {
    const [, text] = new RegExp(`^@@@ ${name}\n(.*?)\n@@@$`, "ms").exec(said) ?? [];
    if (text === undefined) throw new Error(`the guest told nothing by ${name}; see ${console}`);
    return new Scrape(text);
  };
  return { bpf: part("bpf"), proc: part("proc") };
}

/** The RAM disk: only what runs there, so that it is small. */
async function makeDisk(disk: string, deb: string, packages: string, folder: string): Promise<void> {
  const root = `${folder}/root`;
  for (const name of ["bin", "usr/bin", "vm"]) await Deno.mkdir(`${root}/${name}`, { recursive: true });
  await run(["cp", "-a", `${packages}/lib`, `${root}/`]);
  for (const file of FILES) await run(["cp", "-a", `${packages}${file}`, `${root}${file}`]);
  await run(["mv", `${root}/bin/true`, `${root}/bin/false`, `${root}/usr/bin/`]);
  await run(["dpkg-deb", "-x", deb, `${folder}/exporter`]);
  await run(["cp", `${folder}/exporter/usr/bin/cnproc-exporter`, `${root}/usr/bin/`]);
  const guest = `${import.meta.dirname}/guest`;
  await run(["cp", `${guest}/init`, root]);
  for (const name of ["launch.sh", "outcomes.sh", "applets.sh"]) await run(["cp", `${guest}/${name}`, `${root}/vm/`]);
  await run(["bsdtar", "-c", "--format=newc", "-f", disk, "-C", root, "."]);
  await Deno.remove(root, { recursive: true });
  await Deno.remove(`${folder}/exporter`, { recursive: true });
}

/** Whether the guest has powered itself off in time. */
async function boot(kernel: Kernel, disk: string, console: string): Promise<boolean> {
  // An emulated processor of a busy machine looks stuck to the kernel's watchdogs: they would speak amid what is told.
  const quiet = "quiet loglevel=1 nowatchdog rcupdate.rcu_cpu_stall_suppress=1";
  // It ends with this process, however that ends.
  const child = new Deno.Command("setpriv", {
    args: [
      // The signatures of pointers by a plain hash: the architecture's own takes most of the time that emulation has.
      ...["--pdeathsig", "KILL", "qemu-system-aarch64", "-M", "virt", "-cpu", "max,pauth-impdef=on"],
      ...["-accel", "tcg,thread=multi"],
      ...["-smp", "2", "-m", "3072", "-nodefaults", "-display", "none", "-no-reboot", "-serial", `file:${console}`],
      ...["-kernel", kernel.image, "-initrd", disk],
      ...["-append", `console=ttyAMA0 rdinit=/init ${quiet} panic=-1`],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let timer: number | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(resolve, RUN_MS, false));
  const ended = await Promise.race([child.status.then(() => true), late]);
  clearTimeout(timer);
  if (!ended) child.kill("SIGKILL");
  await child.status;
  return ended;
}
