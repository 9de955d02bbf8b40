/**
 * Records of execs as the program in the kernel would write them, and a ring that they come through.
 *
 * @module
 */
import { EXEC_RECORD, FOLDER_SHIFT } from "../../../../netlink/bpf/exec_record.ts";
import type { ExecRing } from "../../../../netlink/bpf/exec_ring.ts";
import type { RingHandler } from "../../../../netlink/bpf/ring.ts";
import { hashBytes } from "../../../../netlink/tables/hash.ts";
import { ringWith } from "./recorded_ring.ts";

const UTF8 = new TextEncoder();

/** What a record is made of. */
export interface MadeExec {
  readonly pid: number;
  readonly timeNs?: number;
  /** As /proc shows it, without ` (deleted)`. */
  readonly path: string;
  readonly pathFlags?: number;
  /** As it was given to execve(2); the path where it isn't given. */
  readonly name?: string;
  readonly argv?: readonly string[];
  /** Bytes of the arguments that there was room for. */
  readonly room?: number;
  readonly folder?: string;
  readonly folderFlags?: number;
  /** `SCRIPT` and the like. */
  readonly flags?: number;
  /** Bits of its environment. */
  readonly environment?: number;
  /** Variables of options. */
  readonly options?: readonly string[];
  /** Standard input: st_mode (a terminal's where it isn't given), and the device or address family. */
  readonly inputMode?: number;
  readonly inputDetail?: number;
  /** The root folder's inode; its device is always the same. */
  readonly root?: number;
  /** Numbers of the mount and the user namespace; 1 where they aren't given. */
  readonly mountNs?: number;
  readonly userNs?: number;
  /** Of the file, what is different from the one that a path always has. */
  readonly inode?: number;
  readonly mode?: number;
  readonly owner?: number;
  readonly changed?: number;
  /** Id of its control group, and its path where that is told. */
  readonly group?: number;
  readonly groupPath?: string;
  readonly uid?: number;
  readonly euid?: number;
}

/** The names of a path from the last to the first. */
function namesOf(path: string): Uint8Array {
  return UTF8.encode(path.split("/").filter((name) => name !== "").reverse().map((name) => `${name}\0`).join(""));
}

export function madeRecord(exec: MadeExec): Uint8Array<ArrayBuffer> {
  const { pid, path, timeNs = 0, argv = [path], room = 512, folder = "/", root = 2 } = exec;
  const whole = UTF8.encode(argv.map((argument) => `${argument}\0`).join(""));
  const parts = [namesOf(path), UTF8.encode(`${exec.name ?? path}\0`), whole.subarray(0, room), namesOf(folder)];
  const options = UTF8.encode((exec.options ?? []).map((variable) => `${variable}\0`).join(""));
  const header = new Uint8Array(EXEC_RECORD.header), view = new DataView(header.buffer);
  view.setBigUint64(EXEC_RECORD.time, BigInt(timeNs), true);
  view.setBigUint64(EXEC_RECORD.cgroup, BigInt(exec.group ?? 0), true);
  view.setUint32(EXEC_RECORD.tgid, pid, true);
  view.setUint32(EXEC_RECORD.rootInode, root, true);
  view.setUint32(EXEC_RECORD.rootDevice, 254 << 20, true);
  const inode = exec.inode ?? hashBytes(UTF8.encode(path), UTF8.encode(path).length) >>> 0;
  view.setUint32(EXEC_RECORD.inode, inode, true);
  view.setUint32(EXEC_RECORD.device, 254 << 20, true);
  view.setUint32(EXEC_RECORD.changeSeconds, exec.changed ?? 1e9, true);
  view.setUint32(EXEC_RECORD.changeNanoseconds, 5, true);
  view.setUint16(EXEC_RECORD.mode, exec.mode ?? 0o100755, true);
  view.setUint32(EXEC_RECORD.owner, exec.owner ?? 0, true);
  view.setUint32(EXEC_RECORD.links, 1, true);
  view.setUint32(EXEC_RECORD.uid, exec.uid ?? 0, true);
  view.setUint32(EXEC_RECORD.euid, exec.euid ?? 0, true);
  view.setUint32(EXEC_RECORD.mountNs, exec.mountNs ?? 1, true);
  view.setUint32(EXEC_RECORD.userNs, exec.userNs ?? 1, true);
  view.setUint32(EXEC_RECORD.argumentTotal, whole.length, true);
  parts.forEach(({ length }, i) => view.setUint16(EXEC_RECORD.pathBytes + 2 * i, length, true));
  view.setUint8(EXEC_RECORD.flags, (exec.flags ?? 0) | (exec.folderFlags ?? 0) << FOLDER_SHIFT);
  view.setUint16(EXEC_RECORD.environment, exec.environment ?? 0, true);
  view.setUint16(EXEC_RECORD.inputMode, exec.inputMode ?? 0o020620, true);
  view.setUint16(EXEC_RECORD.inputDetail, exec.inputDetail ?? 136, true);
  view.setUint16(EXEC_RECORD.optionBytes, options.length, true);
  view.setUint8(EXEC_RECORD.pathFlags, exec.pathFlags ?? 0);
  parts.splice(3, 0, options);
  parts.push(namesOf(exec.groupPath ?? "/"));
  return Uint8Array.from([header, ...parts].flatMap((part) => [...part]));
}

/** A ring of 64 KiB into which a test writes. */
export class FakeRing {
  readonly fd = 77;
  readonly #test = ringWith(new Uint8Array(1 << 16));
  readonly ring = this.#test.reader;
  #position = 0;

  /** Writes a record; where it is `held`, its writer isn't done with it until the function that is returned is called. */
  push(record: Uint8Array, held = false): () => void {
    const { view, bytes } = this.ring, size = bytes.length / 2, at = this.#position, header = at % size;
    for (let i = 0; i < record.length; i++) {
      for (const copy of [0, size]) bytes[(at + 8 + i) % size + copy] = record[i]!;
    }
    const finish = () => [0, size].forEach((copy) => view.setUint32(header + copy, record.length, true));
    if (held) view.setUint32(header, (record.length | 0x80000000) >>> 0, true);
    else finish();
    this.#position = at + (record.length + 8 + 7 & ~7);
    this.#test.produce(this.#position);
    return finish;
  }

  drain(handler: RingHandler): number {
    return this.ring.drain(handler);
  }

  /** This, as the code under test knows it. */
  get asRing(): ExecRing {
    return this as unknown as ExecRing;
  }
}
