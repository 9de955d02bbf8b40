import assert from "node:assert/strict";
import type { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { administratorFiles } from "../../../../fingerprint/programs/administrator_files.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/mod.ts";

const libc = new Libc();
const ignore = Deno.uid() !== 0;

/** What is changed about a file in /opt/dir, and whether it counts still. */
const CASES: readonly (readonly [name: string, change: (root: string) => void, owns: boolean])[] = [
  ["as it was", () => {}, true],
  ["it is somebody's", (root) => Deno.chownSync(`${root}/opt/dir/file`, 1000, 1000), false],
  ["others may write it", (root) => Deno.chmodSync(`${root}/opt/dir/file`, 0o757), false],
  ["its folder is somebody's", (root) => Deno.chownSync(`${root}/opt`, 1000, 1000), false],
  ["its folder is open to all, as /tmp is", (root) => Deno.chmodSync(`${root}/opt/dir`, 0o1777), false],
  ["the root is", (root) => Deno.chmodSync(root, 0o777), false],
  ["it isn't there", (root) => Deno.removeSync(`${root}/opt/dir/file`), false],
  ["a link leads out of the root", (root) => {
    Deno.removeSync(`${root}/opt/dir/file`);
    Deno.symlinkSync(`../../../../../../../../..${root}/opt/other`, `${root}/opt/dir/file`);
  }, false],
];

for (const [name, change, owns] of CASES) {
  Deno.test({ name: `a file is the administrator's alone or not: ${name}`, ignore }, () => {
    const root = Deno.makeTempDirSync();
    try {
      Deno.chmodSync(root, 0o755);
      Deno.mkdirSync(`${root}/opt/dir`, { recursive: true, mode: 0o755 });
      for (const file of ["opt/dir/file", "opt/other"]) Deno.writeTextFileSync(`${root}/${file}`, "", { mode: 0o755 });
      change(root);
      try {
        Deno.statSync(`${root}/opt/dir/file`); // it is in the kernel's cache, as that of a program that runs
      } catch {
        // Nothing to have there.
      }
      const openRoot: Procfs["openRoot"] = () =>
        Descriptor.of(libc, libc.call.open(cString(root), c.O_PATH | c.O_CLOEXEC));
      const isOwned = administratorFiles(libc, { openRoot });
      assert.equal(isOwned("/opt/dir/file"), owns);
      assert.deepEqual(["module", "memfd:x", ""].map((path) => isOwned(path)), [false, false, false]);
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  });
}
