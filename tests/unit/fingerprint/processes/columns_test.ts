import assert from "node:assert/strict";
import fc from "fast-check";
import { ProcessColumns } from "../../../../fingerprint/processes/columns.ts";

const COLUMNS = ["flags", "base", "node", "label", "root", "executable", "seen", "leaderStatus"] as const;
const TIMES = ["startNs", "imageNs", "readNs", "foundNs", "leaderEndNs"] as const;

/** Gives a process numbers that follow from its id. */
function fill(columns: ProcessColumns, pid: number): void {
  const slot = columns.add(pid);
  COLUMNS.forEach((name, i) => columns[name][slot] = (pid + i) % 200);
  TIMES.forEach((name, i) => columns[name][slot] = pid * 1e9 + i);
}

function assertKept(columns: ProcessColumns, pid: number): void {
  const slot = columns.slotOf(pid);
  assert.ok(slot >= 0 && slot < columns.used && columns.pid[slot] === pid, `${pid} has slot ${slot}`);
  COLUMNS.forEach((name, i) => assert.equal(columns[name][slot], (pid + i) % 200, `${name} of ${pid}`));
  TIMES.forEach((name, i) => assert.equal(columns[name][slot], pid * 1e9 + i, `${name} of ${pid}`));
}

Deno.test("after a storm the processes that are left move together and keep all they have", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1100, max: 9000 }), fc.integer({ min: 2, max: 40 }), (count, every) => {
      const columns = new ProcessColumns();
      for (let pid = 1; pid <= count; pid++) fill(columns, pid);
      const capacity = columns.pid.length;
      for (let pid = 1; pid <= count; pid++) if (pid % every !== 0) columns.remove(columns.slotOf(pid));
      const places = new Map<number, number>();
      for (let pid = every; pid <= count; pid += every) places.set(columns.slotOf(pid), pid);
      columns.compact((from, to) => {
        assert.ok(to < from && places.has(from) && !places.has(to), `${from} → ${to}`);
        places.set(to, places.get(from)!);
        places.delete(from);
      });
      assert.equal(columns.size, Math.floor(count / every));
      for (const [slot, pid] of places) assert.equal(columns.slotOf(pid), slot);
      for (let pid = every; pid <= count; pid += every) assertKept(columns, pid);
      if (every > 8 && capacity > 1024) {
        assert.ok(columns.pid.length < capacity, `${columns.pid.length} of ${capacity}`);
      }
      // New ones get the free places, and nobody else's.
      for (let pid = count + 1; pid <= 2 * count; pid++) fill(columns, pid);
      for (let pid = every; pid <= count; pid += every) assertKept(columns, pid);
      for (let pid = count + 1; pid <= 2 * count; pid++) assertKept(columns, pid);
    }),
    { numRuns: 60 },
  );
});

Deno.test("few slots, or many that are in use, stay as they are", () => {
  const columns = new ProcessColumns();
  for (let pid = 1; pid <= 5000; pid++) fill(columns, pid);
  const capacity = columns.pid.length, stay = () => assert.fail("nothing moves");
  for (let pid = 1; pid <= 2000; pid++) columns.remove(columns.slotOf(pid));
  columns.compact(stay);
  assert.equal(columns.pid.length, capacity);
  const small = new ProcessColumns();
  for (let pid = 1; pid <= 1000; pid++) fill(small, pid);
  for (let pid = 1; pid <= 990; pid++) small.remove(small.slotOf(pid));
  small.compact(stay);
  assertKept(small, 1000);
});
