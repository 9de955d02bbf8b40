import assert from "node:assert/strict";
import fc from "fast-check";
import { EventBuffer, EXEC, EXIT, FORK } from "../../netlink/event_buffer.ts";
import { runs } from "./runs.ts";

interface Event {
  readonly timestampNs: number;
  readonly kind: number;
  readonly pid: number;
  readonly detail: number;
}

function contents(buffer: EventBuffer): Event[] {
  return Array.from({ length: buffer.length }, (_, i) => ({
    timestampNs: buffer.timestampNs[i]!,
    kind: buffer.kind[i]!,
    pid: buffer.pid[i]!,
    detail: buffer.detail[i]!,
  }));
}

const kind = fc.constantFrom(FORK, EXEC, EXIT);
const pid = fc.integer({ min: 1, max: 4194304 });
const detail = fc.integer({ min: -2147483648, max: 2147483647 });

/** Times that mostly go forwards, as those of several processors in one queue do. */
const nearlySorted = fc.array(fc.tuple(fc.integer({ min: -50, max: 60 }), kind, pid, detail), {
  maxLength: 3000,
  size: "max",
}).map((steps) => {
  let now = 1e15;
  return steps.map(([step, kind, pid, detail]): Event => {
    now += Math.max(0, step);
    return { timestampNs: now + Math.min(0, step), kind, pid, detail };
  });
});

/** Any order at all. */
const unsorted = fc.array(
  fc.record({ timestampNs: fc.nat(1000), kind, pid, detail }, { noNullPrototype: true }),
  { maxLength: 400, size: "max" },
);

/** Pushes events, and drops some of the first at some places; the model sorts, keeping the order of equal times. */
function play(events: readonly Event[], drops: readonly (readonly [number, number])[]): void {
  const buffer = new EventBuffer();
  let model: Event[] = [];
  const plan = new Map(drops.map(([at, share]) => [events.length === 0 ? 0 : at % events.length, share]));
  events.forEach((event, index) => {
    buffer.push(event.timestampNs, event.kind, event.pid, event.detail);
    model.push(event);
    const share = plan.get(index);
    if (share === undefined) return;
    model = model.toSorted((a, b) => a.timestampNs - b.timestampNs);
    assert.deepEqual(contents(buffer), model);
    const count = Math.floor(share * model.length);
    buffer.drop(count);
    model = model.slice(count);
    assert.deepEqual(contents(buffer), model);
  });
  model = model.toSorted((a, b) => a.timestampNs - b.timestampNs);
  assert.deepEqual(contents(buffer), model);
  buffer.drop(buffer.length);
  assert.deepEqual(contents(buffer), []);
}

const drops = fc.array(fc.tuple(fc.nat(3000), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 6 });

Deno.test("an EventBuffer keeps nearly sorted events in order", () => {
  fc.assert(fc.property(nearlySorted, drops, play), { numRuns: 60 });
});

Deno.test("an EventBuffer keeps events of any order in order", () => {
  fc.assert(fc.property(unsorted, drops, play), { numRuns: runs(100) });
});

Deno.test("an EventBuffer that a storm has filled gives its memory back, and works on", () => {
  const buffer = new EventBuffer(), small = buffer.timestampNs.length;
  for (let i = 0; i < 100_000; i++) buffer.push(i, EXEC, i + 1, -i);
  assert.ok(buffer.timestampNs.length >= 100_000);
  buffer.drop(99_999);
  assert.deepEqual(contents(buffer), [{ timestampNs: 99_999, kind: EXEC, pid: 100_000, detail: -99_999 }]);
  buffer.drop(1);
  assert.equal(buffer.timestampNs.length, small);
  assert.deepEqual([buffer.kind.length, buffer.pid.length, buffer.detail.length], [small, small, small]);
  for (let i = 0; i < 3000; i++) buffer.push(3000 - i, FORK, i + 1, i);
  assert.deepEqual(
    contents(buffer).map(({ timestampNs }) => timestampNs),
    Array.from({ length: 3000 }, (_, i) => i + 1),
  );
});
