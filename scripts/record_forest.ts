/**
 * Records a forest of processes: runs a command and writes down the forks, execs and exits of all processes that come of it,
 * with each program's path, its working folder and its thread's name. As root:
 *
 * `deno run -A scripts/record_forest.ts OUTPUT.json WHAT COMMAND [ARGUMENT…]`
 *
 * Of command lines only an interpreter's arguments are kept, and of those none that is longer than a path, holds a blank or
 * sounds like a secret: labels need scripts and options. Process ids are numbered anew. The fixtures below
 * tests/fixtures/forests are made by this; read what was recorded before it is committed.
 *
 * @module
 */
import { findInterpreter } from "../fingerprint/interpreters/command_line.ts";
import { Procfs } from "../fingerprint/proc/procfs.ts";
import { splitArguments } from "../fingerprint/programs/reading.ts";
import {
  Connector,
  type EventHandler,
  type ExecRecord,
  Libc,
  openWake,
  Reader,
  setFifo,
  SystemCallError,
  writePath,
} from "../netlink/mod.ts";
import type { RecordedEvent, RecordedForest } from "../tests/unit/fingerprint/recorded_forest.ts";

const BUFFER_BYTES = 16 << 20;
/** Time after the command's end in which further events come. */
const GRACE_NS = 1e9;
const MAX_ARGUMENTS = 12;
const MAX_ARGUMENT = 200;
/** A thread's name: TASK_COMM_LEN without the zero byte (linux/sched.h). */
const COMM_CHARACTERS = 15;
const SECRET = /pass|secret|token|credential|auth|key|https?:/i;
const UTF8 = new TextDecoder();

/** What was seen of an image. */
export interface Image {
  readonly exe: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly comm: string;
}

/** What happened, in the machine's own process ids; `captured` is the index of the image. */
export type Event =
  | { readonly kind: "fork"; readonly parent: number; readonly child: number }
  | { readonly kind: "exec"; readonly pid: number; readonly captured: number }
  | { readonly kind: "exit"; readonly pid: number; readonly status: number };

/** An argument, or what stands for one that says more than labels need. */
function keep(argument: string): string {
  return argument.length > MAX_ARGUMENT || /\s/.test(argument) || SECRET.test(argument) ? "x" : argument;
}

/** Takes down images and events, by looks at /proc or from the kernel's own records. */
export class Recorder implements EventHandler {
  readonly images: (Image | undefined)[] = [];
  readonly events: Event[] = [];
  /** Processes that ended. */
  readonly ended = new Set<number>();
  readonly #procfs: Procfs;
  readonly #path = new Uint8Array(4096);

  /** Of an interpreter's arguments so many are kept. */
  constructor(libc: Libc, readonly mostArguments = MAX_ARGUMENTS) {
    this.#procfs = new Procfs(libc);
  }

  capture(pid: number): number {
    this.images.push(this.#look(pid));
    return this.images.length - 1;
  }

  captureRecord(record: ExecRecord, bytes: Uint8Array): number {
    this.images.push(this.#read(record, bytes));
    return this.images.length - 1;
  }

  fork(_timestampNs: number, parent: number, child: number): void {
    this.events.push({ kind: "fork", parent, child });
  }

  exec(_timestampNs: number, pid: number, captured: number): void {
    this.events.push({ kind: "exec", pid, captured });
  }

  exit(_timestampNs: number, pid: number, status: number): void {
    this.events.push({ kind: "exit", pid, status });
    this.ended.add(pid);
  }

  #look(pid: number): Image | undefined {
    const procfs = this.#procfs, length = procfs.readExe(pid);
    if (length <= 0) return undefined;
    const exe = UTF8.decode(procfs.path.subarray(0, length));
    const read = findInterpreter(exe.replace(/ \(deleted\)$/, "")) === undefined ? 0 : procfs.readCmdline(pid);
    const argv = read > 0 ? this.#kept(splitArguments(procfs.cmdline, read)) : [];
    const cwd = procfs.readCwd(pid), comm = procfs.readComm(pid);
    return cwd === undefined || comm === undefined ? undefined : { exe, argv, cwd, comm: UTF8.decode(comm) };
  }

  #read(record: ExecRecord, bytes: Uint8Array): Image | undefined {
    const path = this.#text(bytes, record.pathAt, record.nameAt, record.pathFlags);
    const cwd = this.#text(bytes, record.folderAt, record.end, record.folderFlags);
    if (path === undefined || cwd === undefined) return undefined;
    const name = splitArguments(bytes.subarray(record.nameAt, record.argumentsAt), record.argumentsAt - record.nameAt);
    const comm = (name[0] ?? path).replace(/.*\//, "").slice(0, COMM_CHARACTERS);
    const exe = record.isDeleted || record.isDetached ? `${path} (deleted)` : path; // as /proc/PID/exe says of both
    return { exe, argv: findInterpreter(path) === undefined ? [] : this.#argumentsOf(record, bytes), cwd, comm };
  }

  #argumentsOf(record: ExecRecord, bytes: Uint8Array): string[] {
    const told = bytes.subarray(record.argumentsAt, record.optionsAt), procfs = this.#procfs;
    const read = record.hasAllArguments ? 0 : procfs.readCmdline(record.tgid);
    return this.#kept(read > told.length ? splitArguments(procfs.cmdline, read) : splitArguments(told, told.length));
  }

  #kept(argv: readonly string[]): string[] {
    return argv.slice(0, this.mostArguments).map(keep);
  }

  #text(bytes: Uint8Array, at: number, end: number, flags: number): string | undefined {
    const length = writePath(bytes, at, end, flags, this.#path);
    return length < 0 ? undefined : UTF8.decode(this.#path.subarray(0, length));
  }
}

/** The events of the process `root` and all that come of it. */
function select(root: number, recorder: Recorder): { events: RecordedEvent[]; strings: string[]; missed: number } {
  const pids = new Map([[root, 100]]), numbers = new Map<string, number>(), events: RecordedEvent[] = [];
  let next = 101, missed = 0;
  const number = (text: string): number => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text)!;
  };
  for (const event of recorder.events) {
    const pid = pids.get(event.kind === "fork" ? event.parent : event.pid);
    if (pid === undefined) continue;
    if (event.kind === "fork") {
      pids.set(event.child, next);
      events.push(["fork", pid, next++]);
    } else if (event.kind === "exit") {
      pids.delete(event.pid);
      events.push(["exit", pid, event.status]);
    } else {
      const image = recorder.images[event.captured];
      if (image === undefined) missed++;
      else events.push(["exec", pid, number(image.exe), number(image.cwd), number(image.comm), image.argv.map(number)]);
    }
  }
  return { events, strings: [...numbers.keys()], missed };
}

function record(command: readonly string[]): { root: number; recorder: Recorder } {
  const libc = new Libc(), recorder = new Recorder(libc);
  const connector = new Connector(libc, { execBytes: BUFFER_BYTES, lifecycleBytes: BUFFER_BYTES });
  try {
    const reader = new Reader(libc, connector, undefined, openWake(libc).fd);
    if (!setFifo(libc)) console.error("record_forest: not scheduled before others; short processes may be missed");
    const [program, ...args] = command;
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8", TERM: "dumb" };
    const child = new Deno.Command(program!, { args, clearEnv: true, env, cwd: "/", stdin: "null" }).spawn();
    for (let endNs = Infinity; reader.nowNs < endNs;) {
      reader.wait(50, recorder);
      reader.drain(recorder);
      if (endNs === Infinity && recorder.ended.has(child.pid)) endNs = reader.nowNs + GRACE_NS;
    }
    const drops = reader.drops();
    if (drops.execs + drops.lifecycle > 0) throw new Error("Cannot record: the kernel dropped events; try again");
    return { root: child.pid, recorder };
  } finally {
    connector.close();
  }
}

if (import.meta.main) {
  const [output, what, ...command] = Deno.args;
  if (output === undefined || what === undefined || command.length === 0) {
    console.error("usage: record_forest.ts OUTPUT.json WHAT COMMAND [ARGUMENT…]");
    Deno.exit(2);
  }
  try {
    const { root, recorder } = record(command);
    const { events, strings, missed } = select(root, recorder);
    const { prettyName } = /^PRETTY_NAME="(?<prettyName>[^"]*)"/m.exec(Deno.readTextFileSync("/etc/os-release"))!
      .groups!;
    const kernel = /^[\d.]+/.exec(Deno.osRelease())![0];
    const forest: RecordedForest = { what, command: command.join(" "), kernel, system: prettyName!, strings, events };
    const lines = events.map((event) => `    ${JSON.stringify(event)}`).join(",\n");
    const head = JSON.stringify({ ...forest, events: undefined }, undefined, 2).replace(/\n}$/, "");
    Deno.writeTextFileSync(output, `${head},\n  "events": [\n${lines}\n  ]\n}\n`);
    const images = events.filter(([kind]) => kind === "exec").length;
    console.log(`${output}: ${events.length} events, ${images} images, ${missed} gone before they were looked at`);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    console.error(`record_forest: ${error.message}`);
    Deno.exit(1);
  }
}
