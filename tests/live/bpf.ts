/**
 * Whether the machine has BPF for the tests, and what of it is in the kernel.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ExecRing } from "../../netlink/bpf/mod.ts";
import { Libc, SourceUnavailableError } from "../../netlink/linux/mod.ts";
import { skipUnless } from "../require.ts";

/** Commands of bpf(2). */
const BPF_PROG_GET_NEXT_ID = 11, BPF_MAP_GET_NEXT_ID = 12, BPF_LINK_GET_NEXT_ID = 31;
const BPF_PROG_GET_FD_BY_ID = 13, BPF_OBJ_GET_INFO_BY_FD = 15;
/** Where the name is in struct bpf_prog_info. */
const NAME_AT = 64;

function hasBpf(): boolean {
  if (Deno.uid() !== 0) return false;
  try {
    ExecRing.open(new Libc(), { ringBytes: 4096 * 16 }).close();
    return true;
  } catch (error) {
    if (error instanceof SourceUnavailableError) return false;
    throw error;
  }
}

/** Skips unless a ring of execs can be opened. To be asked outside of tests: the C library stays open. */
export function requireBpf(): boolean {
  return skipUnless(hasBpf(), "needs BPF: a kernel with BTF that isn't locked down");
}

/** Ids of all BPF programs, maps and links of the machine. An id isn't given twice. */
export interface BpfIds {
  readonly programs: readonly number[];
  readonly maps: readonly number[];
  readonly links: readonly number[];
}

/** What is in the kernel of BPF, everybody's. */
export function bpfIds(libc: Libc): BpfIds {
  const attr = new Uint8Array(16), view = new DataView(attr.buffer);
  const ids = (next: number): number[] => {
    const found: number[] = [];
    for (let id = 0;; found.push(id)) {
      attr.fill(0);
      view.setUint32(0, id, true);
      if (libc.call.bpf(libc.number.bpf, next, attr, 12) < 0) return found;
      id = view.getUint32(4, true);
    }
  };
  return { programs: ids(BPF_PROG_GET_NEXT_ID), maps: ids(BPF_MAP_GET_NEXT_ID), links: ids(BPF_LINK_GET_NEXT_ID) };
}

/** Those of `ids` that `others` has, or hasn't. */
function divide(ids: BpfIds, others: BpfIds, isIn: boolean): BpfIds {
  const part = (kind: keyof BpfIds) => ids[kind].filter((id) => others[kind].includes(id) === isIn);
  return { programs: part("programs"), maps: part("maps"), links: part("links") };
}

/** What has come since `before`. */
export function newBpfIds(libc: Libc, before: BpfIds): BpfIds {
  return divide(bpfIds(libc), before, false);
}

/** Waits until nothing of `ids` is left: the kernel frees what a process had in its own time, some milliseconds later. */
export async function assertBpfGone(libc: Libc, ids: BpfIds, timeoutMs = 10_000): Promise<void> {
  const left = () => divide(ids, bpfIds(libc), true);
  for (const end = performance.now() + timeoutMs; performance.now() < end;) {
    if (Object.values(left()).every(({ length }) => length === 0)) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(left(), { programs: [], maps: [], links: [] });
}

/** Name of a BPF program; "" where it has gone. */
export function bpfProgramName(libc: Libc, id: number): string {
  const attr = new Uint8Array(16), view = new DataView(attr.buffer), info = new Uint8Array(128);
  view.setUint32(0, id, true);
  const fd = libc.call.bpf(libc.number.bpf, BPF_PROG_GET_FD_BY_ID, attr, 12);
  if (fd < 0) return "";
  view.setUint32(0, fd, true);
  view.setUint32(4, info.length, true);
  view.setBigUint64(8, libc.address(info), true);
  libc.call.bpf(libc.number.bpf, BPF_OBJ_GET_INFO_BY_FD, attr, 16);
  libc.call.close(fd);
  return new TextDecoder().decode(info.subarray(NAME_AT, info.indexOf(0, NAME_AT)));
}
