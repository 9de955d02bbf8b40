import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { denoFiles } from "../../../../../fingerprint/base/database/files.ts";
import { sqliteBlobs } from "../../../../../fingerprint/base/rpm/sqlite.ts";

/** Bytes that differ from place to place and from row to row. */
function blob(row: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + row * 7) & 0xff);
}

/** Lengths around every border of the format: in the leaf, just beyond, one overflow page, many. */
const LENGTHS = [0, 1, 100, 400, 470, 480, 489, 900, 1000, 4000, 4050, 4061, 4062, 4100, 8000, 40_000, 300_000];

for (const [pageBytes, rows] of [[512, 40], [1024, 300], [4096, 60], [65536, 60]] as const) {
  Deno.test(`every row that SQLite wrote is read, with pages of ${pageBytes} bytes`, () => {
    const root = Deno.makeTempDirSync();
    try {
      const database = new DatabaseSync(`${root}/db`);
      database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = OFF;
        CREATE TABLE other (a INTEGER PRIMARY KEY, b TEXT);
        CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
        CREATE INDEX i ON other (b); BEGIN`);
      const insert = database.prepare("INSERT INTO Packages (blob) VALUES (?)");
      const want = Array.from({ length: rows }, (_, row) => blob(row, LENGTHS[row % LENGTHS.length]!));
      for (const one of want) insert.run(one);
      database.exec("COMMIT; DELETE FROM Packages WHERE hnum % 7 = 3");
      database.close();
      // Each row is read when it is found, and once more when all are known, as the reader of packages does.
      const expected = want.filter((_, row) => (row + 1) % 7 !== 3);
      const readers = [];
      for (const read of sqliteBlobs(denoFiles(root), "/db")) {
        assert.deepEqual(read()?.slice(), expected[readers.length]);
        readers.push(read);
      }
      assert.equal(readers.length, expected.length);
      for (const at of [readers.length - 1, 0, readers.length >> 1]) {
        assert.deepEqual(readers[at]!()?.slice(), expected[at]);
      }
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  });
}

Deno.test("a database without the table has no packages", () => {
  const root = Deno.makeTempDirSync();
  try {
    const database = new DatabaseSync(`${root}/db`);
    database.exec("CREATE TABLE packages_of_others (a)");
    database.close();
    assert.deepEqual([...sqliteBlobs(denoFiles(root), "/db")], []);
    assert.deepEqual([...sqliteBlobs(denoFiles(root), "/none")], []);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
