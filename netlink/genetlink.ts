/**
 * Generic netlink: requests and the resolution of a family's number (uapi/linux/genetlink.h).
 *
 * struct genlmsghdr behind the netlink header: cmd u8@16, version u8@17, reserved u16@18; attributes from 20.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { LITTLE } from "./linux/mod.ts";
import { align4, NLMSGHDR } from "./wire.ts";

/** Offset of the first attribute in a generic netlink message. */
export const GENL_ATTRIBUTES = 20;
export const GENL_CMD = 16;

/** A request with one string attribute, acknowledged by the kernel. */
export function encodeRequest(
  family: number,
  command: number,
  attribute: number,
  value: string,
  seq: number,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(value + "\0");
  const bytes = new Uint8Array(GENL_ATTRIBUTES + align4(4 + text.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(NLMSGHDR.nlmsg_len, bytes.length, LITTLE);
  view.setUint16(NLMSGHDR.nlmsg_type, family, LITTLE);
  view.setUint16(NLMSGHDR.nlmsg_flags, c.NLM_F_REQUEST | c.NLM_F_ACK, LITTLE);
  view.setUint32(NLMSGHDR.nlmsg_seq, seq, LITTLE);
  view.setUint8(GENL_CMD, command);
  view.setUint8(GENL_CMD + 1, 1);
  view.setUint16(GENL_ATTRIBUTES, 4 + text.length, LITTLE);
  view.setUint16(GENL_ATTRIBUTES + 2, attribute, LITTLE);
  bytes.set(text, GENL_ATTRIBUTES + 4);
  return bytes;
}

/**
 * Offset of the value of the first attribute of type `type` between `start` and `end`, or -1. The length of the value is
 * `attributeLength` of that offset. Never reads past `end`.
 */
export function findAttribute(view: DataView, start: number, end: number, type: number): number {
  for (let at = start; at + 4 <= end;) {
    const length = view.getInt16(at, LITTLE) & 0xffff;
    if (length < 4 || at + length > end) return -1;
    if ((view.getInt16(at + 2, LITTLE) & 0x3fff) === type) return at + 4; // the two top bits are flags
    at += align4(length);
  }
  return -1;
}

/** Length of the value at an offset that {@link findAttribute} gave. */
export function attributeLength(view: DataView, value: number): number {
  return (view.getInt16(value - 4, LITTLE) & 0xffff) - 4;
}

/** An acknowledgement's error number (0: success, else positive), or -1 when the message is none. */
export function acknowledgement(view: DataView, start: number, length: number): number {
  if (length < NLMSGHDR.size + 4 || view.getUint16(start + NLMSGHDR.nlmsg_type, LITTLE) !== c.NLMSG_ERROR) return -1;
  return Math.abs(view.getInt32(start + NLMSGHDR.size, LITTLE)); // the kernel negates it
}
