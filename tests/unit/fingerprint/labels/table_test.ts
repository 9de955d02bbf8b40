import assert from "node:assert/strict";
import { isRandom, LabelTable, OVERFLOW, plain } from "../../../../fingerprint/labels/table.ts";

/** Labels that programs can have: the first ones stand for many. */
const LIMIT = (1 << 15) - 3;

Deno.test("a label has one number, marked or not", () => {
  const labels = new LabelTable();
  const bash = labels.idOf("bash", false), marked = labels.idOf("bash", true), other = labels.idOf("sshd", false);
  assert.equal(labels.idOf("bash", false), bash);
  assert.notEqual(bash, other);
  assert.notEqual(bash, marked);
  assert.equal(plain(marked), bash);
  assert.deepEqual([isRandom(bash), isRandom(marked)], [false, true]);
  assert.deepEqual([bash, marked, other].map((id) => labels.textOf(id)), ["bash", "bash", "sshd"]);
  assert.equal(labels.textOf(labels.idOf("", false)), "");
});

Deno.test("more labels than the limit are one, and keep their mark", () => {
  const labels = new LabelTable();
  const ids = new Set<number>();
  for (let i = 0; !labels.isFull; i++) ids.add(labels.idOf(`label-${i}`, false));
  assert.equal(ids.size, LIMIT);
  const over = labels.idOf("one more", false), marked = labels.idOf("one more", true);
  assert.equal(labels.textOf(over), OVERFLOW);
  assert.equal(labels.textOf(marked), OVERFLOW);
  assert.deepEqual([isRandom(over), isRandom(marked)], [false, true]);
  assert.equal(labels.idOf("label-7", false), [...ids][7]); // known ones go on
});

Deno.test("a purge keeps what is used, and gives the other numbers away", () => {
  const labels = new LabelTable();
  const ids = new Map<string, number>();
  for (let i = 0; !labels.isFull; i++) ids.set(`label-${i}`, labels.idOf(`label-${i}`, false));
  const kept = [...ids].filter((_, i) => i % 1000 === 3);
  labels.purge(new Set(kept.map(([, id]) => id)));
  assert.equal(labels.isFull, false);
  for (const [text, id] of kept) {
    assert.equal(labels.textOf(id), text);
    assert.equal(labels.idOf(text, false), id);
  }
  // All numbers that are given now are new or free ones, and no two labels share one.
  const given = new Map(kept.map(([text, id]) => [id, text]));
  for (let i = 0; !labels.isFull; i++) {
    const id = labels.idOf(`new-${i}`, i % 2 === 1);
    assert.equal(labels.textOf(id), `new-${i}`);
    assert.ok(!given.has(plain(id)), `${id} is ${given.get(plain(id))}`);
    given.set(plain(id), `new-${i}`);
  }
  assert.equal(given.size, LIMIT);
  assert.equal(labels.textOf(labels.idOf("over", false)), OVERFLOW);
});

Deno.test("a label that was forgotten and comes again may have another number", () => {
  const labels = new LabelTable();
  labels.idOf("a", false);
  const b = labels.idOf("b", false);
  labels.purge(new Set([b]));
  assert.equal(labels.textOf(labels.idOf("c", false)), "c");
  assert.equal(labels.textOf(labels.idOf("a", false)), "a");
  assert.equal(labels.textOf(b), "b");
});
