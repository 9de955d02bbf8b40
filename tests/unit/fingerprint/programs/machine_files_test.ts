import assert from "node:assert/strict";
import { cString, Descriptor, Libc } from "../../../../netlink/mod.ts";
import { FileStatus, Procfs } from "../../../../fingerprint/proc/mod.ts";
import { Found, MachineFiles } from "../../../../fingerprint/programs/machine_files.ts";

const libc = new Libc();

Deno.test("a path leads to the file, to another, or to nothing; links are none", () => {
  const procfs = new Procfs(libc), files = new MachineFiles(libc, procfs), folder = Deno.makeTempDirSync();
  try {
    for (const name of ["one", "two"]) Deno.writeTextFileSync(`${folder}/${name}`, name);
    Deno.linkSync(`${folder}/one`, `${folder}/linked`);
    Deno.symlinkSync("one", `${folder}/pointer`);
    Deno.symlinkSync(folder, `${folder}/there`);
    const one = new FileStatus(libc);
    assert.ok(one.read(-100, cString(`${folder}/one`)));
    const find = (path: string) => {
      const bytes = new TextEncoder().encode(path);
      // A folder that nothing else uses may have left the cache.
      Deno.lstatSync(folder);
      return files.find(bytes, bytes.length, one);
    };
    for (const name of ["one", "linked"]) assert.equal(find(`${folder}/${name}`), Found.Same, name);
    assert.equal(find(`${folder}/two`), Found.Other);
    for (const name of ["none", "pointer", "there/one", "one/below"]) {
      assert.ok([Found.Nothing, Found.Unknown].includes(find(`${folder}/${name}`) as 2 | 3), name);
    }
    assert.equal(find(`/${"x".repeat(5000)}`), Found.Unknown);
    const root = Descriptor.of(libc, libc.call.open(cString("/"), 0o10000000))!;
    using _root = root;
    assert.equal(files.leadsAlike(root, `${folder}/one`), Found.Same);
    assert.equal(files.leadsAlike(root, "/usr/bin/awk"), Found.Same, "a script's links are followed");
    const below = Descriptor.of(libc, libc.call.open(cString(folder), 0o10000000))!;
    using _below = below;
    assert.notEqual(files.leadsAlike(below, "/one"), Found.Same, "the machine has nothing there");
  } finally {
    Deno.removeSync(folder, { recursive: true });
    files.close();
    procfs.close();
  }
});
