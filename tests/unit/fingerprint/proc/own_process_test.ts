import assert from "node:assert/strict";
import { countOwnFiles, ownFiles, readOwnExecution } from "../../../../fingerprint/proc/own_process.ts";
import { FileStatus } from "../../../../fingerprint/proc/statx.ts";
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

Deno.test("open files are counted without a list, where the kernel does", () => {
  const status = new FileStatus(libc), counted = countOwnFiles(status);
  if (Deno.osRelease().split(".").map(Number).reduce((value, part, i) => value + (part || 0) / 1000 ** i, 0) < 6.002) {
    assert.equal(counted, 0);
    return;
  }
  assert.ok(counted > 3, `${counted}`);
  const files = Array.from({ length: 100 }, () => Deno.openSync("/dev/null"));
  try {
    const more = countOwnFiles(status) - counted; // other tests open and close files at the time
    assert.ok(more > 50, `${more} more`);
  } finally {
    for (const file of files) file.close();
  }
});
