/**
 * What an explainer asks on a machine: its processes, their roots, its files and its packages.
 *
 * @module
 */
import { Libc } from "../../netlink/mod.ts";
import { denoFiles } from "../base/mod.ts";
import { RecordFiles } from "../containers/mod.ts";
import { type CompiledRules, LabelChanges, type Labeller, type Rules } from "../labels/mod.ts";
import { Procfs } from "../proc/mod.ts";
import { Claims, MachineFiles, RootReader, type RootReadings, Roots } from "../programs/mod.ts";
import { fileVerifier } from "../verification/mod.ts";
import { waitFor } from "../waiting/mod.ts";
import { FIRST_LINE_BYTES } from "./command_line.ts";
import { Explainer, type RootLabels } from "./explainer.ts";

/**
 * How long the base system of another root, or what a container is called, may take to be read, and time between two looks whether it
 * was; milliseconds.
 */
const READING_MS = 5000;
const LOOK_MS = 2;

/**
 * An explainer of this machine's programs and processes, under the rules of a configuration file; the files of container runtimes are
 * looked for in the folder `rootfs`, by default the first process's root.
 */
export function machineExplainer(rules?: Rules, rootfs?: string): Explainer {
  const libc = new Libc(), procfs = new Procfs(libc);
  return new Explainer(rules, {
    procfs,
    claims: (roots) => new Claims(new MachineFiles(libc, procfs), procfs, roots),
    roots: (host, rules) => rootLabels(libc, procfs, host, rules),
    realPath: denoFiles().target,
    firstLine,
    verify: fileVerifier(libc, procfs),
    nameContainer: (container) =>
      waitFor(new RecordFiles(libc, procfs, { folder: rootfs }).read(container), READING_MS),
  });
}

function rootLabels(libc: Libc, procfs: Procfs, host: Labeller, rules: CompiledRules): RootLabels {
  // Whoever is asked about is there to be asked again.
  const asked = new Map<number, number>();
  const population = { pidIn: (root: number) => asked.get(root) ?? -1, rootsInUse: () => new Set(asked.keys()) };
  const reader = new RootReader(libc, procfs);
  let answered = 0;
  const readings: RootReadings = {
    ask: (request, answer) => void reader.read(request, answer).then(() => answered++),
    get answered(): number {
      return answered;
    },
    wait: () => {},
  };
  const roots = new Roots(libc, procfs, host, new LabelChanges(libc), population, readings, rules);
  return {
    of(pid: number): number {
      const root = roots.of(pid);
      asked.set(root, pid);
      return root;
    },
    async labeller(root: number): Promise<Labeller> {
      for (const end = performance.now() + READING_MS; roots.isPending && performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        roots.step(Infinity);
      }
      return roots.labeller(root);
    },
    userNamespaceOf: (root: number) => roots.userNamespaceOf(root),
    layerOf: (root: number) => roots.layerOf(root),
    accessTo: (root: number) => roots.accessTo(root),
  };
}

function firstLine(path: string): string | undefined {
  try {
    if (!Deno.statSync(path).isFile) return undefined; // a pipe would have us wait
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(FIRST_LINE_BYTES), length = file.readSync(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, length)).split("\n")[0];
  } catch {
    return undefined; // only to be executed, by this user
  }
}
