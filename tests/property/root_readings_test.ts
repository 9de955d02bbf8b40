import assert from "node:assert/strict";
import fc from "fast-check";
import { BasePaths } from "../../fingerprint/base/mod.ts";
import { PendingReadings } from "../../fingerprint/programs/pending_readings.ts";
import { Outcome, type RootRequest, writeAnswer } from "../../fingerprint/programs/root_readings.ts";

const REQUEST: RootRequest = { pid: 1, device: 0, inodeLow: 0, inodeHigh: 0, owners: [0], watched: [] };
const TEXT = new TextEncoder().encode(BasePaths.builtIn().text);
const STALLED_NS = 2e9;

/** What happens: something is asked for, the oldest or youngest is answered, time passes. */
const step = fc.oneof(
  fc.constant("ask" as const),
  fc.record({ youngest: fc.boolean(), outcome: fc.constantFrom(Outcome.Read, Outcome.Unchanged, Outcome.Gone) }),
  fc.record({ seconds: fc.integer({ min: 0, max: 3 }) }),
  fc.constant("take" as const),
);

Deno.test("property: readings are few, each comes to one end, and those that stand still are told", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const open: { number: number; answer: SharedArrayBuffer; sinceNs: number }[] = [],
      adopted: number[] = [],
      read = new Set<number>();
    let nowNs = 0, answered = 0, number = 0;
    const readings = new PendingReadings<number>(
      {
        ask: (_, answer) => void open.push({ number, answer, sinceNs: nowNs }),
        get answered(): number {
          return answered;
        },
        wait: () => {},
      },
      () => nowNs,
    );
    const take = () => {
      while (readings.hasAnswer) readings.take(nowNs, (one) => adopted.push(one));
    };
    for (const what of steps) {
      if (what === "ask") {
        if (readings.isFull) continue;
        number++;
        readings.ask(number, REQUEST);
      } else if (what === "take") {
        take();
      } else if ("seconds" in what) {
        nowNs += what.seconds * 1e9;
        readings.noticeStalled();
      } else {
        const one = what.youngest ? open.pop() : open.shift();
        if (one === undefined) continue;
        writeAnswer(one.answer, what.outcome, what.outcome === Outcome.Read ? TEXT : undefined);
        if (what.outcome === Outcome.Read) read.add(one.number);
        answered++;
      }
      assert.ok(readings.size <= 4 && open.length <= readings.size);
      assert.ok(readings.stalled <= readings.size);
    }
    take();
    readings.noticeStalled();
    assert.equal(readings.size, open.length);
    assert.deepEqual(adopted.toSorted(), [...read].toSorted());
    assert.ok(open.every((one) => readings.has(one.number)));
    assert.equal(readings.stalled, open.filter((one) => nowNs - one.sinceNs > STALLED_NS).length);
  }));
});

Deno.test("property: what is known of a base system survives its way to another thread", () => {
  const path = fc.stringMatching(/^\/[^\n\0]{1,40}$/);
  fc.assert(fc.property(fc.array(path, { maxLength: 50 }), (paths) => {
    const text = new Map([
      ["/var/lib/dpkg/status", "Package: p\nStatus: install ok installed\nPriority: required\n\n"],
      ["/var/lib/dpkg/info/p.list", paths.map((one) => `${one}\n`).join("")],
    ]);
    const base = BasePaths.load({
      readText: (name) => text.get(name),
      readInto: () => undefined,
      list: () => undefined,
      modified: (name) => text.has(name) ? 12.5 : undefined,
    });
    const steps = BasePaths.parsing(base.text);
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    assert.equal(next.value.hasSamePrograms(base), true);
    assert.deepEqual(next.value.watched, base.watched);
    for (const one of paths) assert.equal(next.value.kind(one), base.kind(one));
  }));
});
