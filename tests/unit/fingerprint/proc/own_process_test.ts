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

Deno.test("open files are listed with the one that lists them, and without the first", () => {
  const path = Deno.makeTempFileSync(), descriptors = () => [...ownFiles(libc)];
  try {
    // Tests of other threads open and close files as well: these are told by what they lead to.
    const leading = (fd: number) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false;
      }
    };
    const before = descriptors();
    assert.ok(before.includes(1) && before.includes(2) && !before.includes(0), `${before}`);
    assert.deepEqual(before.filter(leading), []);
    using _file = Deno.openSync(path);
    assert.equal(descriptors().filter(leading).length, 1);
  } finally {
    Deno.removeSync(path);
  }
});
