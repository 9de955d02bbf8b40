import assert from "node:assert/strict";
import { NO_USER } from "../../../../fingerprint/mod.ts";
import { NOWHERE } from "../../../../fingerprint/context/mod.ts";
import { userNames } from "../../../../metrics/registry/users.ts";
import { LaunchContexts, MOST_OF_TREE, MOST_UNITS } from "../../../../metrics/registry/contexts.ts";

const all = (tree: number) => `/${tree}`;

function report(
  units: readonly (string | undefined)[],
  launches: readonly number[],
  launchedIn: readonly number[] = [],
) {
  const added = units.map((unit, index) => ({ ...NOWHERE, id: index + 1, unit }));
  return { added, launches: Float64Array.from(launches), launchedIn: Float64Array.from(launchedIn) };
}

Deno.test("launches by unit: a user's are that user's manager's, numbered units count together", () => {
  const contexts = new LaunchContexts();
  const units = ["cron.service", "session-1.scope", "session-2.scope", "user@1000.service/cron.service", undefined];
  contexts.apply(report(units, [1, 10, 2, 1, 3, 1, 4, 7, 5, 2, 0, 3]), all, 0);
  contexts.apply(report([], [1, 5]), all, 0);
  assert.deepEqual(Object.fromEntries(contexts.launchesByUnit), {
    "cron.service": 15,
    "session-*.scope": 2,
    "user@1000.service": 7,
    none: 2,
    unknown: 3,
  });
  assert.equal(contexts.placeOf(1)?.unit, "cron.service");
  assert.equal(contexts.placeOf(99), undefined);
});

Deno.test("launches in a container count for that, too", () => {
  const contexts = new LaunchContexts(), launches = [1, 3, 2, 5];
  const changes = report(["docker.service", "cron.service"], launches);
  const added = changes.added.map((place) => ({ ...place, container: place.id === 1 ? "4f8a1c0de3b2" : undefined }));
  contexts.apply({ ...changes, added }, all, 0);
  assert.deepEqual([...contexts.containers.entries()], [["4f8a1c0de3b2", 3]]);
  contexts.apply(report([], []), all, 3600);
  assert.deepEqual([...contexts.containers.entries()], [], "it has been quiet for an hour");
});

Deno.test("units beyond the bound count together, and none of them is lost", () => {
  const contexts = new LaunchContexts(), count = MOST_UNITS + 50;
  const units = Array.from({ length: count }, (_, i) => `u${i}.service`);
  contexts.apply(report(units, units.flatMap((_, i) => [i + 1, 1])), all, 0);
  const counted = [...contexts.launchesByUnit.values()];
  assert.equal(contexts.launchesByUnit.get("other"), 50);
  assert.equal(contexts.launchesByUnit.size, MOST_UNITS + 1);
  assert.equal(counted.reduce((sum, launches) => sum + launches, 0), count);
});

Deno.test("who launches a tree: the last few, each once, until the tree leaves", () => {
  const contexts = new LaunchContexts(), TREE = 7, units = Array.from({ length: 6 }, (_, i) => `u${i}.service`);
  const seen = (context: number) => [TREE, context, 1000, 1, 8, context, 1000, 1];
  contexts.apply(report(units, [], [1, 2, 3, 4, 5, 6, 4].flatMap(seen)), (tree) => tree === TREE ? "/a" : undefined, 0);
  assert.deepEqual(contexts.launchersOf(TREE).map(([, unit]) => unit), [
    "u2.service",
    "u4.service",
    "u5.service",
    "u3.service",
  ]);
  assert.equal(contexts.launchersOf(TREE).length, MOST_OF_TREE);
  assert.deepEqual(contexts.launchersOf(8), [], "it isn't known any more");
  contexts.apply(report([], [], [TREE, 0, NO_USER, 1]), all, 0);
  assert.deepEqual(contexts.launchersOf(TREE).at(-1), ["/7", "", "", ""]);
  contexts.forget(TREE);
  assert.deepEqual(contexts.launchersOf(TREE), []);
});

Deno.test("the context of an event and of a tree, with the user's name", () => {
  const contexts = new LaunchContexts(userNames(() => "ann:x:1000:1000:::\n")), TREE = 7;
  contexts.apply(report(["session-3.scope"], [], [TREE, 1, 1000, 1, TREE, 0, NO_USER, 1]), all, 0);
  const ann = { uid: 1000, user: "ann", container: null },
    nobody = { uid: null, user: null, unit: null, container: null };
  assert.deepEqual(contexts.contextOf(1, 1000), { ...ann, unit: "session-3.scope" });
  assert.deepEqual(contexts.contextOf(0, NO_USER), nobody);
  assert.deepEqual(contexts.contextOf(0, 7), { ...nobody, uid: 7 }, "a user that the list doesn't have");
  assert.deepEqual(contexts.contextsOf(TREE), [{ ...ann, unit: "session-*.scope" }, nobody]);
});

Deno.test("containers have what their runtimes call them, where that is known", () => {
  const names = new Map([["4f8a1c0de3b2", {
    name: "web",
    image: "nginx:1.27",
    pod: "shop-7d4b",
    namespace: "default",
  }]]);
  const users = userNames(() => "");
  const contexts = new LaunchContexts(users, { of: (container) => names.get(container) }), TREE = 7;
  const changes = report(["a.scope", "b.scope"], [1, 2, 2, 3], [TREE, 1, 0, 2]);
  const containers = ["4f8a1c0de3b2", "d0c4e5000000"];
  const added = changes.added.map((place, i) => ({ ...place, container: containers[i] }));
  contexts.apply({ ...changes, added }, all, 0);
  const called = { container_name: "web", image: "nginx:1.27", pod: "shop-7d4b", namespace: "default" };
  const root = { uid: 0, user: null };
  assert.deepEqual(contexts.contextOf(1, 0), { ...root, unit: "a.scope", container: "4f8a1c0de3b2", ...called });
  assert.deepEqual(contexts.contextOf(2, 0), { ...root, unit: "b.scope", container: "d0c4e5000000" });
  assert.deepEqual(contexts.contextsOf(TREE), [{ ...root, unit: "a.scope", container: "4f8a1c0de3b2", ...called }]);
  assert.deepEqual([...contexts.named()], [["4f8a1c0de3b2", "web", "nginx:1.27", "shop-7d4b", "default"]]);
});

Deno.test("launches of a tree by place: the system's own unit and the image, as long as there are few", () => {
  const images = new Map([["4f8a1c0de3b2", "redis:7"]]);
  const names = { of: (container: string) => ({ image: images.get(container) ?? undefined }) as { image?: string } };
  const contexts = new LaunchContexts(userNames(() => ""), names), TREE = 7;
  const place = (id: number, unit: string | undefined, container?: string, containerId = container) => ({
    ...{ ...NOWHERE, id, unit, container, containerId },
  });
  const added = [
    place(1, "user@1000.service/x.service"),
    place(2, "docker-0.scope", "4f8a1c0de3b2"),
    place(3, "docker-0.scope", "d0c4e5000000"),
    place(4, "user@1000.service", "user@1000.service/4f8a1c0de3b2", undefined as unknown as string),
    place(5, undefined),
  ].map((each) => each.id === 4 ? { ...each, containerId: undefined } : each);
  const launchedIn = Float64Array.from([1, 2, 3, 4, 5, 0].flatMap((context) => [TREE, context, 0, 10 + context]));
  contexts.apply({ added, launches: new Float64Array(), launchedIn }, all, 0);
  const counted = [...contexts.places.ofTree(TREE)].map(([{ unit, image }, launches]) => [unit, image, launches]);
  assert.deepEqual(counted.sort((a, b) => Number(a[2]) - Number(b[2])), [
    [undefined, undefined, 10],
    ["docker-0.scope", "redis:7", 12],
    ["docker-0.scope", undefined, 13],
    ["", "", 15],
    ["user@1000.service", "", 25],
  ]);
  // Further ones are where nobody knows, and none of them is lost.
  for (let i = 0; i < 100; i++) contexts.places.count(TREE, contexts.places.of(`u${i}.service`, ""), 1);
  const now = [...contexts.places.ofTree(TREE)];
  assert.equal(now.length, 64);
  assert.equal(now.reduce((sum, [, launches]) => sum + launches, 0), 75 + 100);
  contexts.forget(TREE);
  assert.deepEqual([...contexts.places.ofTree(TREE)], []);
});
