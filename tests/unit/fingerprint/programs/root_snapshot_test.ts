import assert from "node:assert/strict";
import { BasePaths, denoFiles } from "../../../../fingerprint/base/mod.ts";
import { finish } from "../../../../fingerprint/base/database/mod.ts";
import { type Fetcher, RootSnapshot } from "../../../../fingerprint/programs/root_snapshot.ts";
import { MapFiles } from "../map_files.ts";

const FOLDER = new URL("../../../fixtures/packages/", import.meta.url).pathname;
/** Rounds that the readers of databases need at most. */
const MOST_ROUNDS = 6;

/** Reads a base system from a snapshot, as often as it takes. */
async function read(fetcher: Fetcher): Promise<{ base: BasePaths; rounds: number; fetched: number }> {
  const snapshot = new RootSnapshot();
  let fetched = 0;
  for (let rounds = 1;; rounds++) {
    const base = finish(BasePaths.loading(snapshot));
    if (!snapshot.isWanting) return { base, rounds, fetched };
    await snapshot.fetch(fetcher, () => fetched++);
  }
}

for (const { name } of Deno.readDirSync(FOLDER)) {
  Deno.test(`a base system read from a snapshot is the same as one read from its files: ${name}`, async () => {
    const files = denoFiles(FOLDER + name), direct = BasePaths.load(files);
    const bytes = (path: string) => {
      try {
        return Deno.readFileSync(FOLDER + name + path);
      } catch {
        return undefined;
      }
    };
    const { base, rounds, fetched } = await read({
      read: (path) => Promise.resolve(bytes(path)),
      list: (path) => Promise.resolve(files.list(path)),
      modified: (path) => Promise.resolve(files.modified(path)),
    });
    assert.equal(base.hasSamePrograms(direct), true);
    assert.deepEqual([base.origin, base.watched], [direct.origin, direct.watched]);
    assert.ok(rounds <= MOST_ROUNDS && fetched > 0, `${rounds} rounds, ${fetched} files`);

    const copy = finish(BasePaths.parsing(base.text));
    assert.equal(copy.hasSamePrograms(direct), true);
    assert.deepEqual([copy.origin, copy.watched, copy.text], [direct.origin, direct.watched, base.text]);
  });
}

Deno.test("what is asked for is fetched once, and times before contents", async () => {
  const files = new MapFiles({ "/a": "text" }), asked: string[] = [], snapshot = new RootSnapshot();
  const fetcher: Fetcher = {
    read: (path) => (asked.push(`read ${path}`), Promise.resolve(new TextEncoder().encode(files.readText(path)))),
    list: (path) => (asked.push(`list ${path}`), Promise.resolve(files.list(path))),
    modified: (path) => (asked.push(`modified ${path}`), Promise.resolve(files.modified(path))),
  };
  for (let i = 0; i < 3; i++) {
    const buffer = new Uint8Array(2);
    const told = [
      snapshot.readText("/a"),
      snapshot.readInto("/a", 1, buffer),
      snapshot.modified("/a"),
      snapshot.list("/b"),
    ];
    if (i === 0) assert.deepEqual([told, snapshot.isWanting], [[undefined, undefined, undefined, undefined], true]);
    else assert.deepEqual([told, [...buffer], snapshot.isWanting], [["text", 2, 1, undefined], [0x65, 0x78], false]);
    await snapshot.fetch(fetcher, () => {});
  }
  assert.deepEqual(asked, ["modified /a", "list /b", "read /a"]);
});
