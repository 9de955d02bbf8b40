import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Procfs } from "../../../../fingerprint/proc/mod.ts";
import { fileVerifier, Verdict } from "../../../../fingerprint/verification/mod.ts";
import { Libc } from "../../../../netlink/mod.ts";

const libc = new Libc(), procfs = new Procfs(libc);
void libc.background; // opened once, for all tests

Deno.test("files are verified one after the other, and nobody waits for one without an answer", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "content");
    const digest = createHash("md5").update("content").digest("hex");
    const late = Promise.withResolvers<string>();
    let state = Promise.resolve("1");
    const digests = {
      of: (_: unknown, asked: string) =>
        Promise.resolve([{ algorithm: "md5" as const, digest: asked === path ? digest : "" }]),
      state: () => state,
      isBusy: () => Promise.resolve(false),
    };
    const verifier = fileVerifier(libc, procfs, { digests });
    const ask = (path: string, patienceMs?: number) => verifier({ path, package: "p", origin: "dpkg" }, patienceMs);
    assert.deepEqual(await ask(path), { verdict: Verdict.Unchanged });
    assert.deepEqual(await Promise.all([ask("/nowhere"), ask(path)]), [
      { verdict: Verdict.Unverified, doubt: "the file can't be read" },
      { verdict: Verdict.Unchanged },
    ]);
    await Deno.writeTextFile(path, "another");
    assert.deepEqual(await ask(path), { verdict: Verdict.Modified });
    state = late.promise;
    assert.deepEqual(await ask(path, 30), { verdict: Verdict.Unverified, doubt: "no answer in time" });
    state = Promise.resolve("2");
    late.reject(new Error("it was unmounted")); // after an answer the file would be looked at, beyond this test's end
    assert.deepEqual(await ask(path), { verdict: Verdict.Modified });
  } finally {
    await Deno.remove(path);
  }
});
