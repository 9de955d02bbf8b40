import assert from "node:assert/strict";
import fc from "fast-check";
import { Captures } from "../../netlink/captures.ts";
import { runs } from "./runs.ts";

interface Capture {
  readonly timeNs: number;
  readonly pid: number;
  readonly captured: number;
}

/** The same as a list that is gone through. */
class Model {
  waiting: Capture[] = [];

  take(pid: number, timeNs: number): number {
    const before = this.waiting.filter((capture) => capture.pid === pid && capture.timeNs <= timeNs);
    this.waiting = this.waiting.filter((capture) => !before.includes(capture));
    return before.at(-1)?.captured ?? -1;
  }

  forget(beforeNs: number): void {
    this.waiting = this.waiting.filter(({ timeNs }) => timeNs >= beforeNs);
  }
}

const step = fc.record({
  what: fc.constantFrom("add", "add", "add", "take", "take", "forget"),
  pid: fc.nat(5),
  /** Since the last capture, and how long before it an exec or the end of what is kept lies. */
  laterNs: fc.nat(3),
  beforeNs: fc.nat(12),
});

Deno.test("property: captures are those of a plain list, whatever is added, taken and forgotten", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
      const captures = new Captures(), model = new Model();
      let timeNs = 0;
      for (const [captured, { what, pid, laterNs, beforeNs }] of steps.entries()) {
        const thenNs = timeNs - beforeNs;
        if (what === "take") {
          assert.equal(captures.take(pid, thenNs), model.take(pid, thenNs));
        } else if (what === "forget") {
          captures.forget(thenNs);
          model.forget(thenNs);
        } else {
          timeNs += laterNs;
          captures.add(timeNs, pid, captured);
          model.waiting.push({ timeNs, pid, captured });
        }
        assert.equal(captures.isEmpty, model.waiting.length === 0);
      }
      for (let pid = 0; pid <= 5; pid++) assert.equal(captures.take(pid, timeNs), model.take(pid, timeNs));
      assert.ok(captures.isEmpty);
    }),
    { numRuns: runs(500) },
  );
});
