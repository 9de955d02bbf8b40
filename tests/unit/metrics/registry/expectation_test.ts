import assert from "node:assert/strict";
import { Column, Flag, type FlagName, flagNames, FLAGS } from "../../../../fingerprint/mod.ts";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { EXPECTED, UNEXPECTED } from "../../../../metrics/registry/shown_row.ts";
import { NOWHERE } from "../../../../fingerprint/context/mod.ts";
import type { LaunchPlace } from "../../../../metrics/registry/mod.ts";
import { busyRow, FakeWatcher, row } from "../fake_watcher.ts";

/** A watcher, a registry with these trees expected, and what the registry told. */
function setUp(...expected: string[]) {
  const watcher = new FakeWatcher();
  const told: string[] = [];
  const registry = new Registry({ unexpected: (path, reason) => told.push(`${path}: ${reason}`) });
  const expect = (...paths: string[]) =>
    registry.expect({ verdict: (path) => ({ expected: paths.includes(path), reason: `not in ${paths}` }) });
  if (expected.length > 0) expect(...expected);
  const shown = () =>
    Object.fromEntries(
      registry.trees.map(({ path, at, expected }) => [path, [registry.rows[at + EXPECTED], expected]]),
    );
  return { watcher, registry, told, expect, shown, apply: async () => registry.apply(await watcher.collect()) };
}

Deno.test("trees are judged, and launches of the others are counted one by one", async () => {
  const { watcher, registry, told, shown, apply } = setUp("/sshd");
  const known = watcher.add("/sshd", busyRow(10, 1, 1));
  const other = watcher.add("/nc", row({ Launches: 2, Running: 2 }));
  await apply();
  assert.deepEqual(shown(), { "/nc": [0, false], "/sshd": [1, true] });
  assert.equal(registry.unexpectedLaunches, 2);
  watcher.set(known, busyRow(1000, 1, 1));
  watcher.set(other, row({ Launches: 7, Running: 0 }));
  await apply();
  assert.equal(registry.unexpectedLaunches, 7);
  watcher.set(other, row({ Launches: 7, Processes: 1 })); // A change that is no launch.
  await apply();
  assert.equal(registry.unexpectedLaunches, 7);
  assert.deepEqual(told, ["/nc: not in /sshd"]);
});

Deno.test("a tree is told of with its first launch, not when it is announced", async () => {
  const { watcher, told, apply } = setUp("/a");
  const id = watcher.add("/a/b");
  await apply();
  assert.deepEqual(told, []);
  watcher.set(id, row({ Launches: 1 }));
  await apply();
  assert.deepEqual(told, ["/a/b: not in /a"]);
});

Deno.test("the count outlives the trees, and goes on when one comes back", async () => {
  const { watcher, registry, told, apply } = setUp("/a");
  const id = watcher.add("/x", row({ Launches: 5 }));
  await apply();
  watcher.remove(id);
  await apply();
  assert.equal(registry.unexpectedLaunches, 5);
  watcher.add("/x", row({ Launches: 2 }));
  await apply();
  assert.equal(registry.unexpectedLaunches, 7);
  assert.equal(told.length, 2);
});

Deno.test("a new baseline judges all trees again, and counts from then on", async () => {
  const { watcher, registry, told, expect, shown, apply } = setUp("/a", "/b");
  const ids = ["/a", "/b", "/c"].map((path) => watcher.add(path, row({ Launches: 10 })));
  watcher.add("/b/silent");
  await apply();
  assert.equal(registry.unexpectedLaunches, 10);
  expect("/a", "/c");
  assert.deepEqual(shown(), { "/a": [1, true], "/b": [0, false], "/c": [1, true] });
  assert.equal(registry.unexpectedLaunches, 10);
  for (const id of ids) watcher.set(id, row({ Launches: 11 }));
  await apply();
  assert.equal(registry.unexpectedLaunches, 11);
  // The same verdict again isn't told again.
  expect("/a");
  expect("/a");
  assert.deepEqual(told, ["/c: not in /a,/b", "/b: not in /a,/c", "/c: not in /a"]);
});

Deno.test("a flag that its tree isn't expected to have makes a launch unexpected, and is told of once", async () => {
  const watcher = new FakeWatcher(), told: string[] = [];
  const registry = new Registry({ unexpected: (path, reason) => told.push(`${path}: ${reason}`) });
  const grave = Flag.Memfd | Flag.Socket | Flag.Setuid;
  const expect = (unexpectedFlags: number) =>
    registry.expect({
      verdict: (_, flags = 0) => ({ expected: true, reason: flagNames(flags).join(), unexpectedFlags }),
    });
  const flagged = (launches: number, counts: Partial<Record<FlagName, number>>) => {
    const numbers = row({ Launches: launches });
    for (const [flag, count] of Object.entries(counts)) {
      numbers[Column.Flagged + FLAGS.indexOf(flag as FlagName)] = count;
    }
    return numbers;
  };
  expect(grave);
  const id = watcher.add("/a", flagged(5, { temp: 5, memfd: 1 }));
  const report = async (numbers?: Float64Array) => {
    if (numbers !== undefined) watcher.set(id, numbers);
    registry.apply(await watcher.collect());
    return [registry.unexpectedLaunches, registry.rows[registry.trees[0]!.at + UNEXPECTED]];
  };
  assert.deepEqual(await report(), [1, 1]);
  assert.deepEqual(await report(flagged(9, { temp: 9, memfd: 1 })), [1, 1]);
  // A launch with two of them is one.
  assert.deepEqual(await report(flagged(10, { temp: 9, memfd: 2, socket: 1 })), [2, 2]);
  // A launch that was counted under another tree is taken back.
  assert.deepEqual(await report(flagged(9, { temp: 9, memfd: 1, socket: 1 })), [2, 2]);
  assert.deepEqual(told, ["/a: memfd", "/a: socket"]);
  // Another baseline tells of what is news to it; one that is the same, of nothing.
  expect(Flag.Setuid);
  assert.deepEqual(await report(flagged(20, { memfd: 9 })), [2, 2]);
  expect(grave);
  expect(grave);
  assert.deepEqual(told.slice(2), ["/a: memfd"]);
  registry.expect(undefined);
  assert.deepEqual(await report(flagged(30, { memfd: 30 })), [2, 2]);
});

Deno.test("in shadow mode a baseline judges, counts and tells as it does when it is enforced", async () => {
  const { watcher, registry, told, shown, apply } = setUp();
  assert.equal(registry.baselineMode, undefined);
  registry.expect({ verdict: () => ({ expected: false, reason: "no" }) }, "shadow");
  watcher.add("/a", row({ Launches: 3 }));
  await apply();
  assert.deepEqual([shown(), registry.unexpectedLaunches, told], [{ "/a": [0, false] }, 3, ["/a: no"]]);
  assert.equal(registry.baselineMode, "shadow");
  registry.expect({ verdict: () => ({ expected: false, reason: "no" }) });
  assert.equal(registry.baselineMode, "enforce");
  registry.expect(undefined, "shadow");
  assert.equal(registry.baselineMode, undefined);
});

Deno.test("without a baseline there is no verdict", async () => {
  const { watcher, registry, told, shown, apply } = setUp();
  watcher.add("/a", busyRow(3, 0, 1));
  await apply();
  assert.deepEqual(shown(), { "/a": [0, undefined] });
  assert.equal(registry.hasExpectation, false);
  assert.equal(registry.unexpectedLaunches, 0);
  assert.deepEqual(told, []);
});

Deno.test("launches outside of the places of a tree aren't expected, are counted exactly, and told of once a place", async () => {
  const watcher = new FakeWatcher(), told: string[] = [], events: unknown[] = [];
  const registry = new Registry({
    unexpected: (path, reason) => told.push(`${path}: ${reason}`),
    events: (_, treeOf) => events.push(...[1, 2, 3, 0].map((context) => treeOf(id, context).expected)),
  });
  const expectIn = (unit: string) => {
    const reason = (place: LaunchPlace) => `not in ${place.unit}`;
    const onlyIn = { has: (place: LaunchPlace) => place.unit === undefined || place.unit === unit, reason };
    registry.expect({ verdict: (path) => ({ expected: true, reason: "", ...path === "/sh" ? { onlyIn } : {} }) });
  };
  const added = ["cron.service", "web.service", undefined].map((unit, i) => ({ ...NOWHERE, id: i + 1, unit }));
  let launches = 0, isFirst = true;
  /** Launches of the tree by context: 1 to 3 are known places, 0 is none. */
  const report = async (...byContext: [context: number, launches: number][]) => {
    launches += byContext.reduce((sum, [, count]) => sum + count, 0);
    watcher.set(id, row({ Launches: launches }));
    watcher.contexts = {
      added: isFirst ? added : [],
      launches: new Float64Array(),
      launchedIn: Float64Array.from(byContext.flatMap(([context, count]) => [id, context, 0, count])),
    };
    isFirst = false;
    registry.apply(await watcher.collect());
    return registry.unexpectedLaunches;
  };
  expectIn("cron.service");
  const id = watcher.add("/sh");
  assert.equal(await report([1, 5]), 0);
  assert.equal(await report([1, 2], [2, 3], [0, 4]), 3);
  assert.equal(await report([2, 1], [3, 1]), 5);
  assert.equal(await report([2, -1], [1, 1]), 5, "one is taken back in the report that told it");
  assert.deepEqual(told, ["/sh: not in web.service", "/sh: not in "]);
  const [tree] = registry.trees;
  assert.deepEqual([tree!.expected, registry.rows[tree!.at + EXPECTED], registry.rows[tree!.at + UNEXPECTED]], [
    ...[true, 1, 5],
  ]);
  assert.equal(registry.unexpectedReason(tree!), "not in ");
  const places = [...registry.contexts.places.ofTree(id)];
  const counts = Object.fromEntries(places.map(([{ unit }, launches]) => [unit ?? "unknown", launches]));
  assert.deepEqual(counts, { "cron.service": 8, "web.service": 3, "": 1, unknown: 4 });
  assert.deepEqual(places.map(([place]) => registry.isExpectedIn(id, place)).sort(), [false, false, true, true]);
  // A new baseline tells of what was launched elsewhere before, and only of what is news.
  expectIn("web.service");
  assert.deepEqual(told.slice(2), ["/sh: not in cron.service"]);
  assert.equal(await report([2, 9]), 5);
  // An event is judged where it was.
  watcher.listen(true);
  await report();
  assert.deepEqual(events, [false, true, false, true]);
  registry.expect({ verdict: () => ({ expected: true, reason: "" }) });
  assert.equal(registry.unexpectedReason(registry.trees[0]!), null);
  assert.equal(await report([1, 7]), 5);
});
