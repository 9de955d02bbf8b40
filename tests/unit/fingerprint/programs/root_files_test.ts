import assert from "node:assert/strict";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { RootFiles } from "../../../../fingerprint/programs/root_files.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/mod.ts";

const libc = new Libc();

Deno.test("files of another root: links stay inside, only regular files are opened, nothing without a folder", () => {
  const top = Deno.makeTempDirSync(), root = `${top}/root`;
  const procfs = new Procfs(libc);
  const files = new RootFiles(libc, procfs);
  const openFiles = procfs.countOwnFiles();
  try {
    Deno.mkdirSync(`${root}/etc/deep`, { recursive: true });
    Deno.writeTextFileSync(`${top}/secret`, "outside");
    Deno.writeTextFileSync(`${root}/secret`, "inside");
    Deno.writeFileSync(`${root}/etc/x`, new Uint8Array([0x61, 0x62, 0xff, 0x64]));
    Deno.symlinkSync("/secret", `${root}/etc/absolute`);
    Deno.symlinkSync("../../../../secret", `${root}/etc/upwards`);
    Deno.symlinkSync("/etc/loop", `${root}/etc/loop`);
    Deno.symlinkSync("/etc", `${root}/folder`);
    new Deno.Command("mkfifo", { args: [`${root}/pipe`] }).outputSync();
    const large = Deno.openSync(`${root}/large`, { create: true, write: true });
    large.truncateSync(1 << 30);
    large.close();

    assert.equal(files.isAttached, false);
    assert.deepEqual([files.readText("/secret"), files.list("/"), files.modified("/secret")], [
      undefined,
      undefined,
      undefined,
    ]);
    files.attach(new Descriptor(libc, libc.call.open(cString(root), c.O_PATH | c.O_CLOEXEC)));
    for (const path of ["/secret", "/etc/absolute", "/etc/upwards"]) assert.equal(files.readText(path), "inside", path);
    assert.equal(files.readText("/folder/x"), "ab\ufffdd");
    const buffer = new Uint8Array(3);
    assert.deepEqual([files.readInto("/etc/x", 2, buffer), [...buffer]], [2, [0xff, 0x64, 0]]);
    assert.equal(files.readInto("/etc/x", 10, buffer), 0);
    assert.equal(files.readInto("/large", 2 ** 30 - 1, buffer), 1);
    assert.deepEqual(files.list("/etc")!.toSorted(), ["absolute", "deep", "loop", "upwards", "x"]);
    assert.ok(Math.abs(files.modified("/etc/x")! - Deno.statSync(`${root}/etc/x`).mtime!.getTime()) < 1);
    for (const path of ["/none", "/etc", "/pipe", "/large", "/etc/loop"]) {
      assert.equal(files.readText(path), undefined, path);
    }
    assert.deepEqual([files.list("/etc/x"), files.list("/none"), files.modified("/none")], [
      undefined,
      undefined,
      undefined,
    ]);
  } finally {
    files.detach();
    assert.equal(procfs.countOwnFiles(), openFiles);
    procfs.close();
    Deno.removeSync(top, { recursive: true });
  }
});
