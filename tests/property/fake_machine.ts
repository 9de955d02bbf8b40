/**
 * A machine in memory: processes that fork, exec and end, with the events and records that a kernel would send about them,
 * its /proc, and what is true about every tree. The truth is kept in simple maps, by the rules of the design and not by
 * those of the code under test.
 *
 * @module
 */
import type { Accounting, Connector, Libc } from "../../netlink/mod.ts";
import type { ProcessStat } from "../../fingerprint/proc/stat.ts";
import type { ScannedProcfs } from "../../fingerprint/processes/scan.ts";
import { fileAt } from "../unit/fingerprint/fake_proc.ts";

/** A program and what the machine shows of it. */
export interface Program {
  readonly exe: string;
  readonly argv: readonly string[];
  readonly comm: string;
  /** What it is called in a tree, and whether its name or place is machine-made. */
  readonly label: string;
  readonly random?: boolean;
  readonly inode: number;
}

export const SYSTEMD: Program = {
  exe: "/usr/lib/systemd/systemd",
  argv: ["/sbin/init"],
  comm: "systemd",
  label: "systemd",
  inode: 9,
};

/** Programs of every kind of label; two are called the same, and two are one executable. */
export const PROGRAMS: readonly Program[] = [
  { exe: "/usr/sbin/sshd", argv: ["sshd: u"], comm: "sshd", label: "sshd", inode: 10 },
  { exe: "/usr/bin/ls", argv: ["ls"], comm: "ls", label: "base", inode: 11 },
  { exe: "/usr/bin/cat", argv: ["cat", "x"], comm: "cat", label: "base", inode: 12 },
  { exe: "/opt/a/tool", argv: ["tool"], comm: "tool", label: "tool", inode: 13 },
  { exe: "/opt/b/tool", argv: ["tool"], comm: "tool", label: "tool", inode: 14 },
  {
    exe: "/usr/bin/python3.11",
    argv: ["python3", "/srv/job.py"],
    comm: "job.py",
    label: "job.py",
    inode: 15,
  },
  {
    exe: "/usr/bin/python3.11",
    argv: ["python3", "/tmp/ZW50cm9weQo/top.py"],
    comm: "top.py",
    label: "top.py",
    random: true,
    inode: 15,
  },
  { exe: "/tmp/tmp.X3kQ9ZbT1a/tool", argv: ["./tool"], comm: "tool", label: "tool", random: true, inode: 16 },
  SYSTEMD,
];

export const DEVICE = 0xfe00;
/** CLOCK_BOOTTIME - CLOCK_MONOTONIC. */
const BOOT_OFFSET_NS = 3e9;
const TICK_NS = 1e7;
/** A process id isn't used again so soon after its process has ended. */
const REUSE_NS = 50e6;

/** A tree: the labels from the root, rolled up, and whether it is marked. */
interface Tree {
  readonly labels: readonly string[];
  readonly random: boolean;
}

const ROOT: Tree = { labels: [], random: false };

function below(tree: Tree, { label, random = false }: Program, pid: number): Tree {
  const marked = random || tree.random;
  if (tree.labels.length === 0 && label === "systemd" && !marked) {
    return pid === 1 ? tree : { labels: ["systemd-user"], random: false };
  }
  if (tree.labels.at(-1) === label) return { labels: tree.labels, random: marked };
  return { labels: [...tree.labels, label], random: marked };
}

export function printed({ labels, random }: Tree): string {
  return `${random ? "/random" : ""}/${labels.join("/")}`;
}

/** What is true about a tree. */
export class Truth {
  launches = 0;
  running = 0;
  processes = 0;
  /** success, error, signal, core, exec */
  exits = [0, 0, 0, 0, 0];
  seconds = 0;
  userSeconds = 0;
  systemSeconds = 0;
  readBytes = 0;
  switches = 0;
  peakBytes = 0;
}

interface Resources {
  userMicroseconds: number;
  systemMicroseconds: number;
  readBytes: number;
  switches: number;
}

const NOTHING: Resources = { userMicroseconds: 0, systemMicroseconds: 0, readBytes: 0, switches: 0 };

function plus(one: Resources, other: Resources): Resources {
  return {
    userMicroseconds: one.userMicroseconds + other.userMicroseconds,
    systemMicroseconds: one.systemMicroseconds + other.systemMicroseconds,
    readBytes: one.readBytes + other.readBytes,
    switches: one.switches + other.switches,
  };
}

export interface Process {
  readonly pid: number;
  readonly startNs: number;
  parent: number;
  readonly base: Tree;
  tree: Tree;
  program: Program;
  imageNs: number;
  hasImage: boolean;
  leaderAlive: boolean;
  /** Further threads alive. */
  threads: number;
  wasThreaded: boolean;
  /** Of threads that have ended. */
  used: Resources;
  /** It runs what a process without a first thread ran, of which /proc shows no executable. */
  isObscure: boolean;
  /** It has ended, and its parent has not taken notice. */
  isZombie: boolean;
}

/** One netlink socket, as the reader uses it. */
export class FakeSocket {
  readonly fd = 3;
  readonly batch = 16;
  readonly datagramBytes = 1280;
  readonly view = new DataView(new ArrayBuffer(this.batch * this.datagramBytes));
  readonly queue: Uint8Array[] = [];
  /** Messages that will be lost next. */
  lose = 0;
  lost = 0;
  /** Called once before the next receive. */
  before: (() => void) | undefined;
  readonly #bytes = new Uint8Array(this.view.buffer);
  readonly #lengths: number[] = [];

  push(bytes: Uint8Array): void {
    if (this.lose > 0) {
      this.lose--;
      this.lost++;
    } else {
      this.queue.push(bytes);
    }
  }

  receive(limit = this.batch): number {
    const before = this.before;
    this.before = undefined;
    before?.();
    const got = this.queue.splice(0, limit);
    got.forEach((bytes, i) => {
      this.#bytes.set(bytes, i * this.datagramBytes);
      this.#lengths[i] = bytes.length;
    });
    return got.length;
  }

  lengthOf(index: number): number {
    return this.#lengths[index]!;
  }

  drops(): number {
    return this.lost;
  }

  setTimeout(): void {}
  send(): void {}
  close(): void {}
}

export class Machine {
  nowNs = 1e12;
  readonly execs = new FakeSocket();
  readonly lifecycle = new FakeSocket();
  readonly records = new FakeSocket();
  readonly processes = new Map<number, Process>();
  readonly truth = new Map<string, Truth>();
  /** Forks that got an id that another process had had. */
  reused = 0;
  readonly #lastUse = new Map<number, number>();
  readonly #pids: number;
  #resources = 0;

  /** Process ids go up to `pids`. */
  constructor(pids: number) {
    this.#pids = pids;
    const startNs = this.nowNs - 10e9;
    this.processes.set(1, this.#make(1, 0, startNs, ROOT, SYSTEMD));
    this.#begin(this.processes.get(1)!, SYSTEMD, startNs);
    this.#truthOf(ROOT).processes++;
  }

  /** Processes that have not ended, in the order of their ids. */
  get alive(): Process[] {
    return [...this.processes.values()].filter((process) => !process.isZombie).sort((a, b) => a.pid - b.pid);
  }

  advance(ns: number): void {
    this.nowNs += ns;
  }

  /** A new process; undefined where no id is free. */
  fork(parent: Process): Process | undefined {
    const pid = this.#freePid();
    if (pid === undefined) return undefined;
    this.#tick();
    if (this.#lastUse.has(pid)) this.reused++;
    const child = this.#make(pid, parent.pid, this.nowNs, parent.tree, parent.program);
    child.isObscure = parent.isObscure || !parent.leaderAlive;
    this.processes.set(pid, child);
    this.#truthOf(child.tree).processes++;
    this.lifecycle.push(event(1, this.nowNs, [parent.pid, parent.pid, pid, pid]));
    return child;
  }

  exec(process: Process, program: Program): void {
    this.#tick();
    this.#end(process, 4);
    this.#truthOf(process.tree).processes--;
    this.#begin(process, program, this.nowNs);
    this.#truthOf(process.tree).processes++;
    this.execs.push(event(2, this.nowNs, [process.pid, process.pid]));
  }

  /** A thread other than the first execs: the others end, the first one's exit event comes, and the process goes on. */
  execFromThread(process: Process, program: Program): void {
    if (process.threads === 0) return;
    this.endThreads(process, process.threads - 1);
    if (process.leaderAlive) this.endLeader(process);
    process.leaderAlive = true;
    process.threads = 0;
    this.exec(process, program);
  }

  startThread(process: Process): void {
    process.threads++;
    process.wasThreaded = true;
  }

  /** Further threads end. */
  endThreads(process: Process, count: number): void {
    for (let i = 0; i < count && process.threads > 0; i++) {
      if (process.threads === 1 && !process.leaderAlive) return this.endLastThread(process, 0);
      this.#tick();
      process.threads--;
      this.#record(process, process.pid + 1000 + process.threads, 0, false);
    }
  }

  /** The first thread ends, and others live on. */
  endLeader(process: Process): void {
    if (process.threads === 0 || !process.leaderAlive) return;
    this.#tick();
    process.leaderAlive = false;
    this.#record(process, process.pid, 0, false);
    this.lifecycle.push(exitEvent(this.nowNs, process.pid, 0));
  }

  /** The last thread of a process without a first one ends; no event tells. */
  endLastThread(process: Process, status: number): void {
    if (process.leaderAlive || process.threads !== 1) return;
    this.#tick();
    process.threads = 0;
    this.#record(process, process.pid + 1000, status, true);
    this.#finish(process, status);
  }

  /** A process ends with all its threads: exit_group(2). Its first thread is the last to end or not. */
  exit(process: Process, status: number, isLeaderLast: boolean): void {
    if (process.leaderAlive && process.threads > 0 && !isLeaderLast) this.endLeader(process);
    if (!process.leaderAlive) {
      this.endThreads(process, process.threads - 1);
      return this.endLastThread(process, status);
    }
    this.endThreads(process, process.threads);
    this.#tick();
    this.#record(process, process.pid, status, true);
    this.lifecycle.push(exitEvent(this.nowNs, process.pid, status));
    this.#finish(process, status);
  }

  /** Parents take notice of their ended children, whose ids are free then. */
  reap(): void {
    for (const [pid, process] of this.processes) if (process.isZombie) this.processes.delete(pid);
  }

  readonly libc = {
    clock: (clock: number) => clock === 7 ? this.nowNs + BOOT_OFFSET_NS : this.nowNs,
    resolution: () => 4e6,
    call: {
      poll: (fds: Uint8Array<ArrayBuffer>) => {
        new DataView(fds.buffer).setInt16(6, this.execs.queue.length > 0 ? 1 : 0, true);
        return 0;
      },
    },
  } as unknown as Libc;

  get connector(): Connector {
    return { execs: this.execs, lifecycle: this.lifecycle } as unknown as Connector;
  }

  get accounting(): Accounting {
    return { socket: this.records } as unknown as Accounting;
  }

  /** /proc. */
  readonly procfs = this.#makeProcfs();

  #makeProcfs(): ScannedProcfs {
    const path = new Uint8Array(4096), cmdline = new Uint8Array(32768), encoder = new TextEncoder();
    const running = (pid: number) => {
      const process = this.processes.get(pid);
      return process === undefined || process.isZombie || !process.leaderAlive ? undefined : process;
    };
    return {
      path,
      cmdline,
      readIdentity: (pid) => {
        const program = running(pid)?.program;
        return program && { ...fileAt(program.exe), inodeLow: program.inode };
      },
      readUsers: () => [0, 0],
      readEnvironment: () => undefined,
      readInput: () => [0, 0],
      livingThread: () => undefined,
      readExe: (pid) => encoder.encodeInto(running(pid)?.program.exe ?? "", path).written || -2,
      readCmdline: (pid) => {
        const argv = running(pid)?.program.argv;
        return argv === undefined ? 0 : encoder.encodeInto(argv.join("\0") + "\0", cmdline).written;
      },
      readLongCmdline: () => undefined,
      readExecName: () => undefined,
      sharesImage: () => false,
      readOwner: () => 1000,
      readCwd: () => "/",
      readComm: (pid) => {
        const process = this.processes.get(pid);
        return process === undefined ? undefined : encoder.encode(process.program.comm);
      },
      isUnreadable: false,
      readStat: (pid: number, into: ProcessStat) => {
        const process = this.processes.get(pid);
        if (process === undefined) return false;
        into.parent = process.parent;
        into.state = process.isZombie || !process.leaderAlive ? 90 : 83;
        into.threads = process.threads + 1;
        into.isKernelThread = false;
        into.neverExecuted = !process.hasImage;
        into.startTicks = Math.floor((process.startNs + BOOT_OFFSET_NS) / TICK_NS);
        return true;
      },
      processIds: () => Int32Array.from(this.processes.keys()).reverse(), // parents need not come first
    };
  }

  #make(pid: number, parent: number, startNs: number, base: Tree, program: Program): Process {
    this.#lastUse.set(pid, startNs);
    return {
      pid,
      startNs,
      parent,
      base,
      tree: base,
      program,
      imageNs: startNs,
      hasImage: false,
      leaderAlive: true,
      threads: 0,
      wasThreaded: false,
      used: NOTHING,
      isObscure: false,
      isZombie: false,
    };
  }

  #freePid(): number | undefined {
    for (const wait of [false, true]) {
      for (let pid = 2; pid <= this.#pids; pid++) {
        if (this.processes.has(pid)) continue;
        const freeNs = (this.#lastUse.get(pid) ?? 0) + REUSE_NS;
        if (freeNs > this.nowNs && !wait) continue;
        this.nowNs = Math.max(this.nowNs, freeNs);
        return pid;
      }
    }
    return undefined;
  }

  #begin(process: Process, program: Program, timeNs: number): void {
    process.program = program;
    process.tree = below(process.base, program, process.pid);
    process.imageNs = timeNs;
    process.hasImage = true;
    process.isObscure = false;
    const truth = this.#truthOf(process.tree);
    truth.launches++;
    truth.running++;
  }

  #end(process: Process, outcome: number): void {
    if (!process.hasImage) return;
    const truth = this.#truthOf(process.tree);
    truth.running--;
    truth.exits[outcome]!++;
    truth.seconds += (this.nowNs - process.imageNs) / 1e9;
  }

  #finish(process: Process, status: number): void {
    const outcome = (status & 0x7f) === 0 ? (status >> 8 === 0 ? 0 : 1) : (status & 0x80) === 0 ? 2 : 3;
    this.#end(process, outcome);
    const truth = this.#truthOf(process.tree), { used } = process;
    truth.processes--;
    truth.userSeconds += used.userMicroseconds / 1e6;
    truth.systemSeconds += used.systemMicroseconds / 1e6;
    truth.readBytes += used.readBytes;
    truth.switches += used.switches;
    truth.peakBytes = Math.max(truth.peakBytes, peakKilobytes(process.pid) * 1024);
    process.isZombie = true;
    this.#lastUse.set(process.pid, this.nowNs);
    for (const child of this.processes.values()) if (child.parent === process.pid) child.parent = 1;
  }

  /** The accounting record of a task that ends now, with resources of its own. */
  #record(process: Process, task: number, status: number, last: boolean): void {
    const n = ++this.#resources;
    const own: Resources = {
      userMicroseconds: 1000 * (n % 7 + 1),
      systemMicroseconds: 1000 * (n % 5),
      readBytes: 4096 * n,
      switches: n % 11,
    };
    process.used = plus(process.used, own);
    const { exe, comm, inode } = process.program;
    const name = exe.startsWith("/usr/bin/python") || task === process.pid ? comm : `worker-${task % 10}`;
    const record = { pid: task, tgid: process.pid, status, last, name, inode, peak: peakKilobytes(process.pid) };
    const age = Math.round((this.nowNs - process.startNs) / 1000);
    const sums = last && process.wasThreaded ? process.used : undefined;
    this.records.push(taskRecord({ ...record, age }, own, sums));
  }

  #truthOf(tree: Tree): Truth {
    const path = printed(tree);
    let truth = this.truth.get(path);
    if (truth === undefined) this.truth.set(path, truth = new Truth());
    return truth;
  }

  /** Nothing happens at the same time. */
  #tick(): void {
    this.nowNs += 50_000;
  }
}

function peakKilobytes(pid: number): number {
  return 1000 + pid;
}

/** A datagram of the proc connector (uapi/linux/cn_proc.h): headers of 36 bytes, what, cpu, time and data. */
function event(what: number, timeNs: number, data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(76), view = new DataView(bytes.buffer);
  view.setUint32(0, 76, true);
  view.setUint16(4, 3, true);
  view.setUint32(16, 1, true);
  view.setUint32(20, 1, true);
  view.setUint16(32, 40, true);
  view.setUint32(36, what, true);
  view.setBigUint64(44, BigInt(timeNs), true);
  data.forEach((word, i) => view.setUint32(52 + 4 * i, word, true));
  return bytes;
}

const exitEvent = (timeNs: number, pid: number, status: number) => event(0x80000000, timeNs, [pid, pid, status, 17]);

interface TaskFields {
  readonly pid: number;
  readonly tgid: number;
  readonly status: number;
  readonly last: boolean;
  readonly name: string;
  readonly inode: number;
  readonly peak: number;
  readonly age: number;
}

/** A record of a finished task (uapi/linux/taskstats.h, version 14), with the sums of its process. */
function taskRecord(task: TaskFields, own: Resources, sums: Resources | undefined): Uint8Array {
  const size = 432, group = 36 + size;
  const bytes = new Uint8Array(sums === undefined ? group : group + 16 + size), view = new DataView(bytes.buffer);
  const set = (at: number, used: Resources) => {
    view.setUint16(at, 14, true);
    const exact = (used.userMicroseconds + used.systemMicroseconds) * 1000;
    view.setBigUint64(at + 72, BigInt(exact), true); // cpu_run_virtual_total
    view.setBigUint64(at + 152, BigInt(used.userMicroseconds), true); // ac_utime
    view.setBigUint64(at + 160, BigInt(used.systemMicroseconds), true); // ac_stime
    view.setBigUint64(at + 272, BigInt(used.switches), true); // nvcsw
  };
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, 31, true);
  view.setUint8(16, 2); // TASKSTATS_CMD_NEW
  const attribute = (at: number, type: number, length: number) => {
    view.setUint16(at, length, true);
    view.setUint16(at + 2, type, true);
  };
  attribute(20, 4, 16 + size);
  attribute(24, 1, 8);
  view.setUint32(28, task.pid, true);
  attribute(32, 3, 4 + size);
  set(36, own);
  view.setUint32(36 + 4, task.status, true); // ac_exitcode
  view.setUint8(36 + 8, task.last ? 0x20 : 0); // ac_flag
  bytes.set(new TextEncoder().encode(task.name), 36 + 80); // ac_comm
  view.setBigUint64(36 + 200, BigInt(task.peak), true); // hiwater_rss
  view.setBigUint64(36 + 248, BigInt(own.readBytes), true); // read_bytes
  view.setUint32(36 + 368, task.tgid, true); // ac_tgid
  view.setBigUint64(36 + 376, BigInt(task.age), true); // ac_tgetime
  view.setBigUint64(36 + 384, BigInt(DEVICE), true); // ac_exe_dev
  view.setBigUint64(36 + 392, BigInt(task.inode), true); // ac_exe_inode
  if (sums !== undefined) {
    attribute(group, 5, 16 + size);
    attribute(group + 4, 2, 8);
    view.setUint32(group + 8, task.tgid, true);
    attribute(group + 12, 3, 4 + size);
    set(group + 16, sums);
  }
  return bytes;
}
