/**
 * A /proc in memory, and the table of processes with all it needs, fed by calls instead of a kernel.
 *
 * @module
 */
import { Contexts } from "../../../fingerprint/context/mod.ts";
import { Labeller } from "../../../fingerprint/labels/labeller.ts";
import { LabelTable } from "../../../fingerprint/labels/table.ts";
import { BasePaths } from "../../../fingerprint/base/programs.ts";
import { type Environment, parseEnviron } from "../../../fingerprint/proc/environ.ts";
import { parseStat, type ProcessStat, TICK_NS } from "../../../fingerprint/proc/stat.ts";
import { ProcessTable } from "../../../fingerprint/processes/table.ts";
import { Programs } from "../../../fingerprint/programs/naming.ts";
import type { ProcessReader } from "../../../fingerprint/programs/reading.ts";
import { Column } from "../../../fingerprint/trees/columns.ts";
import { Scanner } from "../../../fingerprint/processes/scan.ts";
import type { Trie } from "../../../fingerprint/trees/trie.ts";
import { LabelChanges } from "../../../fingerprint/labels/changes.ts";
import { Clocks } from "../../../fingerprint/processes/clocks.ts";
import { ProcessColumns } from "../../../fingerprint/processes/columns.ts";
import { Intake } from "../../../fingerprint/processes/intake.ts";
import { EventLog } from "../../../fingerprint/trees/event_log.ts";
import { TreeTable } from "../../../fingerprint/trees/table.ts";
import { type ClaimFiles, Claims } from "../../../fingerprint/programs/claims.ts";
import { Found } from "../../../fingerprint/programs/machine_files.ts";
import type { FileIdentity } from "../../../fingerprint/proc/statx.ts";
import type { Descriptor } from "../../../netlink/linux/descriptor.ts";
import { hashBytes } from "../../../netlink/tables/hash.ts";
import { RecordQueue } from "../../../netlink/records.ts";
import { TaskRecord } from "../../../netlink/taskstats.ts";
import { MapFiles } from "./map_files.ts";

/** The base system of a machine without a package database. */
const BUILT_IN = BasePaths.load(new MapFiles());

/** What /proc shows of a process. */
export interface Shown {
  parent: number;
  /** Where the link points to, or the error number of reading it. */
  exe: string | number;
  argv: readonly string[];
  /** The name it was executed by, where that can be read. */
  execName?: string;
  cwd: string;
  comm: string;
  /** Hundredths of a second since boot. */
  startTicks: number;
  state: string;
  threads: number;
  flags: number;
  user: number;
  /** What is different of its file. */
  file?: Partial<FileIdentity>;
  users?: [number, number];
  /** Strings of its environment; and its standard input, a terminal where it isn't given. */
  environment?: readonly string[];
  input?: [mode: number, detail: number];
  mountNs?: number;
  userNs?: number;
  /** Who made its user namespace: by default the administrator. */
  userNsOwner?: number;
  /** The text of its file of control groups. */
  cgroup?: string;
  /** Where its image lies in memory; nowhere that is told where it isn't given. */
  layout?: string;
}

export const FORKED_NEVER_EXECUTED = 0x40;
export const KERNEL_THREAD = 0x200000;

const ENCODER = new TextEncoder();

/** The file at a path: each has another, of one name, that changed long ago. One whose path says that it was deleted has none. */
export function fileAt(path: string): FileIdentity {
  const bytes = ENCODER.encode(path.replace(/ \(deleted\)$/, "")), inodeLow = hashBytes(bytes, bytes.length) >>> 0;
  const links = path.endsWith(" (deleted)") ? 0 : 1;
  return {
    device: 0xfe00,
    inodeLow,
    inodeHigh: 0,
    changedSeconds: 1e9,
    changedNanoseconds: 5,
    mode: 0o100755,
    owner: 0,
    links,
  };
}

/** Files of a machine: all that is asked about is there, but what was put elsewhere. */
export class FakeFiles implements ClaimFiles {
  readonly hasFirst = true;
  /** When what {@link find} finds changed. */
  changedSeconds = 1e9;
  /** Path → what lies there. */
  readonly there = new Map<string, FileIdentity | undefined>();
  /** What {@link leadsAlike} finds. */
  alike: Found = Found.Same;

  find(path: Uint8Array, length: number, file: FileIdentity): Found {
    const text = new TextDecoder().decode(path.subarray(0, length));
    const there = this.there.has(text) ? this.there.get(text) : file;
    return there === undefined ? Found.Nothing : there.inodeLow === file.inodeLow ? Found.Same : Found.Other;
  }

  leadsAlike(): Found {
    return this.alike;
  }

  /** Links to executables: path → file. */
  readonly linked = new Map<string, FileIdentity>();

  leadsTo(_folder: Descriptor, path: string, file: FileIdentity): Found {
    return this.linked.get(path)?.inodeLow === file.inodeLow ? Found.Same : Found.Other;
  }

  hasFile(path: string): boolean {
    return this.there.get(path) !== undefined;
  }
}

/** The mount and the user namespace of all processes that have no other. */
export const OWN_NAMESPACE = 1;

export class FakeProc implements ProcessReader {
  readonly processes = new Map<number, Shown>();
  readonly path = new Uint8Array(4096);
  readonly cmdline = new Uint8Array(32768);
  isUnreadable = false;
  /** The order in which processes are listed; by default the last one first, so that parents come after their children. */
  order: (() => number[]) | undefined;
  /** Called before each read of a process: it can vanish between two. */
  before: (pid: number, what: string) => void = () => {};

  set(pid: number, shown: Partial<Shown> = {}): void {
    const { exe = "/usr/bin/true" } = shown, name = String(exe).slice(String(exe).lastIndexOf("/") + 1);
    this.processes.set(pid, {
      parent: 1,
      exe,
      argv: [name],
      cwd: "/",
      comm: name.slice(0, 15),
      startTicks: 1000 + pid,
      state: "S",
      threads: 1,
      flags: 0,
      user: 0,
      ...shown,
    });
  }

  processIds(): Int32Array {
    return Int32Array.from(this.order?.() ?? [...this.processes.keys()].reverse());
  }

  readOwner(pid: number): number | undefined {
    return this.processes.get(pid)?.user;
  }

  readIdentity(pid: number): FileIdentity | undefined {
    const shown = this.#get(pid, "identity"), exe = shown?.exe ?? 2;
    return typeof exe === "number" ? undefined : { ...fileAt(exe), ...shown!.file };
  }

  readCgroup(pid: number): string {
    return this.processes.get(pid)?.cgroup ?? "";
  }

  readUsers(pid: number): [number, number] | undefined {
    return this.processes.get(pid)?.users ?? [0, 0];
  }

  /** Processes whose environment was read. */
  readonly environmentsRead: number[] = [];

  readEnvironment(pid: number): Environment | undefined {
    this.environmentsRead.push(pid);
    const shown = this.processes.get(pid);
    if (shown === undefined) return undefined;
    const bytes = ENCODER.encode((shown.environment ?? []).map((text) => `${text}\0`).join(""));
    return parseEnviron(new Uint8Array([...bytes, 0]), bytes.length);
  }

  readInput(pid: number): [mode: number, detail: number] {
    return this.processes.get(pid)?.input ?? [0o020620, 136];
  }

  livingThread(): number | undefined {
    return undefined;
  }

  readNamespace(pid: number, kind: "mnt" | "user"): number {
    return this.processes.get(pid)?.[kind === "mnt" ? "mountNs" : "userNs"] ?? OWN_NAMESPACE;
  }

  readNamespaceOwner(pid: number): number {
    const shown = this.processes.get(pid);
    return shown === undefined ? -1 : shown.userNsOwner ?? 0;
  }

  readText(): undefined {
    return undefined;
  }

  /** Processes whose root can be opened; what lies there is up to {@link FakeFiles}. */
  readonly folders = new Set<number>();

  openRoot(pid: number): Descriptor | undefined {
    const folder = { close() {}, [Symbol.dispose]() {} } as unknown as Descriptor;
    return this.folders.has(pid) && this.processes.has(pid) ? folder : undefined;
  }

  readExe(pid: number): number {
    const exe = this.#get(pid, "exe")?.exe ?? 2;
    return typeof exe === "number" ? -exe : ENCODER.encodeInto(exe, this.path).written;
  }

  readCmdline(pid: number): number {
    const argv = this.#get(pid, "cmdline")?.argv;
    if (argv === undefined) return -2;
    return argv.length === 0 ? 0 : ENCODER.encodeInto(`${argv.join("\0")}\0`, this.cmdline).written;
  }

  readLongCmdline(pid: number): { bytes: Uint8Array; isCut: boolean } | undefined {
    const argv = this.#get(pid, "cmdline")?.argv;
    return argv === undefined ? undefined : { bytes: ENCODER.encode(`${argv.join("\0")}\0`), isCut: false };
  }

  readExecName(pid: number): string | undefined {
    return this.#get(pid, "exec name")?.execName;
  }

  readCwd(pid: number): string | undefined {
    return this.#get(pid, "cwd")?.cwd;
  }

  readComm(pid: number): Uint8Array | undefined {
    const comm = this.#get(pid, "comm")?.comm;
    return comm === undefined ? undefined : ENCODER.encode(comm);
  }

  readStat(pid: number, into: ProcessStat): boolean {
    const shown = this.#get(pid, "stat");
    if (shown === undefined) return false;
    const bytes = ENCODER.encode(statLine(pid, shown));
    return parseStat(bytes, bytes.length, into);
  }

  sharesImage(pid: number, parent: number): boolean {
    const layout = this.#get(pid, "layout")?.layout;
    return layout !== undefined && layout === this.#get(parent, "layout")?.layout;
  }

  #get(pid: number, what: string): Shown | undefined {
    this.before(pid, what);
    return this.processes.get(pid);
  }
}

const IN_OTHER_ROOT = new Set(["/opt/tool", "/opt/sh", "/opt/script"]);

/** The roots of processes, by id; all others run in the machine's own. In another root only /opt/tool, /opt/sh and /opt/script are base. */
export class FakeRoots {
  readonly byProcess = new Map<number, number>();
  /** Processes that were asked for their root. */
  readonly asked: number[] = [];
  hasOthers = false;
  readonly #host: Labeller;
  readonly #other = new Labeller(
    BasePaths.builtIn({
      adds: (path) => IN_OTHER_ROOT.has(path),
      removes: (path) => !IN_OTHER_ROOT.has(path),
    }),
  );

  constructor(host: Labeller) {
    this.#host = host;
  }

  of(pid: number): number {
    this.asked.push(pid);
    const root = this.byProcess.get(pid) ?? 0;
    if (root > 0) this.hasOthers = true;
    return root;
  }

  userNamespaceOf(): number {
    return OWN_NAMESPACE;
  }

  /** The writable layer of all others than the machine's own. */
  layer: string | undefined;

  layerOf(): string | undefined {
    return this.layer;
  }

  labeller(root: number): Labeller {
    return root === 0 ? this.#host : this.#other;
  }
}

/** The line of /proc/PID/stat (proc_pid_stat(5)). */
export function statLine(pid: number, { comm, state, parent, flags, threads, startTicks }: Shown): string {
  const head = `${pid} (${comm}) ${state} ${parent} ${pid} ${pid} 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0`;
  return `${head} ${startTicks} 1000000 100 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;
}

/** CLOCK_BOOTTIME - CLOCK_MONOTONIC, at first. */
export const BOOT_OFFSET_NS = 2e9;

/** The table over a fake /proc, and time. Each call is an event, a millisecond after the one before. */
export class Scene {
  nowNs = 50e9;
  bootOffsetNs = BOOT_OFFSET_NS;
  readonly proc = new FakeProc();
  readonly labeller: Labeller;
  readonly roots: FakeRoots;
  readonly labels = new LabelTable();
  readonly trie: Trie;
  readonly events = new EventLog();
  readonly trees: TreeTable;
  readonly records = new RecordQueue();
  /** Whether every record has come that will. */
  hasAllRecords = false;
  /** Whether exits are told when the last task of a process ends. */
  hasWholeExits = false;
  readonly columns = new ProcessColumns();
  /** Text of /proc/PID/cgroup by process id. */
  readonly cgroups = new Map<number, string>();
  /** Ids of control groups by their path; where there are none, nobody knows any. */
  readonly groups = new Map<string, number>();
  /** How often a file of control groups was read. */
  looks = 0;
  readonly contexts = new Contexts(
    (pid) => {
      this.looks++;
      return this.cgroups.get(pid) ?? "";
    },
    undefined,
    (path) => this.groups.get(path) ?? 0,
  );
  readonly clocks: Clocks;
  readonly labelChanges: LabelChanges;
  readonly files = new FakeFiles();
  readonly programs: Programs;
  readonly table: ProcessTable;
  readonly scanner: Scanner;
  readonly intake: Intake;
  generation = 1;
  drainNs = 0;

  /** `base` is the machine's base system. */
  constructor(treesLimit = 1000, base = BUILT_IN) {
    this.labeller = new Labeller(base);
    this.roots = new FakeRoots(this.labeller);
    this.trees = new TreeTable(this.labels, { limit: treesLimit }, this.events);
    this.trie = this.trees.trie;
    const libc = { clock: (number: number) => number === 7 ? this.nowNs + this.bootOffsetNs : this.nowNs };
    this.clocks = new Clocks(libc);
    this.labelChanges = new LabelChanges(libc);
    const claims = new Claims(this.files, this.proc, this.roots);
    this.programs = new Programs(this.proc, this.labeller, this.labels, this.labelChanges, claims, this.roots);
    const { records } = this, hasAllRecords = () => this.hasAllRecords, hasWholeExits = () => this.hasWholeExits;
    const accounting = {
      records,
      get hasAllRecords(): boolean {
        return hasAllRecords();
      },
      get hasWholeExits(): boolean {
        return hasWholeExits();
      },
      receiveRecords: () => {},
    };
    this.table = new ProcessTable({ ...this, accounting });
    this.scanner = new Scanner(this.clocks, this.proc, this.programs, this.table);
    this.intake = new Intake(this.table, this.scanner);
  }

  /** The time of the next event. */
  tick(): number {
    return this.nowNs += 1e6;
  }

  ticksNow(): number {
    return Math.floor((this.nowNs + this.bootOffsetNs) / TICK_NS);
  }

  fork(parent: number, child: number): void {
    const time = this.tick(), shown = this.proc.processes.get(parent);
    this.proc.set(child, { ...shown, parent, startTicks: this.ticksNow(), flags: FORKED_NEVER_EXECUTED });
    this.intake.fork(time, parent, child);
  }

  /** `group` is the id of its control group, where the kernel told it. */
  exec(pid: number, exe: string, argv?: readonly string[], cwd = "/", group = 0): void {
    const time = this.tick();
    const { parent, startTicks } = this.proc.processes.get(pid)!;
    this.proc.set(pid, { parent, startTicks, exe, ...(argv === undefined ? {} : { argv }), cwd });
    this.intake.exec(time, pid, this.programs.look(pid), time, undefined, group);
  }

  /** fork and exec. */
  launch(parent: number, child: number, exe: string, argv?: readonly string[], cwd?: string): void {
    this.fork(parent, child);
    this.exec(child, exe, argv, cwd);
  }

  exit(pid: number, status = 0): void {
    const time = this.tick();
    this.proc.processes.delete(pid);
    this.intake.exit(time, pid, status);
  }

  /** An accounting record comes. */
  record(tgid: number, fields: Partial<TaskRecord> = {}, comm = ""): void {
    const record = Object.assign(new TaskRecord(), { tgid, pid: tgid, last: true, commOffset: 0 }, fields);
    const bytes = new Uint8Array(32);
    ENCODER.encodeInto(comm, bytes);
    this.records.push(record, new DataView(bytes.buffer), this.generation, this.nowNs);
  }

  /** The end of a drain. */
  settle(): void {
    const previousNs = this.drainNs;
    this.drainNs = this.tick();
    this.table.settle(this.generation, previousNs, this.drainNs);
    this.generation++;
  }

  /** The tree of a process. */
  tree(pid: number): string | undefined {
    const node = this.table.nodeOf(pid);
    return node < 0 ? undefined : this.trie.pathOf(node);
  }

  /** Numbers of a tree by its path; undefined where there is no such tree. */
  row(path: string): { launches: number; running: number; processes: number; exits: number[] } | undefined {
    for (let node = 0; node < this.trie.length; node++) {
      if (this.trie.pathOf(node) !== path) continue;
      const get = (column: number) => this.trees.get(node, column);
      return {
        launches: get(Column.Launches),
        running: get(Column.Running),
        processes: get(Column.Processes),
        exits: [0, 1, 2, 3, 4, 5].map((outcome) => get(Column.Exits + outcome)),
      };
    }
    return undefined;
  }
}
