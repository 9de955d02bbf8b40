import assert from "node:assert/strict";
import { Contexts, UNKNOWN_CONTEXT } from "../../../../fingerprint/context/mod.ts";

const group = (unit: string) => `0::/system.slice/${unit}\n`;

Deno.test("a place has one number, however often and by whichever group it is seen", () => {
  const files = new Map([[1, group("a.service")], [2, `${group("a.service/below")}`], [3, group("b.service")]]);
  const contexts = new Contexts((pid) => files.get(pid) ?? "");
  const a = contexts.look(1), b = contexts.look(3);
  assert.notEqual(a, b);
  assert.notEqual(a, UNKNOWN_CONTEXT);
  assert.equal(contexts.look(2), a);
  assert.equal(contexts.look(4), UNKNOWN_CONTEXT, "it has gone");
  assert.deepEqual(contexts.take().added.map(({ id, unit }) => [id, unit]), [[a, "a.service"], [b, "b.service"]]);
  assert.deepEqual(contexts.take().added, []);
});

Deno.test("launches are counted by place between two reports, also those that nobody knows the place of", () => {
  const contexts = new Contexts(() => group("a.service")), a = contexts.look(1);
  contexts.count(a);
  contexts.count(a);
  contexts.count(UNKNOWN_CONTEXT);
  contexts.count(a, -1);
  assert.deepEqual([...contexts.take().launches], [UNKNOWN_CONTEXT, 1, a, 1]);
  assert.deepEqual([...contexts.take().launches], []);
});

Deno.test("places that come and go have a bound, and no number is another's", () => {
  let unit = 0;
  const contexts = new Contexts(() => group(`u${unit}.service`)), seen = new Set<number>();
  for (; !contexts.isFull && unit < 1e5; unit++) {
    const context = contexts.look(1);
    contexts.count(context);
    seen.add(context);
  }
  assert.ok(contexts.isFull);
  assert.equal(seen.size, unit);
  assert.equal(contexts.look(1), UNKNOWN_CONTEXT);
  contexts.restart();
  const next = contexts.look(1);
  assert.ok(!seen.has(next) && next !== UNKNOWN_CONTEXT);
  contexts.count(next);
  const { launches, added } = contexts.take();
  assert.equal(launches.length, 2 * (unit + 1), "what was counted before is kept");
  assert.equal(added.length, unit + 1);
});
