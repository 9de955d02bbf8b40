import assert from "node:assert/strict";
import { PathTable } from "../../../../fingerprint/programs/executables.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("a path has one number, by its first bytes", () => {
  const paths = new PathTable();
  const bash = bytesOf("/usr/bin/bash"), rest = bytesOf("/usr/bin/bash-and-what-was-read-before");
  assert.equal(paths.find(bash, bash.length), -1);
  assert.equal(paths.add(bash, bash.length), 0);
  assert.equal(paths.find(rest, bash.length), 0);
  assert.equal(paths.find(rest, rest.length), -1);
  assert.equal(paths.add(rest, rest.length), 1);
  assert.equal(paths.find(bash, 0), -1);
  assert.equal(paths.add(bash, 0), 2);
  assert.deepEqual([0, 1, 2].map((number) => paths.textOf(number)), [
    "/usr/bin/bash",
    "/usr/bin/bash-and-what-was-read-before",
    "",
  ]);
});

Deno.test("a path keeps its bytes when those it was read into change", () => {
  const paths = new PathTable(), buffer = bytesOf("/usr/bin/a");
  paths.add(buffer, buffer.length);
  buffer.fill(120);
  assert.equal(paths.textOf(0), "/usr/bin/a");
  assert.equal(paths.find(bytesOf("/usr/bin/a"), 10), 0);
});

Deno.test("the table of paths is full by number or by bytes, and starts anew", () => {
  const many = new PathTable(), long = new PathTable();
  for (let i = 0; !many.isFull; i++) {
    const path = bytesOf(`/${i}`);
    assert.equal(many.add(path, path.length), i);
  }
  assert.equal(many.length, 1 << 14);
  for (let i = 0; !long.isFull; i++) {
    const path = bytesOf(`/${"x".repeat(4000)}${i}`);
    long.add(path, path.length);
    assert.ok(i < 600, "bytes are bounded");
  }
  for (const paths of [many, long]) {
    paths.clear();
    assert.deepEqual([paths.length, paths.isFull], [0, false]);
    const path = bytesOf("/1");
    assert.equal(paths.find(path, path.length), -1);
    assert.equal(paths.add(path, path.length), 0);
  }
});
