import assert from "node:assert/strict";
import { factsAt, factsOf } from "../../../../../../metrics/http/page/browser/facts.ts";
import { treeOf } from "./tree_json.ts";

type Given = Parameters<typeof treeOf>[0];

Deno.test("what is odd about a tree", () => {
  const cases: readonly (readonly [string, Given, readonly string[]])[] = [
    ["nothing", {}, []],
    ["expected", { expected: true }, []],
    ["unexpected", { expected: false }, ["unexpected"]],
    ["unexpected for a flag", { expected: true, unexpected_flags: ["memfd"] }, ["unexpected"]],
    ["its own name is machine-made", { random: true, random_name: true }, ["random"]],
    ["one above is", { random: true }, []],
    ["flags", { flagged_launches: { memfd: 1, new: 2 } }, ["memfd", "new file"]],
    ["all fail", { exits: { error: 3 } }, ["failing"]],
    ["half fail", { exits: { success: 2, signal: 1, core: 1 } }, ["failing"]],
    ["few fail", { exits: { success: 3, error: 1 } }, []],
    ["execs are no failures", { exits: { exec: 3, unknown: 1 } }, []],
    ["all", { expected: false, random_name: true, exits: { core: 1 }, flagged_launches: { temp: 1 } }, [
      "unexpected",
      "random",
      "failing",
      "temp",
    ]],
  ];
  for (const [name, given, want] of cases) assert.deepEqual(factsOf(treeOf(given)).kinds, want, name);
});

Deno.test("the numbers of a tree, in the order of the columns", () => {
  assert.deepEqual(factsOf(treeOf({})).numbers, [0, 1, 0, 0, 0, 0, 0, 0]);
  const tree = treeOf({
    ...{
      running: 1,
      processes: 4,
      launches: 9,
      first_seen: 1000,
      rarity: 9.4,
      recent_launches: [1.5, 2.5],
      exits: { error: 1, signal: 2, core: 3, success: 9 },
    },
    seconds: { count: 4, sum: 10 },
    resources: { cpu_seconds: { user: 0.5, system: 0.75 } } as never,
  });
  assert.deepEqual(factsOf(tree).numbers, [4, 9, 6, 2.5, 1.25, 1000, 9.4, 4]);
});

Deno.test("a tree is new for an hour", () => {
  const at = (first_seen: number | null, now: number) => factsAt(factsOf(treeOf({ first_seen })), now).kinds;
  assert.deepEqual(at(1000, 1000), ["new"]);
  assert.deepEqual(at(1000, 4599), ["new"]);
  assert.deepEqual(at(1000, 4600), []);
  assert.deepEqual(at(null, 100), []);
});
