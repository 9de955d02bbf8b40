import assert from "node:assert/strict";
import { ConnectionGuard } from "../../../../metrics/http/connection_guard.ts";

const LIMITS = {
  firstRequestMs: 10,
  idleMs: 100,
  answerMs: 50,
  most: 5,
  answers: 100,
  answersOfConnection: 4,
  slots: 10,
  waitingBytes: 1000,
};

/** A guard of connections that are named by their port. */
function setUp() {
  let now = 0;
  let open: number[] = [];
  let files = 0, sweeps = 0;
  const cut: number[] = [];
  const peer = (port: number) => ({ hostname: "127.0.0.1", port });
  const guard = new ConnectionGuard(
    {
      list: () => {
        sweeps++;
        return open.map((port) => ({ peer: peer(port) }));
      },
      files: () => files,
      cut: (connection) => {
        cut.push(connection.peer.port);
        open = open.filter((port) => port !== connection.peer.port);
      },
    },
    LIMITS,
    () => now,
  );
  return {
    connect: (...ports: number[]) => open.push(...ports),
    leave: (port: number) => open = open.filter((other) => other !== port),
    begin: (port: number, hostname = "127.0.0.1") => guard.begin({ hostname, port })!,
    /** Looks after so much more time; gives the connections that were cut. */
    after(ms: number): number[] {
      now += ms;
      guard.sweep();
      return cut.splice(0).sort();
    },
    /** Looks so many times, that time apart, with so many files open: how often it swept, and whom it cut. */
    looks(count: number, everyMs: number, openFiles: number) {
      files = openFiles;
      const before = sweeps;
      for (let i = 0; i < count; i++) {
        now += everyMs;
        guard.look();
      }
      return [sweeps - before, cut.splice(0).sort()];
    },
  };
}

Deno.test("a connection without a request is cut after its time", () => {
  const { connect, after } = setUp();
  connect(1, 2);
  assert.deepEqual(after(0), []);
  assert.deepEqual(after(10), []);
  connect(3);
  assert.deepEqual(after(1), [1, 2]);
  assert.deepEqual(after(11), [3]);
});

Deno.test("a connection that had a request may wait longer for the next one", () => {
  const { connect, begin, after } = setUp();
  connect(1);
  after(0);
  begin(1, "::ffff:127.0.0.1").end();
  assert.deepEqual(after(100), []);
  begin(1).end();
  assert.deepEqual(after(100), []);
  assert.deepEqual(after(1), [1]);
});

Deno.test("an answer that is never read is cut, one that has no end is not", () => {
  const { connect, begin, after } = setUp();
  connect(1, 2, 3);
  begin(1);
  const events = begin(2);
  events.endless();
  events.endless();
  begin(3).end();
  const fast = begin(3);
  assert.deepEqual(after(50), []);
  fast.end();
  assert.deepEqual(after(1), [1]);
  assert.deepEqual(after(49), []);
  events.end();
  events.end();
  assert.deepEqual(after(100), [3]);
  assert.deepEqual(after(1), [2]);
});

Deno.test("the oldest answer of a connection that isn't read counts, whatever else it asks for", () => {
  const { connect, begin, after } = setUp();
  connect(1, 2);
  begin(1);
  begin(2);
  begin(1).endless();
  for (let ms = 0; ms < 50; ms += 10) {
    begin(1).end();
    assert.deepEqual(after(10), []);
  }
  assert.deepEqual(after(1), [1, 2]);
});

Deno.test("too many: those that never had a request go first, the longest waiting first; those in use stay", () => {
  const { connect, begin, after } = setUp();
  connect(1, 2, 3);
  begin(1).end();
  begin(2);
  after(1);
  connect(4, 5);
  after(1);
  connect(6, 7, 8);
  assert.deepEqual(after(0), [3, 4, 5]);
  connect(...Array.from({ length: 20 }, (_, i) => 20 + i));
  assert.equal(after(1).includes(2), false);
});

Deno.test("a port that is used again is another connection", () => {
  const { connect, leave, begin, after } = setUp();
  connect(1);
  begin(1).end();
  after(1);
  leave(1);
  after(1);
  connect(1);
  assert.deepEqual(after(1), []);
  assert.deepEqual(after(11), [1]);
});

Deno.test("where no file was opened, and no connection is late, the list of them isn't asked for", () => {
  const { connect, begin, looks } = setUp();
  assert.deepEqual(looks(5, 1, 20), [1, []]);
  connect(1);
  assert.deepEqual(looks(5, 1, 21), [1, []], "one file more");
  begin(1).end();
  assert.deepEqual(looks(9, 1, 21), [1, []], "its request may have had a deadline of its own");
  assert.deepEqual(
    looks(9, 1, 21),
    [1, []],
    "one in ten looks in any case: a file may be closed as a connection comes",
  );
  begin(1); // and never reads the answer
  assert.deepEqual(looks(1, 51, 21), [1, [1]]);
  connect(2);
  assert.deepEqual(looks(10, 1, 0), [10, []], "a kernel that doesn't tell how many files there are");
  assert.deepEqual(looks(1, 2, 0), [1, [2]]);
});
