import assert from "node:assert/strict";
import fc from "fast-check";
import { ROW_WIDTH, STAT_WIDTH } from "../../fingerprint/mod.ts";
import { Registry } from "../../metrics/registry/registry.ts";

/** Rounds of a test: trees that come, trees whose numbers change, and trees that leave, many at once. */
const round = fc.record({ added: fc.nat(700), changed: fc.nat(40), kept: fc.constantFrom(0, 0.005, 0.1, 0.5, 1) });

Deno.test("a registry holds in every column what a Map holds, whoever comes and leaves", () => {
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 8 }), fc.integer(), (rounds, seed) => {
      const registry = new Registry(), model = new Map<number, { path: string; row: Float64Array<ArrayBuffer> }>();
      let nextId = 3, number = 1;
      let random = seed | 1;
      const below = (limit: number) => (random = Math.imul(random, 1103515245) + 12345, (random >>> 8) % limit);
      // No number is used twice: one that stands in another's place is noticed. None is 0, so that every tree is shown.
      const row = () => Float64Array.from({ length: ROW_WIDTH }, () => number++);
      for (const { added, changed, kept } of rounds) {
        const newTrees = Array.from(
          { length: added },
          () => ({ id: nextId++, parent: 0, path: "", random: false, randomName: false }),
        )
          .map((tree) => ({ ...tree, path: `/${tree.id}` }));
        for (const { id, path } of newTrees) model.set(id, { path, row: row() });
        const ids = newTrees.map(({ id }) => id), known = [...model.keys()];
        for (let i = 0; i < changed && known.length > 0; i++) {
          const id = known[below(known.length)]!;
          if (ids.includes(id)) continue;
          model.get(id)!.row = row();
          ids.push(id);
        }
        const removed = known.filter(() => below(1000) >= 1000 * kept);
        const rows = new Float64Array(ids.length * ROW_WIDTH);
        ids.forEach((id, i) => rows.set(model.get(id)!.row, i * ROW_WIDTH));
        for (const id of removed) model.delete(id);
        const changes = {
          newTrees,
          ids: Uint32Array.from(ids),
          rows,
          runTimes: new Uint32Array(),
          removed: Uint32Array.from(removed),
        };
        registry.apply({ ...changes, stats: new Float64Array(STAT_WIDTH) });
        const want = new Map([...model.values()].map(({ path, row }) => [path, [...row]]));
        const have = registry.trees.map(({ path, at }) =>
          [path, [...registry.rows.subarray(at, at + ROW_WIDTH)]] as const
        );
        assert.deepEqual(new Map(have), want);
        assert.equal(have.length, want.size);
      }
    }),
    { numRuns: 60 },
  );
});
