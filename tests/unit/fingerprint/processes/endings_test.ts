import assert from "node:assert/strict";
import { Learned, State, transitionOf, TRANSITIONS } from "../../../../fingerprint/processes/endings.ts";
import { bringInto, endingScene, HAPPENS } from "./ending_scenes.ts";

const PID = 20;

/** Endings of the tree by outcome: success, error, signal, core, exec, unknown. */
const OUTCOME = {
  event: [0, 0, 1, 0, 0, 0],
  record: [0, 0, 1, 0, 0, 0],
  leader: [0, 1, 0, 0, 0, 0],
  nothing: [0, 0, 0, 0, 0, 1],
};

const nameIn = (names: Readonly<Record<string, number>>, value: number) =>
  Object.keys(names).find((name) => names[name] === value)!;

TRANSITIONS.forEach(({ from, learned, to, by }, row) => {
  Deno.test(`${nameIn(State, from)}, ${nameIn(Learned, learned)} → ${nameIn(State, to)}${by ? ` by the ${by}` : ""}`, () => {
    const scene = endingScene();
    bringInto(scene, PID, from);
    const before = scene.columns.state[scene.columns.slotOf(PID)];
    assert.equal(before, from);
    HAPPENS[learned](scene, PID);
    assert.equal(scene.table.taken[row], 1);
    const started = scene.table.startOf(PID), slot = scene.columns.slotOf(PID);
    const isThere = slot >= 0 && started! < scene.nowNs - 0.9e9;
    assert.equal(isThere, to !== State.Gone);
    if (isThere) assert.equal(scene.columns.state[slot], to);
    if (by !== undefined) assert.deepEqual(scene.row("/init/a")!.exits, OUTCOME[by]);
  });
});

Deno.test("every pair of a state and what is learned has one row, or changes nothing", () => {
  const pairs = TRANSITIONS.map(({ from, learned }) => `${from} ${learned}`);
  assert.equal(new Set(pairs).size, pairs.length);
  TRANSITIONS.forEach(({ from, learned }, row) => assert.equal(transitionOf(from, learned), row));
  assert.equal(transitionOf(State.Lives, Learned.Missing), -1, "what seems missing may be on its way");
  for (const { to, by } of TRANSITIONS) assert.equal(by !== undefined, to === State.Gone);
});
