import assert from "node:assert/strict";
import { Captures } from "../../../netlink/captures.ts";
import { NO_USER } from "../../../netlink/mod.ts";

Deno.test("captures: an exec takes the newest capture of its process from before, and once", () => {
  const captures = new Captures();
  captures.add(10, 50, 1);
  captures.add(12, 51, 2);
  captures.add(20, 50, 3);
  assert.equal(captures.take(50, 9), -1, "none is so old");
  assert.equal(captures.take(50, 19), 1);
  assert.equal(captures.take(50, 19), -1);
  assert.equal(captures.take(50, 20), 3);
  assert.equal(captures.take(52, 20), -1);
  assert.equal(captures.isEmpty, false);
  assert.equal(captures.take(51, 20), 2);
  assert.equal(captures.isEmpty, true);
});

Deno.test("captures: user and control group come with what was captured, also of what made room", () => {
  const captures = new Captures();
  captures.add(10, 50, 1, 1000, 2 ** 40);
  captures.add(30, 51, 2, 1001, 7);
  captures.forget(20);
  captures.add(10, 50, 3);
  assert.equal(captures.take(51, 30), 2);
  assert.deepEqual([captures.user, captures.group], [1001, 7]);
  assert.equal(captures.take(50, 30), 3);
  assert.deepEqual([captures.user, captures.group], [NO_USER, 0]);
});

Deno.test("captures: those before the one that is taken go with it, since their events were lost", () => {
  const captures = new Captures();
  for (const timeNs of [10, 20, 30]) captures.add(timeNs, 50, timeNs);
  assert.equal(captures.take(50, 25), 20);
  assert.equal(captures.take(50, 29), -1);
  captures.forget(0);
  assert.equal(captures.take(50, 29), -1, "nor does making room bring them back");
  assert.equal(captures.take(50, 30), 30);
});

Deno.test("captures: those from before a time are forgotten, all others stay", () => {
  const captures = new Captures();
  captures.forget(100);
  captures.add(10, 50, 1);
  captures.add(11, 51, 2);
  captures.add(20, 50, 3);
  captures.forget(11);
  assert.equal(captures.take(50, 19), -1);
  assert.equal(captures.take(51, 19), 2);
  captures.forget(21);
  assert.equal(captures.isEmpty, true);
});

Deno.test("captures: grow with a storm, and give the memory back when none waits", () => {
  for (const end of ["taken", "forgotten"]) {
    const captures = new Captures(), { capacity } = captures;
    for (let i = 0; i < 5000; i++) captures.add(i, i, i);
    assert.equal(captures.capacity, 8 * capacity, end);
    if (end === "forgotten") captures.forget(5000);
    else for (let i = 0; i < 5000; i++) assert.equal(captures.take(i, i), i);
    assert.equal(captures.capacity, capacity, end);
  }
});

Deno.test("captures: one that nobody takes doesn't keep the room of those that were taken", () => {
  const captures = new Captures(), { capacity } = captures;
  captures.add(0, 1, 1);
  for (let i = 1; i <= 20 * capacity; i++) {
    captures.add(i, 2, i);
    captures.take(2, i);
    if (i % 100 === 0) captures.forget(0);
  }
  assert.equal(captures.capacity, capacity);
  assert.equal(captures.take(1, 0), 1);
});
