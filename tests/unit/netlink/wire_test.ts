import assert from "node:assert/strict";
import { PROC_CN_MCAST_IGNORE, PROC_CN_MCAST_LISTEN } from "../../../netlink/linux/constants.ts";
import { align4, encodeAddress, encodeSubscription } from "../../../netlink/wire.ts";
import { fromHex } from "./datagrams.ts";

Deno.test("lengths are rounded up to four", () => {
  assert.deepEqual([0, 1, 3, 4, 5, 8, 65535].map(align4), [0, 4, 4, 4, 8, 8, 65536]);
});

Deno.test("an address names the family, the kernel's choice of port, and the groups", () => {
  assert.deepEqual(encodeAddress(1), fromHex("100000000000000001000000"));
  assert.deepEqual(encodeAddress(0), fromHex("100000000000000000000000"));
});

Deno.test("a subscription is the 40 bytes of nlmsghdr, cn_msg and the operation", () => {
  const header = "28000000" + "0300" + "0000" + "00000000" + "00000000";
  const connector = (token: string) => "01000000" + "01000000" + "00000000" + token + "0400" + "0000";
  const listen = encodeSubscription(PROC_CN_MCAST_LISTEN, 0x7fffffff);
  assert.deepEqual(listen, fromHex(header + connector("ffffff7f") + "01000000"));
  const ignore = encodeSubscription(PROC_CN_MCAST_IGNORE, 5);
  assert.deepEqual(ignore, fromHex(header + connector("05000000") + "02000000"));
});
