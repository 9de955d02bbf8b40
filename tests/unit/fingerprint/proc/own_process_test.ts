import assert from "node:assert/strict";
import { ownFiles, readOwnExecution } from "../../../../fingerprint/proc/own_process.ts";
import { Libc } from "../../../../netlink/mod.ts";

const libc = new Libc();

Deno.test("what this process was executed as is its own executable, folder and arguments", () => {
  const own = readOwnExecution(libc)!;
  assert.equal(own.executable, Deno.realPathSync(Deno.execPath()));
  assert.equal(own.folder, Deno.realPathSync(Deno.cwd()));
  assert.deepEqual(own.cmdline, Deno.readFileSync("/proc/self/cmdline"));
});

Deno.test("open files are counted with the one that lists them, and without the first", () => {
  const before = ownFiles(libc).length;
  assert.ok(before >= 3, `${before}`); // 1, 2 and the folder
  using _file = Deno.openSync("/proc/self/stat");
  assert.equal(ownFiles(libc).length, before + 1);
});
