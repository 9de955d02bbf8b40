/**
 * The capabilities of the calling thread (capabilities(7), capget(2), prctl(2)). The kernel keeps them for each thread on
 * its own, and there is no call that sets those of another.
 *
 * @module
 */
import * as c from "./constants.ts";
import type { Libc } from "./libc.ts";
import { LITTLE } from "./byte_order.ts";

/** Sets of capabilities; bit N stands for the capability with the number N. */
export interface CapabilitySets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

/** `struct __user_cap_data_struct` (uapi/linux/capability.h): effective u32@0, permitted u32@4, inheritable u32@8; two of them, the low bits first. */
const DATA = { effective: 0, permitted: 4, inheritable: 8, size: 12 };
/** Numbers of capabilities are below this; the kernel says EINVAL to those it doesn't know. */
const NUMBERS = 64;

/** Names in the order of their numbers, as capabilities(7) has them without `CAP_`. */
const NAMES: readonly (readonly [number: number, name: string])[] = [
  [c.CAP_DAC_READ_SEARCH, "dac_read_search"],
  [c.CAP_NET_BIND_SERVICE, "net_bind_service"],
  [c.CAP_NET_ADMIN, "net_admin"],
  [c.CAP_SYS_PTRACE, "sys_ptrace"],
  [c.CAP_SYS_NICE, "sys_nice"],
  [c.CAP_PERFMON, "perfmon"],
  [c.CAP_BPF, "bpf"],
];

/** The names of those capabilities of a set that this program has a use for; `+N` for the number of others. */
export function capabilityNames(set: bigint): string {
  const names: string[] = [];
  let rest = set;
  for (const [number, name] of NAMES) {
    if ((set >> BigInt(number) & 1n) === 0n) continue;
    names.push(name);
    rest &= ~(1n << BigInt(number));
  }
  const others = rest.toString(2).replaceAll("0", "").length;
  if (others > 0) names.push(`+${others}`);
  return names.join(" ") || "none";
}

/** `struct __user_cap_header_struct`: version u32@0, pid i32@4, 0 being the calling thread. */
function header(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, c._LINUX_CAPABILITY_VERSION_3, LITTLE);
  return bytes;
}

/** What the calling thread may do. Throws {@link SystemCallError}. */
export function readCapabilities(libc: Libc): CapabilitySets {
  const data = new Uint8Array(2 * DATA.size), view = new DataView(data.buffer);
  libc.check(libc.call.capabilities(libc.number.capget, header(), data), "read capabilities");
  const set = (at: number) =>
    BigInt(view.getUint32(at, LITTLE)) | BigInt(view.getUint32(DATA.size + at, LITTLE)) << 32n;
  return {
    effective: set(DATA.effective),
    permitted: set(DATA.permitted),
    inheritable: set(DATA.inheritable),
  };
}

/** Sets those of the calling thread: any may be given up, none can be added to the permitted ones. Throws {@link SystemCallError}. */
export function setCapabilities(libc: Libc, sets: CapabilitySets): void {
  const data = new Uint8Array(2 * DATA.size), view = new DataView(data.buffer);
  for (const key of ["effective", "permitted", "inheritable"] as const) {
    view.setUint32(DATA[key], Number(sets[key] & 0xffffffffn), LITTLE);
    view.setUint32(DATA.size + DATA[key], Number(sets[key] >> 32n), LITTLE);
  }
  libc.check(libc.call.capabilities(libc.number.capset, header(), data), "set capabilities");
}

/** Bars the calling thread, and what it starts, from ever having others than `kept`; false where that isn't granted (CAP_SETPCAP). */
export function dropFromBoundingSet(libc: Libc, kept: bigint): boolean {
  let dropped = true;
  for (let number = 0; number < NUMBERS; number++) {
    if ((kept >> BigInt(number) & 1n) === 1n || libc.prctl(c.PR_CAPBSET_READ, number) !== 1) continue;
    if (libc.prctl(c.PR_CAPBSET_DROP, number) < 0) dropped = false;
  }
  return dropped;
}

/** Hands capabilities that are permitted and inheritable to whatever program the calling thread executes. */
export function raiseAmbient(libc: Libc, set: bigint): void {
  for (let number = 0; number < NUMBERS; number++) {
    if ((set >> BigInt(number) & 1n) === 0n) continue;
    libc.prctl(c.PR_CAP_AMBIENT, c.PR_CAP_AMBIENT_RAISE, number); // before Linux 4.3: EINVAL, and root needs none
  }
}
