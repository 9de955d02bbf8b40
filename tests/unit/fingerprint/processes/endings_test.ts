import assert from "node:assert/strict";
import { Learned, State, transitionOf, TRANSITIONS } from "../../../../fingerprint/processes/endings.ts";
import { Scene } from "../fake_proc.ts";

const PID = 20;

/** A process in a state, one second old. */
function sceneIn(state: State): Scene {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scene.scanner.scan();
  scene.hasAllRecords = true;
  scene.launch(1, PID, "/opt/a");
  scene.nowNs += 1e9;
  if (state === State.Lives) return scene;
  scene.exit(PID, 0x300); // the first thread; its record will not come
  if (state === State.Doubted) scene.table.missing(PID);
  return scene;
}

/** Lets the table learn something, as it happens. */
const HAPPENS: Readonly<Record<Learned, (scene: Scene) => void>> = {
  [Learned.ExitWithRecord]: (scene) => {
    scene.record(PID, { processSeconds: (scene.nowNs - scene.table.startOf(PID)!) / 1e9, exitCode: 9 });
    scene.exit(PID, 9);
  },
  [Learned.LeaderExit]: (scene) => scene.exit(PID, 9),
  [Learned.ExitAlone]: (scene) => {
    scene.hasAllRecords = false;
    scene.exit(PID, 9);
  },
  [Learned.RecordAlone]: (scene) => {
    scene.record(PID, { processSeconds: (scene.nowNs - scene.table.startOf(PID)!) / 1e9, exitCode: 9 });
    scene.proc.processes.delete(PID);
    for (let i = 0; i < 3; i++) scene.settle();
  },
  [Learned.Missing]: (scene) => scene.table.missing(PID),
  [Learned.LongMissing]: (scene) => scene.table.endUnseen(PID),
  [Learned.Replaced]: (scene) => {
    scene.proc.processes.delete(PID);
    scene.fork(1, PID);
  },
  [Learned.Exec]: (scene) => {
    scene.proc.set(PID, { parent: 1, exe: "/opt/a" });
    scene.exec(PID, "/opt/b");
  },
};

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
    const scene = sceneIn(from), before = scene.columns.state[scene.columns.slotOf(PID)];
    assert.equal(before, from);
    HAPPENS[learned](scene);
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
