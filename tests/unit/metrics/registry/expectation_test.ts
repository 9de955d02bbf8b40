import assert from "node:assert/strict";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { EXPECTED } from "../../../../metrics/registry/shown_row.ts";
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

Deno.test("without a baseline there is no verdict", async () => {
  const { watcher, registry, told, shown, apply } = setUp();
  watcher.add("/a", busyRow(3, 0, 1));
  await apply();
  assert.deepEqual(shown(), { "/a": [0, undefined] });
  assert.equal(registry.hasExpectation, false);
  assert.equal(registry.unexpectedLaunches, 0);
  assert.deepEqual(told, []);
});
