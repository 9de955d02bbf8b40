/**
 * Execs as the kernel tells them by a BPF program: a ring of records, each with all that names an image.
 *
 * @module
 */
import * as c from "../linux/mod.ts";
import { cString, Descriptor, type Libc, LITTLE, type Mapping, SourceUnavailableError } from "../linux/mod.ts";
import { Btf } from "./btf.ts";
import * as b from "./constants.ts";
import { execProgram, SCRATCH_BYTES } from "./exec_program.ts";
import { layoutOf, tracepointOf, TYPE_NAMES } from "./layout.ts";
import { type RingHandler, RingReader } from "./ring.ts";
import { attachTracing, createMap, entriesOf, isLinkOf, loadTracing, ProgramInfo } from "./system_calls.ts";
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
}

/** 12,000 launches of programs with few arguments; mapped twice into this process. */
export const RING_BYTES = 2 << 20;

const RING_NAME = "cnproc_ring";
const LOST_NAME = "cnproc_lost";

/** What of a ring stays open: the ring, the counter of what found no room in it, the program, and what has it run. */
interface Parts {
  readonly ring: Descriptor;
  readonly lost: Descriptor;
  readonly program: Descriptor;
  readonly link: Descriptor;
}

export class ExecRing implements Disposable {
  readonly ring: RingReader;
  /** Readable (edge-triggered only) when the reader is wanted at once: the ring is half full, or a process entered another root. */
  readonly fd: number;
  readonly #parts: Parts;
  readonly #owned: Disposable[];
  readonly #lost: DataView;
  readonly #info: ProgramInfo;
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
    this.#info = new ProgramInfo(libc, parts.program);
    this.#parts = parts;
    this.#owned = [owned.move()];
  }

  /**
   * Loads and attaches the program. Needs CAP_BPF and CAP_PERFMON, which may be given up afterwards. Throws
   * {@link SourceUnavailableError} with cause and remedy; its `cause` may be a `ProgramRefusedError`.
   */
  static open(libc: Libc, { ringBytes }: ExecRingOptions): ExecRing {
    using owned = new DisposableStack();
    let step: Step = "types";
    try {
      const btf = new Btf(readBtf(libc), TYPE_NAMES), layout = layoutOf(btf), tracepoint = tracepointOf(btf);
      step = "maps";
      const map = (type: number, keyBytes: number, valueBytes: number, entries: number, name: string, flags = 0) =>
        createMap(libc, { type, keyBytes, valueBytes, entries, flags, name });
      const ring = owned.use(map(b.BPF_MAP_TYPE_RINGBUF, 0, 0, ringBytes, RING_NAME));
      const lost = owned.use(map(b.BPF_MAP_TYPE_ARRAY, 4, 8, 1, LOST_NAME, b.BPF_F_MMAPABLE));
      using scratch = map(b.BPF_MAP_TYPE_PERCPU_ARRAY, 4, SCRATCH_BYTES, 1, "cnproc_scratch"); // the program holds it
      step = "load";
      const maps = { ring: ring.fd, scratch: scratch.fd, lost: lost.fd };
      const limits = { argumentBytes: ARGUMENT_BYTES, components: COMPONENTS, wakeBytes: ringBytes / 2 };
      const program = owned.use(loadTracing(libc, execProgram(layout, maps, limits), tracepoint, "cnproc_exec"));
      step = "attach";
      const link = owned.use(attachTracing(libc, program));
      step = "mapping";
      return new ExecRing(libc, { ring, lost, program, link }, ringBytes, owned);
    } catch (error) {
      throw unavailable(libc, step, error);
    }
  }

  /**
   * Takes over what another program image of this process opened and {@link handOver} told. Needs no capability. Throws
   * {@link SourceUnavailableError} where that isn't such a ring.
   */
  static adopt(libc: Libc, handedOver: string): ExecRing {
    using owned = new DisposableStack();
    try {
      const numbers = /^(\d+),(\d+),(\d+),(\d+)$/.exec(handedOver)?.slice(1) ?? ["-1", "-1", "-1", "-1"];
      const [ring, lost, program, link] = numbers.map((number) => new Descriptor(libc, Number(number))) as [
        Descriptor,
        Descriptor,
        Descriptor,
        Descriptor,
      ];
      // Its size is the kernel's word: to read beyond it would end the process.
      const ringBytes = entriesOf(libc, ring, b.BPF_MAP_TYPE_RINGBUF, RING_NAME);
      const counters = entriesOf(libc, lost, b.BPF_MAP_TYPE_ARRAY, LOST_NAME);
      if (ringBytes === undefined || counters !== 1 || !isLinkOf(libc, link, program)) throw new Error();
      // They are what they should be, and only now this ring's own.
      for (const part of [ring, lost, program, link]) owned.use(part).setInherited(false);
      return new ExecRing(libc, { ring, lost, program, link }, ringBytes, owned);
    } catch (cause) {
      throw new SourceUnavailableError("bpf", "other", "Cannot use BPF: what was handed over is no ring of execs", {
        cause,
      });
    }
  }

  /** Lets the program that this process executes next take the ring over: what {@link adopt} is to be told. */
  handOver(): string {
    const { ring, lost, program, link } = this.#parts, parts = [ring, lost, program, link];
    for (const part of parts) part.setInherited(true);
    return parts.map(({ fd }) => fd).join(",");
  }

  /** Hands over the records that have come; how many. Without an object for each: read them in place. */
  drain(handler: RingHandler): number {
    return this.#isOpen ? this.ring.drain(handler) : 0;
  }

  /** Execs whose record was lost since the opening: exact. */
  lost(): number {
    if (!this.#isOpen) return 0;
    const full = this.#lost.getUint32(0, LITTLE) + this.#lost.getUint32(4, LITTLE) * 4294967296;
    return full + this.#info.recursionMisses() + this.ring.malformed;
  }

  /** Detaches the program and gives everything back; the kernel does it when the process ends. */
  close(): void {
    this.#isOpen = false;
    for (const owned of this.#owned.splice(0)) owned[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
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
