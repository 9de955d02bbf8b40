import assert from "node:assert/strict";
import * as c from "../../../netlink/linux/constants.ts";
import {
  acknowledgement,
  attributeLength,
  encodeRequest,
  findAttribute,
  GENL_ATTRIBUTES,
} from "../../../netlink/genetlink.ts";
import { attribute, fromHex, genericMessage, recorded, runs } from "./datagrams.ts";

const view = (bytes: Uint8Array<ArrayBuffer>) => new DataView(bytes.buffer);
const answers = (of: { answers: readonly string[] }) => of.answers.map(fromHex);

Deno.test("requests are the bytes that the kernel answered when the fixtures were recorded", () => {
  const { request } = recorded.family;
  const encoded = encodeRequest(c.GENL_ID_CTRL, c.CTRL_CMD_GETFAMILY, c.CTRL_ATTR_FAMILY_NAME, "TASKSTATS", 7);
  assert.deepEqual(encoded, fromHex(request));
  const unknown = encodeRequest(c.GENL_ID_CTRL, c.CTRL_CMD_GETFAMILY, c.CTRL_ATTR_FAMILY_NAME, "NOSUCHFAMILY", 8);
  assert.deepEqual(unknown, fromHex(recorded.unknownFamily.request));
});

Deno.test("a request is padded to four bytes, its attribute's length is not", () => {
  for (const [text, length, attributeLength] of [["", 28, 5], ["0-1", 28, 8], ["0-12", 32, 9]] as const) {
    const bytes = encodeRequest(31, 1, 3, text, 1);
    assert.equal(bytes.length, length);
    assert.equal(view(bytes).getUint32(0, true), length);
    assert.equal(view(bytes).getUint16(GENL_ATTRIBUTES, true), attributeLength);
  }
});

Deno.test("the recorded family's number is found among its attributes, and the records have it as their type", () => {
  const [family, end] = answers(recorded.family);
  const at = findAttribute(view(family!), GENL_ATTRIBUTES, family!.length, c.CTRL_ATTR_FAMILY_ID);
  assert.equal(attributeLength(view(family!), at), 2);
  assert.equal(view(family!).getUint16(at, true), recorded.family.number);
  assert.equal(acknowledgement(view(family!), 0, family!.length), -1);
  assert.equal(acknowledgement(view(end!), 0, end!.length), 0);
  for (const { records } of runs) {
    for (const bytes of records) assert.equal(view(bytes).getUint16(4, true), recorded.family.number);
  }
});

Deno.test("the recorded refusal is a positive error number", () => {
  const [refused] = answers(recorded.unknownFamily);
  assert.equal(acknowledgement(view(refused!), 0, refused!.length), c.ENOENT);
  assert.equal(acknowledgement(view(refused!), 0, 19), -1);
  assert.equal(acknowledgement(view(refused!), 0, 0), -1);
});

Deno.test("an attribute is found by its type, whatever its length, its padding and its flags", () => {
  const bytes = genericMessage(9, 2, [
    ...attribute(1, [1]),
    ...attribute(2, []),
    ...attribute(3 | 0x8000, [3, 3, 3, 3, 3]),
    ...attribute(4 | 0x4000, [4, 4, 4, 4]),
    ...attribute(1, [9, 9]),
  ]);
  const find = (type: number, end = bytes.length) => {
    const at = findAttribute(view(bytes), GENL_ATTRIBUTES, end, type);
    return at < 0 ? undefined : [...bytes.subarray(at, at + attributeLength(view(bytes), at))];
  };
  assert.deepEqual([find(1), find(2), find(3), find(4), find(5)], [[1], [], [3, 3, 3, 3, 3], [4, 4, 4, 4], undefined]);
  assert.equal(find(4, bytes.length - 9), undefined, "an attribute that ends behind the end is none");
  assert.deepEqual(find(4, bytes.length - 8), [4, 4, 4, 4]);
});

Deno.test("a length below an attribute's header ends the search", () => {
  for (const length of [0, 1, 3]) {
    const bytes = genericMessage(9, 2, [length, 0, 1, 0, ...attribute(7, [1])]);
    assert.equal(findAttribute(view(bytes), GENL_ATTRIBUTES, bytes.length, 7), -1);
    assert.equal(findAttribute(view(bytes), GENL_ATTRIBUTES, bytes.length, 1), -1);
  }
});
