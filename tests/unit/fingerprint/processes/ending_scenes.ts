/**
 * Processes brought into each state of the table of endings, and what can be learned of them, made to happen.
 *
 * @module
 */

import { Learned, State } from "../../../../fingerprint/processes/endings.ts";
import { Scene } from "../fake_proc.ts";

/** A scene with a first process; all records come that will. */
export function endingScene(): Scene {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scene.scanner.scan();
  scene.hasAllRecords = true;
  return scene;
}

/** Launches a process and brings it into a state; it is a second old then. */
export function bringInto(scene: Scene, pid: number, state: State): void {
  scene.launch(1, pid, "/opt/a");
  scene.nowNs += 1e9;
  if (state === State.Lives) return;
  scene.exit(pid, 0x300); // the first thread; its record will not come
  if (state === State.Doubted) scene.table.missing(pid);
}

/** The record of a process's end comes, which was by signal 9. */
function recordOf(scene: Scene, pid: number): void {
  scene.record(pid, { processSeconds: (scene.nowNs - scene.table.startOf(pid)!) / 1e9, exitCode: 9 });
}

/** Lets the table learn something of a process, as it happens. */
export const HAPPENS: Readonly<Record<Learned, (scene: Scene, pid: number) => void>> = {
  [Learned.ExitWithRecord]: (scene, pid) => {
    recordOf(scene, pid);
    scene.exit(pid, 9);
  },
  [Learned.LeaderExit]: (scene, pid) => scene.exit(pid, 9),
  [Learned.ExitAlone]: (scene, pid) => {
    scene.hasAllRecords = false;
    scene.exit(pid, 9);
    scene.hasAllRecords = true;
  },
  [Learned.RecordAlone]: (scene, pid) => {
    recordOf(scene, pid);
    scene.proc.processes.delete(pid);
    for (let i = 0; i < 3; i++) scene.settle();
  },
  [Learned.Missing]: (scene, pid) => scene.table.missing(pid),
  [Learned.LongMissing]: (scene, pid) => scene.table.endUnseen(pid),
  [Learned.Replaced]: (scene, pid) => {
    scene.proc.processes.delete(pid);
    scene.fork(1, pid);
  },
  [Learned.Exec]: (scene, pid) => {
    scene.proc.set(pid, { parent: 1, exe: "/opt/a" });
    scene.exec(pid, "/opt/b");
  },
};
