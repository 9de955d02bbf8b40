import assert from "node:assert/strict";
import { readTextFile } from "../../../../fingerprint/proc/files.ts";
import { AT_FDCWD } from "../../../../netlink/linux/constants.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";

const ROOM = 64, MOST = 65536;
const libc = new Libc();

Deno.test("a text file is read whole, whether the room is enough or not", async () => {
  const file = await Deno.makeTempFile(), room = new Uint8Array(ROOM);
  try {
    for (const length of [3000, ROOM + 1, ROOM, ROOM - 1, 1, 0, 4096, MOST]) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode(97 + i % 26)).join("");
      await Deno.writeTextFile(file, text);
      assert.equal(readTextFile(libc, file, AT_FDCWD, room), text, `${length} bytes, a room given`);
      assert.equal(readTextFile(libc, file), text, `${length} bytes`);
    }
    await Deno.writeTextFile(file, "a".repeat(MOST + 10));
    assert.equal(readTextFile(libc, file, AT_FDCWD, room)?.length, MOST);
    assert.equal(readTextFile(libc, `${file}.absent`, AT_FDCWD, room), undefined);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("what fits into the room is read there", async () => {
  const file = await Deno.makeTempFile(), room = new Uint8Array(ROOM);
  try {
    await Deno.writeTextFile(file, "0::/init.scope\n");
    assert.equal(readTextFile(libc, file, AT_FDCWD, room), "0::/init.scope\n");
    assert.equal(new TextDecoder().decode(room.subarray(0, 14)), "0::/init.scope");
  } finally {
    await Deno.remove(file);
  }
});
