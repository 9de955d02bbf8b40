import assert from "node:assert/strict";
import { AppendedFile } from "../../../../fingerprint/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** The C library stays open. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeResources: false });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("a file is made, appended to, and no other user's to read", () =>
  inFolder(async (folder) => {
    const path = `${folder}/events.jsonl`;
    for (const line of ["one\n", "two\n"]) {
      const file = AppendedFile.open(path);
      assert.equal(await file.write(bytes(line)), 4);
      await file.close();
    }
    assert.equal(await Deno.readTextFile(path), "one\ntwo\n");
    assert.equal((await Deno.stat(path)).mode! & 0o7, 0);
  }));

test("a full disk says so, and loses what it can't hold", async () => {
  const file = AppendedFile.open("/dev/full");
  assert.equal(await file.write(bytes("lost\n")), 0);
  assert.equal(file.problem, "ENOSPC");
  await file.close();
});

test("what can't be appended to is an error of one line with a remedy", () =>
  inFolder((folder) => {
    for (
      const [path, want] of [[folder, /EISDIR; want a file$/], [`${folder}/a/b`, /ENOENT; its folder must be there$/]]
    ) {
      assert.throws(() => AppendedFile.open(path as string), (error) => {
        assert.match((error as Error).message, /^Cannot append to [^\n]+$/);
        assert.match((error as Error).message, want as RegExp);
        return true;
      });
    }
    return Promise.resolve();
  }));

test("a named pipe without a reader isn't waited for; with a slow one its writer waits, and nobody else", () =>
  inFolder(async (folder) => {
    const path = `${folder}/pipe`;
    assert.ok((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
    assert.throws(() => AppendedFile.open(path), /ENXIO; nobody reads from this pipe/);
    const both = await Deno.open(path, { read: true, write: true }); // opens without a partner: fifo(7)
    const file = AppendedFile.open(path), size = 1 << 17; // a pipe holds 64 KiB: pipe(7)
    const written = file.write(new Uint8Array(size).fill(10));
    let got = 0;
    const buffer = new Uint8Array(size);
    while (got < size) got += (await both.read(buffer))!;
    assert.equal(await written, size);
    both.close();
    await file.close();
  }));

test("an inherited descriptor is believed only where it is open for appending", () =>
  inFolder(async (folder) => {
    const file = AppendedFile.open(`${folder}/e`), again = AppendedFile.inherited(file.handOver())!;
    assert.equal(await again.write(bytes("x\n")), 2);
    await again.close();
    assert.equal(AppendedFile.inherited(0), undefined);
    assert.equal(AppendedFile.inherited(999_999), undefined);
  }));
