/**
 * Netlink messages and the connector's header as bytes.
 *
 * struct nlmsghdr (uapi/linux/netlink.h): nlmsg_len u32@0, nlmsg_type u16@4, nlmsg_flags u16@6, nlmsg_seq u32@8, nlmsg_pid u32@12; 16 bytes.
 * struct cn_msg (uapi/linux/connector.h), behind it: idx u32@16, val u32@20, seq u32@24, ack u32@28, len u16@32, flags u16@34; 20 bytes.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { LITTLE } from "./linux/mod.ts";

export const NLMSGHDR = { nlmsg_len: 0, nlmsg_type: 4, nlmsg_flags: 6, nlmsg_seq: 8, nlmsg_pid: 12, size: 16 } as const;
export const CN_MSG = { idx: 16, val: 20, seq: 24, ack: 28, len: 32, flags: 34, end: 36 } as const;
/** struct sockaddr_nl: nl_family u16@0, nl_pad u16@2, nl_pid u32@4, nl_groups u32@8. */
export const SOCKADDR_NL = { nl_family: 0, nl_pid: 4, nl_groups: 8, size: 12 } as const;

/** Length rounded up to a multiple of four, as netlink aligns messages and attributes. */
export function align4(length: number): number {
  return (length + 3) & ~3;
}

/** A netlink address of this process, with the groups (a bit mask) it joins. */
export function encodeAddress(groups: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SOCKADDR_NL.size);
  const view = new DataView(bytes.buffer);
  view.setUint16(SOCKADDR_NL.nl_family, c.AF_NETLINK, LITTLE);
  view.setUint32(SOCKADDR_NL.nl_groups, groups, LITTLE);
  return bytes;
}

/**
 * The 4-byte LISTEN or IGNORE that every kernel understands. (From 6.6 on an 8-byte form adds an event mask; older kernels
 * ignore it in silence, so the reader filters with classic BPF instead.) The kernel acknowledges with `token + 1` in `ack`,
 * to every listener of the machine.
 */
export function encodeSubscription(operation: number, token: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CN_MSG.end + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(NLMSGHDR.nlmsg_len, bytes.length, LITTLE);
  view.setUint16(NLMSGHDR.nlmsg_type, c.NLMSG_DONE, LITTLE);
  view.setUint32(CN_MSG.idx, c.CN_IDX_PROC, LITTLE);
  view.setUint32(CN_MSG.val, c.CN_VAL_PROC, LITTLE);
  view.setUint32(CN_MSG.ack, token, LITTLE);
  view.setUint16(CN_MSG.len, 4, LITTLE);
  view.setUint32(CN_MSG.end, operation, LITTLE);
  return bytes;
}
