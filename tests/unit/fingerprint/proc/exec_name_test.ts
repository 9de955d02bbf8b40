import assert from "node:assert/strict";
import { execNameAddress } from "../../../../fingerprint/proc/exec_name.ts";

/** An auxiliary vector (getauxval(3)): AT_PAGESZ, AT_EXECFN, AT_NULL. */
function vector(words: readonly number[], size: 4 | 8): Uint8Array {
  const bytes = new Uint8Array(words.length * size), view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    if (size === 8) view.setBigUint64(i * 8, BigInt(word), true);
    else view.setUint32(i * 4, word, true);
  });
  return bytes;
}

Deno.test("the address of the name that a program was executed by, of 64 and of 32 bits", () => {
  const words = (address: number) => [6, 4096, 31, address, 0, 0];
  const wide = vector(words(0x7ffd_1234_5fe0), 8), narrow = vector(words(0xfff0_1fe0), 4);
  assert.equal(execNameAddress(wide, wide.length), 0x7ffd_1234_5fe0);
  assert.equal(execNameAddress(narrow, narrow.length), 0xfff0_1fe0);
  assert.equal(execNameAddress(wide, 16), undefined, "only what was read counts");
  assert.equal(execNameAddress(vector([6, 4096, 0, 0], 8), 32), undefined);
  for (let length = 0; length < wide.length; length++) execNameAddress(wide, length);
});
