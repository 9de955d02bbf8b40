import assert from "node:assert/strict";
import { Answers } from "../../../../metrics/http/answers.ts";

/** Answers of clients that are named by address and port; those that are cut. */
function setUp() {
  let now = 0;
  const cut: string[] = [];
  const limits = { answers: 12, answersOfConnection: 4, slots: 4, waitingBytes: 1000 };
  const answers = new Answers(limits, () => now, ({ hostname, port }) => cut.push(`${hostname}:${port}`));
  return {
    pass: (ms: number) => now += ms,
    cut: () => cut.splice(0),
    begin: (hostname: string, port: number) => answers.begin({ hostname, port }),
    /** One that has its slot and waits for its client; false if it got none. */
    costly(hostname: string, port: number, bytes = 1): boolean {
      const answer = answers.begin({ hostname, port });
      if (answer?.takeSlot() !== true) return false;
      answer.keep(bytes);
      answer.made();
      return true;
    },
  };
}

Deno.test("a connection has only so many answers, one without an end among them", () => {
  const { begin } = setUp();
  const first = begin("a", 1)!;
  begin("a", 1)!.endless();
  begin("a", 1);
  begin("a", 1);
  assert.equal(begin("a", 1), undefined);
  assert.notEqual(begin("a", 2), undefined);
  first.end();
  first.end();
  assert.notEqual(begin("a", 1), undefined);
  assert.equal(begin("a", 1), undefined);
});

Deno.test("where all slots are taken, whoever has most of them loses the oldest that waits", () => {
  const { costly, cut } = setUp();
  for (const port of [1, 2, 3]) assert.ok(costly("greedy", port));
  assert.ok(costly("other", 1));
  assert.deepEqual(cut(), []);
  assert.ok(costly("newcomer", 1));
  assert.deepEqual(cut(), ["greedy:1"]);
  assert.equal(costly("greedy", 9), false, "it has its part");
  assert.ok(costly("fifth", 1));
  assert.deepEqual(cut(), ["greedy:2"]);
  assert.equal(costly("sixth", 1), false, "the others have no more than it would have");
  assert.deepEqual(cut(), []);
});

Deno.test("whoever keeps everybody waiting loses its slot to anybody", () => {
  const { costly, cut, pass } = setUp();
  for (const port of [1, 2, 3, 4]) assert.ok(costly("a", port));
  assert.equal(costly("a", 5), false);
  pass(2001);
  assert.ok(costly("a", 6));
  assert.deepEqual(cut(), ["a:1"]);
});

Deno.test("of one address, the connection that has most answers loses", () => {
  const { costly, cut } = setUp();
  assert.ok(costly("proxy", 1));
  for (let i = 0; i < 3; i++) assert.ok(costly("proxy", 2));
  assert.ok(costly("proxy", 3));
  assert.deepEqual(cut(), ["proxy:2"]);
});

Deno.test("what is being made is never cut", () => {
  const { begin, costly, cut, pass } = setUp();
  for (let i = 0; i < 4; i++) assert.ok(begin("a", i)!.takeSlot());
  pass(10_000);
  assert.equal(costly("b", 1), false);
  assert.deepEqual(cut(), []);
});

Deno.test("more bytes than may wait take all slots", () => {
  const { costly, cut, pass } = setUp();
  assert.ok(costly("a", 1, 5000), "one answer may have any length");
  assert.equal(costly("b", 1), false);
  pass(2001);
  assert.ok(costly("b", 2));
  assert.deepEqual(cut(), ["a:1"]);
});

Deno.test("answers without an end take no place among all", () => {
  const { begin, cut } = setUp();
  for (let i = 0; i < 20; i++) begin(`client ${i}`, 1)!.endless();
  for (let i = 0; i < 12; i++) assert.notEqual(begin(`other ${i}`, 1), undefined);
  assert.equal(begin("one more", 1), undefined);
  assert.deepEqual(cut(), []);
});
