/**
 * Execs as the kernel tells them by a BPF program: a ring of records, each with all that names an image. With them, where that
 * is wanted, forks and exits of processes.
 *
 * @module
 */
import * as c from "../linux/mod.ts";
import { cString, Descriptor, type Libc, LITTLE, type Mapping, SourceUnavailableError } from "../linux/mod.ts";
import { Btf } from "./btf.ts";
import * as b from "./constants.ts";
import { execProgram, SCRATCH_BYTES } from "./exec_program.ts";
import { TOLD_GROUPS } from "./group_names.ts";
import { layoutOf, tellsGroupDead, type Tracepoint, tracepointOf, TYPE_NAMES } from "./layout.ts";
import { exitProgram, forkProgram } from "./lifecycle_programs.ts";
import { type RingHandler, RingReader } from "./ring.ts";
import { attachTracing, createMap, entriesOf, isLinkOf, loadTracing, mayAsk, ProgramInfo } from "./system_calls.ts";
import { type Step, unavailable } from "./unavailable.ts";

/** The kernel's types. Mode 0444, in every namespace. */
const BTF_FILE = "/sys/kernel/btf/vmlinux";
const READ_BYTES = 1 << 20;

/** Bytes of arguments in a record, and names of a path: what the verifier takes in a tenth of a second. */
const ARGUMENT_BYTES = 512;
const COMPONENTS = 32;

export interface ExecRingOptions {
  /** Bytes of the ring: a power of two, and a page at least. */
  readonly ringBytes: number;
  /** Whether forks and exits of processes are recorded as well. */
  readonly lifecycle?: boolean;
}

/** 12,000 launches of programs with few arguments; mapped twice into this process. */
export const RING_BYTES = 2 << 20;

const RING_NAME = "cnproc_ring";
const LOST_NAME = "cnproc_lost";

/** A program, and what has it run. */
interface Running {
  readonly program: Descriptor;
  readonly link: Descriptor;
}

/** What of a ring stays open: the ring, the counter of what found no room in it, and the programs. */
interface Parts {
  readonly ring: Descriptor;
  readonly lost: Descriptor;
  readonly running: readonly Running[];
}

/** Programs of a ring without and with forks and exits. */
const PROGRAMS = { execs: 1, lifecycle: 3 } as const;

export class ExecRing implements Disposable {
  readonly ring: RingReader;
  /** Readable (edge-triggered only) when the reader is wanted at once: the ring is half full, or a process entered another root. */
  readonly fd: number;
  readonly #parts: Parts;
  readonly #owned: Disposable[];
  readonly #lost: DataView;
  readonly #infos: readonly ProgramInfo[];
  #isOpen = true;

  /** Maps what the kernel shares; `owned` are closed with it. Throws {@link SystemCallError}. */
  private constructor(libc: Libc, parts: Parts, ringBytes: number, owned: DisposableStack) {
    const page = libc.pageBytes, consumed = c.PROT_READ | c.PROT_WRITE;
    const mapped = ({ fd }: Descriptor, length: number, protection: number, offset: number): ArrayBuffer =>
      owned.adopt(libc.map(fd, length, protection, offset), (mapping: Mapping) => mapping.close()).bytes;
    this.ring = new RingReader(
      mapped(parts.ring, page, consumed, 0),
      mapped(parts.ring, page + 2 * ringBytes, c.PROT_READ, page),
      page,
      ringBytes,
    );
    this.fd = parts.ring.fd;
    this.#lost = new DataView(mapped(parts.lost, page, c.PROT_READ, 0));
    this.#infos = parts.running.map(({ program }) => new ProgramInfo(libc, program));
    this.#parts = parts;
    this.#owned = [owned.move()];
  }

  /**
   * Loads and attaches the programs. Needs CAP_BPF and CAP_PERFMON, which may be given up afterwards. Throws
   * {@link SourceUnavailableError} with cause and remedy; its `cause` may be a `ProgramRefusedError`.
   */
  static open(libc: Libc, { ringBytes, lifecycle = false }: ExecRingOptions): ExecRing {
    using owned = new DisposableStack();
    let step: Step = "types";
    try {
      const btf = new Btf(readBtf(libc), TYPE_NAMES), layout = layoutOf(btf);
      step = "maps";
      const map = (type: number, keyBytes: number, valueBytes: number, entries: number, name: string, flags = 0) =>
        createMap(libc, { type, keyBytes, valueBytes, entries, flags, name });
      const ring = owned.use(map(b.BPF_MAP_TYPE_RINGBUF, 0, 0, ringBytes, RING_NAME));
      const lost = owned.use(map(b.BPF_MAP_TYPE_ARRAY, 4, 8, 1, LOST_NAME, b.BPF_F_MMAPABLE));
      // The program holds these.
      using held = new DisposableStack();
      const scratch = held.use(map(b.BPF_MAP_TYPE_PERCPU_ARRAY, 4, SCRATCH_BYTES, 1, "cnproc_scratch"));
      const groups = held.use(map(b.BPF_MAP_TYPE_ARRAY, 4, 8, TOLD_GROUPS, "cnproc_groups"));
      step = "load";
      const maps = { ring: ring.fd, scratch: scratch.fd, groups: groups.fd, lost: lost.fd }, wakeBytes = ringBytes / 2;
      const load = (tracepoint: Tracepoint, code: Uint8Array<ArrayBuffer>) =>
        owned.use(loadTracing(libc, code, tracepointOf(btf, tracepoint), `cnproc_${tracepoint}`));
      const limits = { argumentBytes: ARGUMENT_BYTES, components: COMPONENTS, wakeBytes };
      const programs = [load("exec", execProgram(layout, maps, limits))];
      if (lifecycle) {
        programs.push(load("fork", forkProgram(layout, maps, wakeBytes)));
        programs.push(load("exit", exitProgram(layout, maps, wakeBytes, tellsGroupDead(btf))));
      }
      step = "attach";
      const running = programs.map((program) => ({ program, link: owned.use(attachTracing(libc, program)) }));
      step = "mapping";
      return new ExecRing(libc, { ring, lost, running }, ringBytes, owned);
    } catch (error) {
      throw unavailable(libc, step, error);
    }
  }

  /**
   * Takes over what another program image of this process opened and {@link handOver} told, with the options of {@link open}.
   * Needs no capability. Throws {@link SourceUnavailableError} where that isn't such a ring.
   */
  static adopt(libc: Libc, handedOver: string, { ringBytes, lifecycle = false }: ExecRingOptions): ExecRing {
    using owned = new DisposableStack();
    try {
      const numbers = /^\d+(?:,\d+)*$/.test(handedOver) ? handedOver.split(",").map(Number) : [];
      if (numbers.length !== 2 + 2 * (lifecycle ? PROGRAMS.lifecycle : PROGRAMS.execs)) throw new Error();
      const all = numbers.map((number) => new Descriptor(libc, number));
      const [ring, lost, ...others] = all as [Descriptor, Descriptor, ...Descriptor[]], running: Running[] = [];
      for (let i = 0; i < others.length; i += 2) running.push({ program: others[i]!, link: others[i + 1]! });
      const isRing = mayAsk(libc, ring)
        ? entriesOf(libc, ring, b.BPF_MAP_TYPE_RINGBUF, RING_NAME) === ringBytes &&
          entriesOf(libc, lost, b.BPF_MAP_TYPE_ARRAY, LOST_NAME) === 1 &&
          running.every(({ program, link }) => isLinkOf(libc, link, program))
        : isMappable(libc, ring, lost, ringBytes);
      if (!isRing) throw new Error();
      // They are what they should be, and only now this ring's own.
      for (const part of all) owned.use(part).setInherited(false);
      return new ExecRing(libc, { ring, lost, running }, ringBytes, owned);
    } catch (cause) {
      throw new SourceUnavailableError("bpf", "other", "Cannot use BPF: what was handed over is no ring of execs", {
        cause,
      });
    }
  }

  /** Lets the program that this process executes next take the ring over: what {@link adopt} is to be told. */
  handOver(): string {
    const { ring, lost, running } = this.#parts;
    const parts = [ring, lost, ...running.flatMap(({ program, link }) => [program, link])];
    for (const part of parts) part.setInherited(true);
    return parts.map(({ fd }) => fd).join(",");
  }

  /** Hands over the records that have come; how many. Without an object for each: read them in place. */
  drain(handler: RingHandler): number {
    return this.#isOpen ? this.ring.drain(handler) : 0;
  }

  /** Records that were lost since the opening: exact. */
  lost(): number {
    if (!this.#isOpen) return 0;
    let lost = this.#lost.getUint32(0, LITTLE) + this.#lost.getUint32(4, LITTLE) * 4294967296 + this.ring.malformed;
    for (const info of this.#infos) lost += info.recursionMisses();
    return lost;
  }

  /** Detaches the programs and gives everything back; the kernel does it when the process ends. */
  close(): void {
    this.#isOpen = false;
    for (const owned of this.#owned.splice(0)) owned[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Whether two maps can be mapped as a ring and a counter are: the kernel maps nothing else so, and nothing beyond their ends. */
function isMappable(libc: Libc, ring: Descriptor, lost: Descriptor, ringBytes: number): boolean {
  const page = libc.pageBytes, parts = [[ring, page, 0], [ring, page + 2 * ringBytes, page], [lost, page, 0]] as const;
  try {
    for (const [{ fd }, length, offset] of parts) libc.map(fd, length, c.PROT_READ, offset).close();
    return true;
  } catch {
    return false;
  }
}

/** Reads the kernel's types: some five megabytes. Throws {@link SystemCallError}. */
function readBtf(libc: Libc): Uint8Array<ArrayBuffer> {
  using file = new Descriptor(
    libc,
    libc.check(libc.call.open(cString(BTF_FILE), c.O_RDONLY | c.O_CLOEXEC), `open ${BTF_FILE}`),
  );
  let bytes = new Uint8Array(8 * READ_BYTES), length = 0;
  for (;;) {
    if (bytes.length - length < READ_BYTES) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    const got = libc.check(libc.call.read(file.fd, bytes.subarray(length), READ_BYTES), `read ${BTF_FILE}`);
    if (got === 0) return bytes.subarray(0, length);
    length += got;
  }
}
