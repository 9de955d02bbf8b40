/**
 * Keeps the shape of the sources: which room may import which, and that each has one door. Part of `deno task ok`; prints
 * the rooms, or one line per violation and ends with 1. (`scripts/owners_lint.ts` keeps the dangerous doors: who may use
 * what of `Deno`, and who may name /proc.)
 *
 * A room is a folder. Its door is its `mod.ts`: another room imports nothing else of it. Arrows point down in
 * {@link ROOMS}, so that there is no circle between rooms; files of one room form none either.
 *
 * @module
 */

/** Folders from top to bottom: one may import the doors of those below it. `""` is main.ts. */
export const ROOMS: readonly string[] = [
  "",
  "metrics",
  "metrics/commands",
  "metrics/command_line",
  "metrics/baseline",
  "metrics/event_log",
  "metrics/http",
  "metrics/http/page",
  "metrics/http/page/browser",
  "metrics/http/api",
  "metrics/exposition",
  "metrics/registry",
  "metrics/settings",
  "metrics/text",
  "metrics/tree_path",
  "fingerprint",
  "fingerprint/exporter",
  "fingerprint/worker",
  "fingerprint/explanation",
  "fingerprint/verification",
  "fingerprint/containers",
  "fingerprint/processes",
  "fingerprint/programs",
  "fingerprint/trees",
  "fingerprint/labels",
  "fingerprint/base/digests",
  "fingerprint/base",
  "fingerprint/base/rpm",
  "fingerprint/base/database",
  "fingerprint/randomness",
  "fingerprint/randomness/by_design",
  "fingerprint/interpreters",
  "fingerprint/places",
  "fingerprint/context",
  "fingerprint/proc",
  "fingerprint/waiting",
  "netlink",
  "netlink/bpf",
  "netlink/linux",
  "netlink/tables",
];

/** House → houses whose own door its rooms may go through; a house is a folder of the top level. */
const HOUSES: Readonly<Record<string, readonly string[]>> = {
  "": ["metrics", "fingerprint", "netlink"],
  metrics: ["fingerprint"],
  fingerprint: ["netlink"],
  netlink: [],
};

/** Where the program begins: in its main thread, and in its worker. */
const ENTRIES: readonly string[] = ["main.ts", "fingerprint/worker/worker.ts"];

/** What takes megabytes: loaded by `import()` where a file or a filter asks for it, never at the start. */
const LAZY = /^npm:\/?(?:re2js|valibot|yaml)@/;

/** An import of one source file by another; paths from the root of the project. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Where the import stands, from 1. */
  readonly line: number;
}

function roomOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

function houseOf(room: string): string {
  return room.split("/")[0]!;
}

/** What is wrong with an import, if anything. */
export function checkArrow({ from, to }: Arrow): string | undefined {
  const room = roomOf(from), target = roomOf(to), house = houseOf(room), other = houseOf(target);
  if (!ROOMS.includes(room)) return `is in ${room}, which is no room of scripts/check_imports.ts`;
  if (room === target) return undefined;
  if (!ROOMS.includes(target)) return `imports ${to}, want a room of scripts/check_imports.ts`;
  if (house !== other) {
    const doors = HOUSES[house]!.map((name) => `${name}/mod.ts`);
    return doors.includes(to) ? undefined : `imports ${to}, want ${doors.join(", ") || "its own house"} only`;
  }
  if (to !== `${target}/mod.ts`) return `imports ${to}, want ${target}/mod.ts: a room has one door`;
  return ROOMS.indexOf(target) > ROOMS.indexOf(room) ? undefined : `imports ${to}: ${target} is above ${room}`;
}

/** Files that import each other in a circle, in its order; empty where none do. */
export function circle(arrows: readonly Arrow[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of arrows) next.set(from, [...next.get(from) ?? [], to]);
  const done = new Set<string>(), line: string[] = [];
  const visit = (file: string): string[] => {
    if (line.includes(file)) return line.slice(line.indexOf(file));
    if (done.has(file)) return [];
    done.add(file);
    line.push(file);
    for (const to of next.get(file) ?? []) {
      const found = visit(to);
      if (found.length > 0) return found;
    }
    line.pop();
    return [];
  };
  for (const file of next.keys()) {
    const found = visit(file);
    if (found.length > 0) return found;
  }
  return [];
}

/** What of `deno info --json` is used. */
export interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier?: string; readonly span: { readonly start: { readonly line: number } } };
    readonly type?: { readonly specifier?: string; readonly span: { readonly start: { readonly line: number } } };
  }[];
}

/** The files that are loaded with an entry, and import something {@link LAZY} at once. */
export function eagerImports(modules: readonly ModuleInfo[], entry: string): string[] {
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const seen = new Set([entry]), eager = new Set<string>();
  for (const file of seen) {
    for (const { code, isDynamic } of known.get(file)?.dependencies ?? []) {
      if (code?.specifier === undefined || isDynamic === true) continue;
      seen.add(code.specifier);
      if (LAZY.test(code.specifier)) eager.add(file);
    }
  }
  return [...eager];
}

/** All source files below a file by their imports, and these. */
async function graphOf(root: URL, entry: string): Promise<{ files: string[]; arrows: Arrow[]; eager: string[] }> {
  const args = ["info", "--json", "--quiet", new URL(entry, root).pathname];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root.pathname }).output();
  if (!success) throw new Error(`Cannot read the imports of ${entry}: ${new TextDecoder().decode(stderr)}`);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: ModuleInfo[] };
  const path = (specifier: string | undefined) =>
    specifier?.startsWith(root.href) && /\.tsx?$/.test(specifier) && !specifier.endsWith(".d.ts")
      ? specifier.slice(root.href.length)
      : undefined;
  const files: string[] = [], arrows: Arrow[] = [];
  for (const { specifier, dependencies } of modules) {
    const from = path(specifier);
    if (from === undefined) continue;
    files.push(from);
    for (const { code, type } of dependencies ?? []) {
      const to = path(code?.specifier) ?? path(type?.specifier);
      if (to !== undefined) arrows.push({ from, to, line: (code ?? type)!.span.start.line + 1 });
    }
  }
  const eager = eagerImports(modules, new URL(entry, root).href);
  return { files, arrows, eager: eager.map((file) => file.slice(root.href.length)) };
}

/** The source files of a folder and the folders in it. */
async function* sourcesIn(root: URL, folder: string): AsyncGenerator<string> {
  for await (const { name, isFile, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
    if (isDirectory) yield* sourcesIn(root, `${folder}/${name}`);
    else if (isFile && /\.tsx?$/.test(name) && !name.endsWith(".d.ts")) yield `${folder}/${name}`;
  }
}

/** Checks all sources; the lines that say what is wrong, and how many files there are. */
async function checkAll(root: URL): Promise<{ problems: string[]; files: number }> {
  const files = new Set<string>(), arrows = new Map<string, Arrow>();
  const add = async (entry: string) => {
    const graph = await graphOf(root, entry);
    for (const file of graph.files) files.add(file);
    for (const arrow of graph.arrows) arrows.set(`${arrow.from} ${arrow.to}`, arrow);
    return graph.eager;
  };
  const problems: string[] = [];
  for (const entry of ENTRIES) {
    for (const file of await add(entry)) {
      problems.push(
        `${file} is loaded with ${entry} and imports what takes megabytes, want import() where it is needed`,
      );
    }
  }
  for (const house of Object.keys(HOUSES)) {
    if (house === "") continue;
    // What only tests and scripts use is checked as well.
    for await (const file of sourcesIn(root, house)) if (!files.has(file)) await add(file);
  }
  for (const arrow of arrows.values()) {
    const problem = checkArrow(arrow);
    if (problem !== undefined) problems.push(`${arrow.from}:${arrow.line} ${problem}`);
  }
  for (const file of files) {
    const [room, name] = [roomOf(file).split("/").at(-1)!, file.slice(file.lastIndexOf("/") + 1)];
    if (room !== "" && name.startsWith(`${room}_`)) problems.push(`${file} has its folder's name before its own`);
  }
  const round = circle([...arrows.values()]);
  if (round.length > 0) problems.push(`a circle of imports: ${[...round, round[0]].join(" → ")}`);
  return { problems, files: files.size };
}

if (import.meta.main) {
  const { problems, files } = await checkAll(new URL("../", import.meta.url));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  console.log(`${ROOMS.map((room) => room || "main.ts").join("\n")}\n${ROOMS.length} rooms, ${files} files, 0 circles`);
}
