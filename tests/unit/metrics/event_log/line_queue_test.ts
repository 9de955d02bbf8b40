import assert from "node:assert/strict";
import { LineQueue, type LineTarget } from "../../../../metrics/event_log/mod.ts";
import { KeptLog } from "../fake_watcher.ts";

/** Keeps what is written, as far as there is room; a write takes as long as it is held. */
class FakeTarget implements LineTarget {
  text = "";
  room = Infinity;
  held: Promise<void> = Promise.resolve();
  writes = 0;
  isClosed = false;
  readonly problem = "ENOSPC";

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    this.writes++;
    await this.held;
    const written = Math.min(this.room, bytes.length);
    this.text += new TextDecoder().decode(bytes.subarray(0, written));
    this.room -= written;
    return written;
  }

  close(): Promise<void> {
    assert.ok(!this.isClosed);
    this.isClosed = true;
    return Promise.resolve();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function setUp(most?: number) {
  const target = new FakeTarget(), log = new KeptLog();
  return { target, log, queue: new LineQueue(target, log, most) };
}

Deno.test("lines of one turn go out in one write, in their order", async () => {
  const { target, queue } = setUp();
  queue.add("1\n");
  queue.add("2\n");
  await settled();
  queue.add("3\n");
  await queue.close(1000);
  assert.deepEqual([target.text, target.writes, queue.lines, target.isClosed], ["1\n2\n3\n", 2, 3, true]);
  assert.deepEqual(queue.lost, { backlog: 0, overrun: 0, write: 0 });
});

Deno.test("a full disk loses lines, counted and said once; a line that was cut off ends before the next", async () => {
  const { target, queue, log } = setUp();
  target.room = 7;
  for (const line of ["one\n", "two\n", "three\n"]) queue.add(line);
  await settled();
  assert.deepEqual([target.text, queue.lines, queue.lost.write], ["one\ntwo", 1, 2]);
  queue.add("four\n");
  await settled();
  assert.deepEqual([target.text, queue.lines, queue.lost.write], ["one\ntwo", 1, 3]);
  target.room = Infinity;
  queue.add("five\n");
  queue.add("six\n");
  await settled();
  assert.deepEqual([target.text, queue.lines, queue.lost.write], ["one\ntwo\nfive\nsix\n", 3, 3]);
  assert.deepEqual(log.lines, [
    'warn Cannot write the event log: lines are lost {"reason":"ENOSPC"}',
    'info Writing the event log again {"backlog":0,"overrun":0,"write":3}',
  ]);
});

Deno.test("who adds lines never waits for a reader: what is too much is lost and counted", async () => {
  const { target, queue, log } = setUp(10), held = Promise.withResolvers<void>();
  target.held = held.promise;
  queue.add("first\n");
  await settled(); // under way
  for (let i = 0; i < 5; i++) queue.add(`${i}23\n`);
  assert.deepEqual([queue.lines, queue.lost.backlog], [0, 3]);
  assert.match(log.lines.join(), /^warn Cannot write the event log: lines are lost [^\n]+faster than they are read"}$/);
  held.resolve();
  await settled();
  assert.deepEqual([target.text, queue.lines, queue.lost.backlog], ["first\n023\n123\n", 3, 3]);
});

Deno.test("another file: what is under way ends in the old one, which is closed then", async () => {
  const { target, queue } = setUp(), held = Promise.withResolvers<void>();
  target.held = held.promise;
  queue.add("old\n");
  await settled();
  const unused = new FakeTarget(), next = new FakeTarget();
  queue.replace(unused);
  queue.replace(next);
  queue.add("new\n");
  assert.deepEqual([target.isClosed, unused.isClosed], [false, true]);
  held.resolve();
  await settled();
  assert.deepEqual([target.text, next.text, target.isClosed, next.isClosed], ["old\n", "new\n", true, false]);
  queue.replace(new FakeTarget());
  assert.ok(next.isClosed, "nothing was under way");
});

Deno.test("a file that takes nothing holds nobody up at the end", async () => {
  const { target, queue } = setUp();
  target.held = new Promise(() => {});
  queue.add("stuck\n");
  await queue.close(5);
  assert.deepEqual([target.text, target.isClosed, queue.lines], ["", false, 0]);
});
