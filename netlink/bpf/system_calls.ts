/**
 * Maps, programs and links by bpf(2) (include/uapi/linux/bpf.h, `union bpf_attr`). An attr that is shorter than the kernel's
 * means zeros for the rest; one field is named with its offset where it is set.
 *
 * @module
 */
import { Descriptor, EPERM, type Libc, LITTLE, SystemCallError } from "../linux/mod.ts";
import * as b from "./constants.ts";

const ASCII = new TextEncoder();
/** BPF_PROG_LOAD lets only programs under the GPL read kernel memory. */
const LICENSE = "GPL\0";
/** Room for what the verifier says, whose last words count. */
const LOG_BYTES = 1 << 20;

/** A program that the kernel didn't take, and what the verifier said last: for a log at the debug level. */
export class ProgramRefusedError extends SystemCallError {
  constructor(errno: number, readonly verifierLog: string) {
    super("load a BPF program", errno);
  }
}

/** BPF_MAP_CREATE. Throws {@link SystemCallError}. */
export function createMap(
  libc: Libc,
  map: { type: number; keyBytes: number; valueBytes: number; entries: number; flags?: number; name: string },
): Descriptor {
  const attr = new Uint8Array(72), view = new DataView(attr.buffer);
  view.setUint32(0, map.type, LITTLE); // map_type
  view.setUint32(4, map.keyBytes, LITTLE); // key_size
  view.setUint32(8, map.valueBytes, LITTLE); // value_size
  view.setUint32(12, map.entries, LITTLE); // max_entries
  view.setUint32(16, map.flags ?? 0, LITTLE); // map_flags
  attr.set(nameOf(map.name), 28); // map_name
  return new Descriptor(libc, bpf(libc, b.BPF_MAP_CREATE, attr, `create the BPF map ${map.name}`));
}

/** BPF_PROG_LOAD of a tracing program for the type numbered `btfType`. Throws {@link ProgramRefusedError}. */
export function loadTracing(libc: Libc, code: Uint8Array<ArrayBuffer>, btfType: number, name: string): Descriptor {
  // The verifier is asked for its words only when it has refused: they cost it time.
  const first = tryLoad(libc, code, btfType, name, undefined);
  if (first >= 0) return new Descriptor(libc, first);
  const errno = libc.errno, log = new Uint8Array(LOG_BYTES);
  const second = tryLoad(libc, code, btfType, name, log);
  if (second >= 0) return new Descriptor(libc, second);
  const length = log.indexOf(0);
  throw new ProgramRefusedError(errno, new TextDecoder().decode(log.subarray(0, length < 0 ? log.length : length)));
}

function tryLoad(
  libc: Libc,
  code: Uint8Array<ArrayBuffer>,
  btfType: number,
  name: string,
  log: Uint8Array<ArrayBuffer> | undefined,
): number {
  const attr = new Uint8Array(144), view = new DataView(attr.buffer), license = ASCII.encode(LICENSE);
  view.setUint32(0, b.BPF_PROG_TYPE_TRACING, LITTLE); // prog_type
  view.setUint32(4, code.length / 8, LITTLE); // insn_cnt
  view.setBigUint64(8, libc.address(code), LITTLE); // insns
  view.setBigUint64(16, libc.address(license), LITTLE); // license
  if (log !== undefined) {
    view.setUint32(24, 1, LITTLE); // log_level
    view.setUint32(28, log.length, LITTLE); // log_size
    view.setBigUint64(32, libc.address(log), LITTLE); // log_buf
  }
  attr.set(nameOf(name), 48); // prog_name
  view.setUint32(68, b.BPF_TRACE_RAW_TP, LITTLE); // expected_attach_type
  view.setUint32(108, btfType, LITTLE); // attach_btf_id
  const result = libc.call.bpf(libc.number.bpf, b.BPF_PROG_LOAD, attr, attr.length);
  license[0] = code[0]!; // used after the call: an address in a struct doesn't keep its buffer alive
  return result;
}

/**
 * BPF_RAW_TRACEPOINT_OPEN, without a name: attaches a program where its BTF type says. It runs as long as the link is open, and
 * the kernel closes that with the process. Throws {@link SystemCallError}.
 */
export function attachTracing(libc: Libc, program: Descriptor): Descriptor {
  const attr = new Uint8Array(16);
  new DataView(attr.buffer).setUint32(8, program.fd, LITTLE); // raw_tracepoint.prog_fd
  return new Descriptor(libc, bpf(libc, b.BPF_RAW_TRACEPOINT_OPEN, attr, "attach a BPF program"));
}

/** Asks about a map, program or link by its descriptor (BPF_OBJ_GET_INFO_BY_FD), again and again with the same buffers. */
class Info {
  /** `struct bpf_map_info`, `bpf_prog_info` or `bpf_link_info`; zeros where the kernel knows less. */
  readonly view: DataView;
  readonly #libc: Libc;
  readonly #attr = new Uint8Array(16);
  readonly #info: Uint8Array<ArrayBuffer>;

  constructor(libc: Libc, object: Descriptor, bytes: number) {
    this.#libc = libc;
    this.#info = new Uint8Array(bytes);
    this.view = new DataView(this.#info.buffer);
    const attr = new DataView(this.#attr.buffer);
    attr.setUint32(0, object.fd, LITTLE); // info.bpf_fd
    attr.setBigUint64(8, libc.address(this.#info), LITTLE); // info.info
  }

  /** Throws {@link SystemCallError}. */
  read(): void {
    this.#info.fill(0);
    new DataView(this.#attr.buffer).setUint32(4, this.#info.length, LITTLE); // info.info_len, which the kernel writes over
    bpf(this.#libc, b.BPF_OBJ_GET_INFO_BY_FD, this.#attr, "ask about a BPF object");
  }

  u64(offset: number): number {
    return this.view.getUint32(offset, LITTLE) + this.view.getUint32(offset + 4, LITTLE) * 4294967296;
  }
}

/**
 * Whether this process may ask about BPF objects that it holds. Before Linux 5.19 bpf(2) refuses everything to who has no CAP_BPF,
 * where `kernel.unprivileged_bpf_disabled` is set, as distributions have it. Throws {@link SystemCallError}.
 */
export function mayAsk(libc: Libc, object: Descriptor): boolean {
  try {
    new Info(libc, object, 16).read();
    return true;
  } catch (error) {
    if (error instanceof SystemCallError && error.errno === EPERM) return false;
    throw error;
  }
}

/** Counters of a program that runs. */
export class ProgramInfo {
  readonly #info: Info;
  #misses = 0;
  #isAsked = true;

  constructor(libc: Libc, program: Descriptor) {
    this.#info = new Info(libc, program, 224);
  }

  /**
   * Times that the program was to run and did not, because it ran on that CPU already; 0 on kernels that don't count them, and the
   * last number that was told where this process may not ask any more ({@link mayAsk}).
   */
  recursionMisses(): number {
    if (!this.#isAsked) return this.#misses;
    try {
      this.#info.read();
      this.#misses = this.#info.u64(208);
    } catch (error) {
      if (!(error instanceof SystemCallError) || error.errno !== EPERM) throw error;
      this.#isAsked = false;
    }
    return this.#misses;
  }
}

/** The entries of a map, if it is of this type and has this name; undefined where it isn't. Throws {@link SystemCallError}. */
export function entriesOf(libc: Libc, map: Descriptor, type: number, name: string): number | undefined {
  const info = new Info(libc, map, 40); // type u32@0, max_entries u32@16, name@24
  info.read();
  const named = new Uint8Array(info.view.buffer, 24, b.BPF_OBJ_NAME_LEN), wanted = nameOf(name);
  const isIt = info.view.getUint32(0, LITTLE) === type && wanted.every((byte, i) => named[i] === byte);
  return isIt ? info.view.getUint32(16, LITTLE) : undefined;
}

/** Whether a link has this program run. Throws {@link SystemCallError}. */
export function isLinkOf(libc: Libc, link: Descriptor, program: Descriptor): boolean {
  const linked = new Info(libc, link, 16), info = new Info(libc, program, 16); // prog_id u32@8 of the link, id u32@4
  linked.read();
  info.read();
  return linked.view.getUint32(8, LITTLE) === info.view.getUint32(4, LITTLE);
}

function bpf(libc: Libc, command: number, attr: Uint8Array<ArrayBuffer>, op: string): number {
  return libc.check(libc.call.bpf(libc.number.bpf, command, attr, attr.length), op);
}

function nameOf(name: string): Uint8Array {
  return ASCII.encode(name.slice(0, b.BPF_OBJ_NAME_LEN - 1));
}
