import assert from "node:assert/strict";
import { denoFiles } from "../../../../../fingerprint/base/database/files.ts";

Deno.test("files below a root: whole, in part, listed, dated; what is missing or no file is undefined", () => {
  const root = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${root}/etc`);
    Deno.writeFileSync(`${root}/etc/x`, new Uint8Array([0x61, 0x62, 0xff, 0x64]));
    new Deno.Command("mkfifo", { args: [`${root}/pipe`] }).outputSync();
    const files = denoFiles(root);
    assert.equal(files.readText("/etc/x"), "ab\ufffdd");
    const buffer = new Uint8Array(3);
    assert.equal(files.readInto("/etc/x", 0, buffer), 3);
    assert.deepEqual([...buffer], [0x61, 0x62, 0xff]);
    assert.equal(files.readInto("/etc/x", 2, buffer), 2);
    assert.deepEqual([...buffer], [0xff, 0x64, 0xff]);
    assert.equal(files.readInto("/etc/x", 10, buffer), 0);
    assert.deepEqual(files.list("/etc"), ["x"]);
    assert.ok(Math.abs(files.modified("/etc/x")! - Date.now()) < 60_000);
    for (const path of ["/none", "/etc", "/pipe"]) {
      assert.equal(files.readText(path), undefined, path);
      assert.equal(files.readInto(path, 0, buffer), undefined, path);
    }
    assert.equal(files.list("/none"), undefined);
    assert.equal(files.list("/etc/x"), undefined);
    assert.equal(files.modified("/none"), undefined);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
