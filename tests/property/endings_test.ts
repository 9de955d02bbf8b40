import assert from "node:assert/strict";
import fc from "fast-check";
import { TRANSITIONS } from "../../fingerprint/processes/endings.ts";
import { bringInto, endingScene, HAPPENS } from "../unit/fingerprint/processes/ending_scenes.ts";
import { runs } from "./runs.ts";

const TREES = ["/init", "/init/a", "/init/b"];

Deno.test("the whole table of endings, walked in any order, keeps launches = endings + running", () => {
  const rows = TRANSITIONS.map((_, row) => row);
  // Every row at least once, some more often, of processes that live beside each other.
  const walk = fc.tuple(
    fc.shuffledSubarray(rows, { minLength: rows.length }),
    fc.array(fc.constantFrom(...rows), { maxLength: 30 }),
    fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
  );
  fc.assert(
    fc.property(walk, ([all, more, together]) => {
      const scene = endingScene(), steps = [...all, ...more];
      let waiting: { row: number; pid: number }[] = [], launches = 0;
      const happen = () => {
        for (const { row, pid } of waiting) {
          const { from, learned, to } = TRANSITIONS[row]!, slot = scene.columns.slotOf(pid);
          assert.equal(scene.columns.state[slot], from);
          const began = scene.table.startOf(pid), taken = scene.table.taken[row]!;
          HAPPENS[learned](scene, pid);
          assert.equal(scene.table.taken[row], taken + 1);
          const now = scene.columns.slotOf(pid), isThere = now >= 0 && scene.table.startOf(pid) === began;
          assert.equal(isThere ? scene.columns.state[now] : 3, to);
        }
        waiting = [];
        for (const tree of TREES) {
          const row = scene.row(tree);
          if (row === undefined) continue;
          const endings = row.exits.reduce((sum, count) => sum + count, 0);
          assert.equal(row.launches, endings + row.running, tree);
        }
      };
      steps.forEach((row, i) => {
        bringInto(scene, 100 + i, TRANSITIONS[row]!.from);
        launches++;
        waiting.push({ row, pid: 100 + i });
        if (together[i % together.length] !== true) happen();
      });
      happen();
      assert.equal(scene.row("/init/a")!.launches, launches);
      for (const row of rows) assert.ok(scene.table.taken[row]! > 0);
    }),
    { numRuns: runs(300) },
  );
});
