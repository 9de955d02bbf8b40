import assert from "node:assert/strict";
import {
  AGAIN_MS,
  containerIn,
  ContainerNames,
  MOST_NAMES,
  MOST_READINGS,
  MOST_WAITING,
  type SystemContainer,
} from "../../../../fingerprint/containers/names.ts";
import type { ContainerInfo } from "../../../../fingerprint/containers/records.ts";
import { NOWHERE } from "../../../../fingerprint/context/mod.ts";

const one = (container: string): SystemContainer => ({ container, runtime: "docker", id: container.padEnd(64, "0") });

/** Names whose readings end, and whose time goes on, when the test says so. */
function scene() {
  const reads: { id: string; resolve: (info?: ContainerInfo) => void; reject: (error: Error) => void }[] = [];
  const timers = new Map<() => void, number>();
  const names = new ContainerNames({
    read: ({ container }) => new Promise((resolve, reject) => void reads.push({ id: container, resolve, reject })),
    later(run, milliseconds) {
      timers.set(run, milliseconds);
      return () => timers.delete(run);
    },
  });
  const turn = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve(); // all that needs no clock
  };
  const pass = (milliseconds: number) => {
    for (const [run, at] of [...timers]) if (at === milliseconds && timers.delete(run)) run();
  };
  return { names, reads, timers, turn, pass };
}

Deno.test("a container is read once, however often it is asked for", async () => {
  const { names, reads, turn, timers } = scene();
  names.ask(one("a"));
  names.ask(one("a"));
  assert.equal(reads.length, 1);
  assert.equal(names.of("a"), undefined, "not yet");
  reads[0]!.resolve({ name: "web" });
  await turn();
  names.ask(one("a"));
  assert.deepEqual([names.of("a"), reads.length, timers.size], [{ name: "web" }, 1, 0]);
});

Deno.test("one that isn't told of, or whose reading fails, is looked for once more and no more", async () => {
  const { names, reads, turn, pass, timers } = scene();
  names.ask(one("a"));
  names.ask(one("b"));
  reads[0]!.resolve();
  reads[1]!.reject(new Error("x"));
  await turn();
  pass(AGAIN_MS);
  assert.deepEqual(reads.slice(2).map(({ id }) => id), ["a", "b"]);
  reads[2]!.resolve({ name: "late" });
  reads[3]!.resolve();
  await turn();
  assert.deepEqual([names.of("a"), names.of("b"), timers.size], [{ name: "late" }, undefined, 0]);
});

Deno.test("readings that never end hold up only those behind them, and nothing grows", async () => {
  const { names, reads, turn } = scene();
  for (let i = 0; i < MOST_WAITING * 3; i++) names.ask(one(`c${i}`));
  assert.equal(reads.length, MOST_READINGS);
  reads[0]!.resolve({ name: "x" });
  await turn();
  assert.equal(reads.length, MOST_READINGS + 1);
  for (let i = 0; i < reads.length && i < MOST_WAITING * 3; i++) {
    reads[i]!.resolve({ name: "x" });
    await turn();
  }
  assert.equal(reads.length, MOST_READINGS + MOST_WAITING, "the rest goes without");
});

Deno.test("names have a bound: those leave that nobody asks about", async () => {
  const { names, reads, turn } = scene();
  for (let i = 0; i <= MOST_NAMES; i++) {
    names.ask(one(`c${i}`));
    reads[i]!.resolve({ name: `n${i}` });
    await turn();
    names.of("c0");
  }
  const [kept, left, last] = ["c0", "c1", `c${MOST_NAMES}`].map((container) => names.of(container)?.name);
  assert.deepEqual([kept, left, last], ["n0", undefined, `n${MOST_NAMES}`]);
});

Deno.test("a report waits for what is being read, but only once for what never ends", async () => {
  const { names, reads, turn, pass, timers } = scene();
  assert.equal(names.settled(50), undefined, "nothing is read");
  names.ask(one("a"));
  let isSettled = false;
  names.settled(50)!.then(() => isSettled = true);
  await turn();
  assert.equal(isSettled, false);
  reads[0]!.resolve({ name: "web" });
  await turn();
  assert.deepEqual([isSettled, timers.size, names.settled(50)], [true, 0, undefined]);
  names.ask(one("stuck"));
  const late = names.settled(50)!;
  pass(50);
  await late;
  assert.equal(names.settled(50), undefined, "it has had its time");
});

Deno.test("at the end nothing is looked for any more", async () => {
  const { names, reads, turn, timers } = scene();
  names.ask(one("a"));
  reads[0]!.resolve();
  await turn();
  assert.equal(timers.size, 1);
  names.close();
  assert.equal(timers.size, 0);
});

Deno.test("only containers that the system's own runtime told of are asked for", () => {
  const claimed = { ...NOWHERE, container: "user@1000.service/4f8a1c0de3b2", runtime: "podman" } as const;
  assert.equal(containerIn(claimed), undefined);
  assert.equal(containerIn(NOWHERE), undefined);
  const told = { ...NOWHERE, container: "4f8a1c0de3b2", runtime: "docker", containerId: "4f".repeat(32) } as const;
  assert.deepEqual(containerIn(told), { container: "4f8a1c0de3b2", runtime: "docker", id: "4f".repeat(32) });
});
