import assert from "node:assert/strict";
import { splitStrings } from "../../../../fingerprint/exporter/least_privilege.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a command line is split at its zeros, empty arguments and foreign bytes included", () => {
  assert.deepEqual(splitStrings(bytes("a\0\0bc\0")), [bytes("a\0"), bytes("\0"), bytes("bc\0")]);
  assert.deepEqual(splitStrings(new Uint8Array([0xff, 0])), [new Uint8Array([0xff, 0])]);
  assert.deepEqual(splitStrings(bytes("")), []);
});
