import assert from "node:assert/strict";
import { openFilesBelow } from "../../open_files.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { RootFiles } from "../../../../fingerprint/programs/root_files.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/mod.ts";

const libc = new Libc();
void libc.background; // opened by the first test that needs it, it would be that test's leak
const UTF8 = new TextDecoder();

/** A folder that is a root, and what is read below it by `owners`. */
async function inRoot(
  owners: readonly number[],
  test: (root: string, files: RootFiles) => Promise<void>,
): Promise<void> {
  const top = Deno.makeTempDirSync(), root = `${top}/root`, procfs = new Procfs(libc);
  try {
    Deno.mkdirSync(`${root}/etc/deep`, { recursive: true, mode: 0o755 });
    Deno.writeTextFileSync(`${root}/secret`, "inside");
    {
      using files = new RootFiles(
        libc,
        procfs,
        new Descriptor(libc, libc.call.open(cString(root), c.O_PATH | c.O_CLOEXEC)),
        owners,
      );
      await test(root, files);
    }
    assert.deepEqual(openFilesBelow(top), []);
  } finally {
    procfs.close();
    Deno.removeSync(top, { recursive: true });
  }
}

Deno.test("files of another root: links stay inside, only regular files are opened", async () => {
  await inRoot([Deno.uid()!], async (root, files) => {
    Deno.writeTextFileSync(`${root}/../secret`, "outside");
    Deno.writeFileSync(`${root}/etc/x`, new Uint8Array([0x61, 0x62, 0xff, 0x64]));
    Deno.symlinkSync("/secret", `${root}/etc/absolute`);
    Deno.symlinkSync("../../../../secret", `${root}/etc/upwards`);
    Deno.symlinkSync("/etc/loop", `${root}/etc/loop`);
    Deno.symlinkSync("/etc", `${root}/folder`);
    new Deno.Command("mkfifo", { args: [`${root}/pipe`] }).outputSync();
    const large = Deno.openSync(`${root}/large`, { create: true, write: true });
    large.truncateSync(1 << 30);
    large.close();
    for (const path of ["/secret", "/etc/absolute", "/etc/upwards"]) {
      assert.equal(UTF8.decode(await files.read(path)), "inside", path);
    }
    assert.equal(UTF8.decode(await files.read("/folder/x")), "ab\ufffdd");
    assert.deepEqual((await files.list("/etc"))!.toSorted(), ["absolute", "deep", "loop", "upwards", "x"]);
    assert.ok(Math.abs((await files.modified("/etc/x"))! - Deno.statSync(`${root}/etc/x`).mtime!.getTime()) < 1);
    for (const path of ["/none", "/etc", "/pipe", "/large", "/etc/loop"]) {
      assert.equal(await files.read(path), undefined, path);
    }
    assert.deepEqual([await files.list("/etc/x"), await files.list("/none"), await files.modified("/none")], [
      undefined,
      undefined,
      undefined,
    ]);
  });
});

Deno.test("all files of one reading have a bounded size", async () => {
  await inRoot([Deno.uid()!], async (root, files) => {
    Deno.writeFileSync(`${root}/part`, new Uint8Array(24 << 20));
    const sizes = [];
    for (let i = 0; i < 4; i++) sizes.push((await files.read("/part"))?.length);
    assert.deepEqual(sizes, [24 << 20, 24 << 20, undefined, undefined]);
    assert.equal(UTF8.decode(await files.read("/secret")), "inside");
  });
});

Deno.test("files of somebody else aren't there", async () => {
  await inRoot([Deno.uid()! + 1], async (_, files) => {
    assert.deepEqual([await files.read("/secret"), await files.list("/"), await files.modified("/etc")], [
      undefined,
      undefined,
      undefined,
    ]);
  });
});

const WRITABLE: readonly (readonly [path: string, mode: number])[] = [
  ["/", 0o777],
  ["/etc", 0o1777],
  ["/etc/deep", 0o775],
  ["/etc/deep/file", 0o666],
];

for (const [path, mode] of WRITABLE) {
  Deno.test(`a file isn't there where others may write ${path}`, async () => {
    await inRoot([Deno.uid()!], async (root, files) => {
      Deno.writeTextFileSync(`${root}/etc/deep/file`, "x");
      Deno.chmodSync(root + path, mode);
      assert.equal(await files.read("/etc/deep/file"), undefined);
    });
    await inRoot([Deno.uid()!], async (root, files) => {
      Deno.writeTextFileSync(`${root}/etc/deep/file`, "x");
      Deno.chmodSync(`${root}/etc/deep/file`, 0o644);
      assert.equal(UTF8.decode(await files.read("/etc/deep/file")), "x");
    });
  });
}
