import assert from "node:assert/strict";
import { InodeTable, PathTable } from "../../../../fingerprint/programs/executables.ts";

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

Deno.test("an inode is known by all of its number, and its device", () => {
  const inodes = new InodeTable();
  inodes.learn(1, 2, 3, 40);
  assert.equal(inodes.find(1, 2, 3), 40);
  for (const [device, low, high] of [[2, 2, 3], [1, 3, 3], [1, 2, 4], [3, 2, 1]] as const) {
    assert.equal(inodes.find(device, low, high), -1);
  }
  inodes.learn(0xffffffff, 0xffffffff, 0xffffffff, 0); // halves are unsigned, executable 0 is one
  assert.equal(inodes.find(0xffffffff, 0xffffffff, 0xffffffff), 0);
});

Deno.test("an inode is learned anew, and none at all isn't learned", () => {
  const inodes = new InodeTable();
  inodes.learn(1, 2, 3, 40);
  inodes.learn(1, 2, 3, 41);
  inodes.learn(0, 0, 0, 42); // an accounting record that doesn't say
  assert.deepEqual([inodes.find(1, 2, 3), inodes.find(0, 0, 0), inodes.size], [41, -1, 1]);
});

Deno.test("inodes are bounded: a program that is built again and again is another each time", () => {
  const inodes = new InodeTable();
  for (let i = 1; !inodes.isFull; i++) {
    inodes.learn(5, i, 0, 1);
    assert.ok(i <= 1 << 15);
  }
  inodes.clear();
  assert.deepEqual([inodes.size, inodes.isFull, inodes.find(5, 1, 0)], [0, false, -1]);
});
