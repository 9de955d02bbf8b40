import assert from "node:assert/strict";
import { Column, Stat } from "../../../../fingerprint/mod.ts";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { SHOWN_WIDTH } from "../../../../metrics/registry/shown_row.ts";
import { busyRow, FakeWatcher, row } from "../fake_watcher.ts";

/** A watcher and a registry that takes what it reports. */
function setUp() {
  const watcher = new FakeWatcher();
  const registry = new Registry();
  const paths = () => registry.trees.map(({ path }) => path);
  const value = (path: string, column: number) => {
    const tree = registry.trees.find((tree) => tree.path === path);
    return tree === undefined ? undefined : registry.rows[tree.at + column];
  };
  return { watcher, registry, paths, value, apply: async () => registry.apply(await watcher.collect()) };
}

Deno.test("a tree is shown from its first launch on", async () => {
  const { watcher, paths, apply } = setUp();
  const early = watcher.add("/early", row({ Processes: 1 }));
  watcher.add("/announced");
  await apply();
  assert.deepEqual(paths(), []);
  watcher.set(early, row({ Processes: 1, Launches: 1, Running: 1 }));
  await apply();
  assert.deepEqual(paths(), ["/early"]);
});

Deno.test("a tree is shown once, even if its launches should fall to 0", async () => {
  const { watcher, paths, apply } = setUp();
  const id = watcher.add("/a", busyRow(1, 0, 1));
  await apply();
  watcher.set(id, row({}));
  await apply();
  watcher.set(id, busyRow(1, 0, 1));
  await apply();
  assert.deepEqual(paths(), ["/a"]);
});

Deno.test("trees are in the order of their paths, whenever they come", async () => {
  const { watcher, paths, apply } = setUp();
  for (const path of ["/m", "/b", "/z"]) watcher.add(path, busyRow(1, 0, 1));
  await apply();
  for (const path of ["/a", "/n", "/zz", "/b/c"]) watcher.add(path, busyRow(1, 0, 1));
  await apply();
  assert.deepEqual(paths(), ["/a", "/b", "/b/c", "/m", "/n", "/z", "/zz"]);
});

Deno.test("a tree that left has no series, and its row is used again", async () => {
  const { watcher, registry, paths, value, apply } = setUp();
  const ids = ["/a", "/b", "/c"].map((path) => watcher.add(path, busyRow(5, 0, 1)));
  await apply();
  const room = registry.rows.length;
  for (let round = 0; round < 200; round++) {
    watcher.remove(ids[1]!);
    ids[1] = watcher.add(`/b${round}`, row({ Launches: round + 1 }));
    await apply();
  }
  assert.deepEqual(paths(), ["/a", "/b199", "/c"]);
  assert.equal(value("/b199", Column.Launches), 200);
  assert.equal(value("/b199", Column.SecondsSum), 0, "nothing is left of the tree before");
  assert.equal(value("/a", Column.Launches), 5);
  assert.equal(registry.rows.length, room);
});

Deno.test("memory comes back when many trees left, and those that stay keep their numbers", async () => {
  const { watcher, registry, paths, value, apply } = setUp();
  const ids = Array.from({ length: 5000 }, (_, i) => watcher.add(`/n${i}`, row({ Launches: i + 1 })));
  await apply();
  const stay = new Set([7, 2500, 4999]);
  ids.forEach((id, i) => stay.has(i) || watcher.remove(id));
  await apply();
  assert.ok(registry.rows.length <= 64 * SHOWN_WIDTH, `${registry.rows.length / SHOWN_WIDTH} rows`);
  const added = Array.from({ length: 200 }, (_, i) => watcher.add(`/x${i}`, row({ Launches: 10_000 + i })));
  await apply();
  watcher.remove(added[0]!);
  watcher.set(ids[7]!, row({ Launches: 88 }));
  await apply();
  assert.equal(paths().length, 3 + 199);
  assert.deepEqual(["/n7", "/n2500", "/n4999"].map((path) => value(path, Column.Launches)), [88, 2501, 5000]);
  for (let i = 1; i < 200; i++) assert.equal(value(`/x${i}`, Column.Launches), 10_000 + i);
});

Deno.test("a tree may come and go in one report", async () => {
  const { watcher, paths, apply } = setUp();
  watcher.remove(watcher.add("/brief", busyRow(1, 0, 1)));
  await apply();
  assert.deepEqual(paths(), []);
  watcher.add("/brief", busyRow(1, 0, 1));
  await apply();
  assert.deepEqual(paths(), ["/brief"]);
});

Deno.test("a tree that was never announced is a defect", async () => {
  const { watcher, apply } = setUp();
  watcher.set(77, busyRow(1, 0, 1));
  await assert.rejects(apply, /tree 77 was never announced/);
});

Deno.test("launches of the last ten minutes, by tree, as of the reports", async () => {
  const watcher = new FakeWatcher(),
    a = watcher.add("/a", row({ Launches: 5 })),
    b = watcher.add("/b", row({ Launches: 9 }));
  let now = 1000;
  const registry = new Registry({}, 0, { now: () => now });
  registry.apply(await watcher.collect());
  const sums = () => [a, b].map((id) => registry.recent.of(id).reduce((sum, launches) => sum + launches, 0));
  assert.deepEqual(sums(), [0, 0]); // nobody knows when those were
  now = 1005;
  watcher.set(a, row({ Launches: 8 }));
  const c = watcher.add("/c", row({ Launches: 2 }));
  registry.apply(await watcher.collect());
  assert.deepEqual([...sums(), registry.recent.of(c).at(-1)], [3, 0, 2]);
  assert.equal(registry.recent.ofAll.at(-1), 5);
  watcher.remove(c);
  registry.apply(await watcher.collect());
  assert.deepEqual(registry.recent.of(c), []);
});

Deno.test("a tree counts since its first launch or the exporter's start, and that doesn't change", async () => {
  const watcher = new FakeWatcher(), registry = new Registry({}, 1000);
  const first = (FirstSeen: number) => row({ Launches: 1, Running: 1, FirstSeen });
  const ids = [["/found", 300], ["/launched", 1500.25], ["/unknown", 0]] as const;
  const [, launched] = ids.map(([path, seconds]) => watcher.add(path, first(seconds)));
  registry.apply(await watcher.collect());
  const created = () => registry.trees.map(({ path, createdSeconds }) => [path, createdSeconds]);
  const want = [["/found", 1000], ["/launched", 1500.25], ["/unknown", 1000]];
  assert.deepEqual(created(), want);
  watcher.set(launched!, first(1400));
  registry.apply(await watcher.collect());
  assert.deepEqual(created(), want);
  // One that left and comes back is counted anew.
  watcher.remove(launched!);
  watcher.add("/launched", first(2000));
  registry.apply(await watcher.collect());
  assert.deepEqual(created(), [["/found", 1000], ["/launched", 2000], ["/unknown", 1000]]);
});

Deno.test("what was launched is known whole since the start, or the last launch of what left or has no name", async () => {
  const watcher = new FakeWatcher();
  let now = 5000;
  const registry = new Registry({}, 1000, { now: () => now });
  const since = async () => (registry.apply(await watcher.collect()), registry.completeSinceSeconds);
  const [early, late, idle] = [900, 2000, 1500].map((LastLaunch, i) =>
    watcher.add(`/${i}`, row({ Launches: 1, LastLaunch }))
  );
  assert.equal(await since(), 1000);
  watcher.remove(early!);
  assert.equal(await since(), 1000);
  watcher.remove(late!);
  assert.equal(await since(), 2000);
  watcher.remove(idle!);
  assert.equal(await since(), 2000);
  now = 5010;
  watcher.stats[Stat.Collapsed] = 3;
  assert.equal(await since(), 5010);
  now = 5020;
  assert.equal(await since(), 5010);
  // Nobody knows since when it counts at all.
  const unknown = new Registry();
  unknown.apply(await watcher.collect());
  assert.equal(unknown.completeSinceSeconds, 0);
});
