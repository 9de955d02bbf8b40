import assert from "node:assert/strict";
import { Bytes, encode, NUMBER_BYTES, numberText, varintBytes } from "../../../../metrics/text/bytes.ts";

const text = (bytes: Bytes): string => new TextDecoder().decode(bytes.view());

const NUMBERS: [value: number, want: string][] = [
  [0, "0"],
  [-0, "0"],
  [7, "7"],
  [10, "10"],
  [99, "99"],
  [100, "100"],
  [2147483647, "2147483647"],
  [2147483648, "2147483648"],
  [9007199254740991, "9007199254740991"],
  [-1, "-1"],
  [-2147483648, "-2147483648"],
  [0.001, "0.001"],
  [0.1 + 0.2, "0.30000000000000004"],
  [1e-7, "1e-7"],
  [1e21, "1e+21"],
  [-1.2345678901234567e-100, "-1.2345678901234567e-100"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [NaN, "NaN"],
];

Deno.test("numbers are written as both formats read them", () => {
  for (const [value, want] of NUMBERS) {
    const bytes = new Bytes();
    bytes.reserve(NUMBER_BYTES);
    bytes.number(value);
    assert.equal(text(bytes), want, `number(${value})`);
    assert.ok(want.length <= NUMBER_BYTES);
    assert.equal(numberText(value === 0 ? 0 : value), want, `numberText(${value})`);
  }
});

Deno.test("what is written stays while the buffer grows", () => {
  const bytes = new Bytes();
  let want = "";
  for (let i = 0; i < 3000; i++) {
    const part = encode(`${i};`.repeat(i % 20));
    bytes.reserve(part.length);
    bytes.put(part);
    want += `${i};`.repeat(i % 20);
  }
  assert.equal(text(bytes), want);
});

Deno.test("a text makes its own room, whatever its characters need", () => {
  const bytes = new Bytes();
  bytes.text("é€😀\ud800!");
  bytes.text("x".repeat(5000));
  assert.equal(text(bytes), `é€😀\ufffd!${"x".repeat(5000)}`);
});

Deno.test("parts of the text before can be copied, whatever room the new one needs", () => {
  const bytes = new Bytes();
  bytes.text("0123456789");
  let before = "0123456789";
  for (let round = 0; round < 20; round++) {
    bytes.begin();
    assert.equal(bytes.length, 0);
    const added = "0123456789" + "x".repeat(round ** 3);
    bytes.text(added);
    bytes.reserve(3);
    bytes.copy(4, 7);
    assert.equal(text(bytes), added + before.slice(4, 7), `round ${round}`);
    before = text(bytes);
  }
});

Deno.test("the room of a text that was far longer is given back", () => {
  const bytes = new Bytes();
  bytes.text("x".repeat(1_000_000));
  bytes.begin();
  assert.ok(bytes.view().buffer.byteLength >= 2_000_000);
  bytes.text("small");
  bytes.begin();
  bytes.reserve(3);
  bytes.copy(1, 4);
  assert.equal(text(bytes), "mal");
  assert.ok(bytes.view().buffer.byteLength < 10_000);
});

Deno.test("texts of one length are written over those before them, in the same memory", () => {
  const bytes = new Bytes(), buffers = new Set<ArrayBuffer>();
  for (let i = 0; i < 10; i++) {
    bytes.begin();
    bytes.text("x".repeat(10_000));
    buffers.add(bytes.view().buffer);
  }
  assert.equal(buffers.size, 1);
});

Deno.test("varints are those of the specification of protobuf", () => {
  const cases: [value: number, want: number[]][] = [
    [0, [0]],
    [1, [1]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [150, [0x96, 1]], // The example of protobuf.dev/programming-guides/encoding.
    [16383, [0xff, 0x7f]],
    [16384, [0x80, 0x80, 1]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 7]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 8]],
    [2 ** 53, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
  ];
  for (const [value, want] of cases) {
    const bytes = new Bytes();
    bytes.reserve(8);
    bytes.varint(value);
    assert.deepEqual([...bytes.view()], want, String(value));
    if (value < 2 ** 31) assert.equal(varintBytes(value), want.length, String(value));
  }
});

Deno.test("a length stands before what it is of, whatever was expected", () => {
  for (const length of [0, 1, 127, 128, 16383, 16384]) {
    for (const expected of [0, 127, 128, 16384]) {
      const bytes = new Bytes(), part = Uint8Array.from({ length }, (_, i) => i & 255);
      bytes.reserve(length + 16);
      bytes.byte(7);
      const at = bytes.open(expected);
      bytes.put(part);
      assert.equal(bytes.close(at, expected), varintBytes(length) - varintBytes(expected));
      bytes.byte(9);
      const prefix = new Bytes();
      prefix.reserve(8);
      prefix.varint(length);
      assert.deepEqual([...bytes.view()], [7, ...prefix.view(), ...part, 9], `${length} for ${expected}`);
    }
  }
});

Deno.test("doubles are little-endian, and what was taken back isn't there", () => {
  const bytes = new Bytes();
  bytes.reserve(32);
  bytes.byte(1);
  const length = bytes.length;
  bytes.double(5);
  bytes.truncate(length);
  bytes.double(-0.5);
  assert.deepEqual([...bytes.view()], [1, 0, 0, 0, 0, 0, 0, 0xe0, 0xbf]);
});
