import assert from "node:assert/strict";
import { Btf, BtfError } from "../../../../netlink/bpf/btf.ts";
import { TYPE_NAMES } from "../../../../netlink/bpf/layout.ts";
import { RECORDED_TYPES } from "./types.ts";

Deno.test("BTF: each member lies where a C compiler finds it, or isn't there", () => {
  for (const { kernel, btf, members } of RECORDED_TYPES) {
    const types = new Btf(btf, TYPE_NAMES);
    for (const [place, expected] of Object.entries(members)) {
      const [structure, ...path] = place.split(".");
      const found = types.member(structure!, path.join("."));
      assert.deepEqual(found === undefined ? null : [found.offset, found.size], expected, `${kernel}: ${place}`);
    }
  }
});

Deno.test("BTF: what isn't there or wasn't asked for isn't found", () => {
  const types = new Btf(RECORDED_TYPES[0]!.btf, ["inode", "nothing"]);
  assert.equal(types.member("inode", "i_nothing"), undefined);
  assert.equal(types.member("inode", "i_ino.x"), undefined, "a number has no members");
  assert.equal(types.member("nothing", "x"), undefined);
  assert.equal(types.member("dentry", "d_parent"), undefined, "not among the names");
  assert.equal(types.find("typedef", "inode"), undefined);
  assert.ok(types.find("struct", "inode")! > 0);
});

Deno.test("BTF: every cut of a section is a BtfError", () => {
  const { btf } = RECORDED_TYPES[0]!;
  for (let length = 0; length < btf.length; length++) {
    assert.throws(() => new Btf(btf.slice(0, length), TYPE_NAMES), BtfError, `${length} bytes`);
  }
});

/** A section out of types (words) and strings. */
function section(types: readonly number[], strings: string): Uint8Array<ArrayBuffer> {
  const words = [0x0001eb9f, 24, 0, 4 * types.length, 4 * types.length, strings.length, ...types];
  return new Uint8Array([...new Uint8Array(new Uint32Array(words).buffer), ...new TextEncoder().encode(strings)]);
}
const STRUCT = 4 << 24, TYPEDEF = 8 << 24, ARRAY = 3 << 24;

Deno.test("BTF: chains without end and types that aren't there are a BtfError", () => {
  const strings = "\0s\0m\0";
  const of = (...types: number[]) => new Btf(section(types, strings), ["s"]);
  const s = [1, STRUCT | 1, 8, 3, 2, 0]; // struct s { m: type 2 }
  assert.throws(() => of(...s, 3, TYPEDEF, 2).member("s", "m"), BtfError, "a typedef of itself");
  assert.throws(() => of(...s, 3, ARRAY, 0, 2, 0, 2).member("s", "m"), BtfError, "an array of itself");
  assert.throws(() => of(...s).member("s", "m"), BtfError, "no type 2");
  const nested = [1, STRUCT | 1, 8, 0, 1, 0]; // struct s { struct s; }
  assert.throws(() => of(...nested).member("s", "m"), BtfError, "a structure in itself");
  assert.throws(() => of(0, 20 << 24, 0), BtfError, "an unknown kind");
  assert.throws(() => new Btf(section([], "\0").with(0, 0), []), /no BTF of version 1 at byte 0/);
});

Deno.test("BTF: the parameters of a function are counted behind its typedef and pointer", () => {
  const strings = "\0t\0u\0v\0w\0", POINTER = 2 << 24, FUNCTION = 13 << 24;
  const types = [1, TYPEDEF, 2, 0, POINTER, 3, 0, FUNCTION | 2, 0, 0, 0, 0, 0]; // typedef void (*t)(…, …);
  types.push(3, TYPEDEF, 5, 0, POINTER, 1, 5, TYPEDEF, 0); // typedef t *u; typedef void v;
  types.push(7, TYPEDEF, 9); // typedef type 9, which isn't there, w;
  const btf = new Btf(section(types, strings), ["t", "u", "v", "w"]);
  assert.equal(btf.parameters("t"), 2);
  assert.equal(btf.parameters("u"), undefined);
  assert.equal(btf.parameters("nothing"), undefined);
  for (const broken of ["v", "w"]) assert.throws(() => btf.parameters(broken), BtfError);
});

Deno.test("BTF: a bit field is no member that can be read", () => {
  const bits = [1, (STRUCT | 0x80000000 | 1) >>> 0, 8, 3, 2, 0x01000003, 0, 1 << 24, 4, 32];
  assert.equal(new Btf(section(bits, "\0s\0m\0"), ["s"]).member("s", "m"), undefined);
});
