import assert from "node:assert/strict";
import fc from "fast-check";
import { BasePaths } from "../../fingerprint/base/programs.ts";
import { MapFiles } from "../unit/fingerprint/map_files.ts";
import { runs } from "./runs.ts";

const fixtures = new URL("../fixtures/packages/", import.meta.url);

/** The databases of the fixtures, with the path of the file that is damaged in the tests below. */
const DATABASES: readonly (readonly [string, string])[] = [
  ["dpkg", "/var/lib/dpkg/status"],
  ["dpkg", "/var/lib/dpkg/info/util-linux.list"],
  ["dpkg", "/var/lib/dpkg/alternatives/which"],
  ["dpkg", "/lib/systemd/system/dbus.service"],
  ["apk", "/lib/apk/db/installed"],
  ["pacman", "/var/lib/pacman/local/base-3-2/desc"],
  ["pacman", "/var/lib/pacman/local/bash-5.2-1/files"],
  ["rpm", "/usr/lib/sysimage/rpm/rpmdb.sqlite"],
  ["rpm-bdb", "/var/lib/rpm/Packages"],
];

function load(name: string): { readonly [path: string]: Uint8Array } {
  const contents: { [path: string]: Uint8Array } = {};
  const walk = (folder: string) => {
    for (const entry of Deno.readDirSync(new URL(`${name}${folder}`, fixtures))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) walk(path);
      else contents[path] = Deno.readFileSync(new URL(`${name}${path}`, fixtures));
    }
  };
  walk("");
  return contents;
}

/** Bytes to write over a file, each at a share of its length. */
const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
  minLength: 1,
  maxLength: 20,
});

for (const [name, path] of DATABASES) {
  Deno.test(`${name}: a damaged or truncated ${path} is read as far as it goes`, () => {
    const contents = load(name);
    const original = contents[path]!;
    // The first pages of a binary file hold what leads to all the rest: damage them more often.
    const reach = fc.constantFrom(original.length, Math.min(original.length, 8192), Math.min(original.length, 128));
    fc.assert(
      fc.property(damage, reach, fc.double({ min: 0, max: 1, noNaN: true }), (changes, length, kept) => {
        const bytes = original.slice(0, Math.ceil(kept * original.length));
        for (const [at, byte] of changes) bytes[Math.floor(at * length)] = byte;
        const base = BasePaths.load(new MapFiles({ ...contents, [path]: bytes }));
        assert.ok(base.size > 0);
        assert.equal(typeof base.kind("/usr/bin/dd"), "string");
      }),
      { numRuns: runs(150) },
    );
  });

  Deno.test(`${name}: any bytes as ${path} are a database or none`, () => {
    const contents = load(name);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000, size: "max" }), (bytes) => {
        assert.ok(BasePaths.load(new MapFiles({ ...contents, [path]: bytes })).size > 0);
      }),
      { numRuns: runs(100) },
    );
  });
}

Deno.test("rpm: pages of a tree that lead in a circle come to an end", () => {
  const contents = load("rpm");
  const path = "/usr/lib/sysimage/rpm/rpmdb.sqlite";
  const original = contents[path]!;
  const pages = original.length / 4096;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: pages }), fc.integer({ min: 1, max: pages }), (first, second) => {
      const bytes = original.slice();
      const view = new DataView(bytes.buffer);
      for (const [page, child] of [[first, second], [second, first]] as const) {
        const start = (page - 1) * 4096;
        const head = start + (page === 1 ? 100 : 0);
        view.setUint8(head, 0x05); // an interior page with 100 cells, all of them the one at 2000
        view.setUint16(head + 3, 100);
        view.setUint32(head + 8, child);
        for (let i = 0; i < 100; i++) view.setUint16(head + 12 + 2 * i, 2000);
        view.setUint32(start + 2000, child);
      }
      assert.ok(BasePaths.load(new MapFiles({ ...contents, [path]: bytes })).size > 0);
    }),
    { numRuns: runs(200) },
  );
});

Deno.test("rpm: overflow pages that lead in a circle come to an end", () => {
  const contents = load("rpm-bdb"),
    path = "/var/lib/rpm/Packages",
    original = contents[path]!,
    pages = original.length / 4096;
  const page = fc.integer({ min: 1, max: pages - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(page, page), { minLength: 1, maxLength: 8 }), (links) => {
      const bytes = original.slice(), view = new DataView(bytes.buffer);
      for (const [from, to] of links) view.setUint32(4096 * from + 16, to, true);
      assert.ok(BasePaths.load(new MapFiles({ ...contents, [path]: bytes })).size > 0);
    }),
    { numRuns: runs(200) },
  );
});

Deno.test("rpm: a tree of a page a level comes to an end", () => {
  const path = "/usr/lib/sysimage/rpm/rpmdb.sqlite";
  const original = load("rpm")[path]!;
  const pages = 50_000;
  const bytes = new Uint8Array(pages * 512);
  bytes.set(original.subarray(0, 100));
  const view = new DataView(bytes.buffer);
  view.setUint16(16, 512);
  for (let page = 1; page < pages; page++) {
    const head = (page - 1) * 512 + (page === 1 ? 100 : 0);
    view.setUint8(head, 0x05);
    view.setUint32(head + 8, page + 1);
  }
  assert.equal(BasePaths.load(new MapFiles({ [path]: bytes })).origin, "built-in");
});
