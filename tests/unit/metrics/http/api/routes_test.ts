import assert from "node:assert/strict";
import { BUCKET_BOUNDS, EventKind, Stat } from "../../../../../fingerprint/mod.ts";
import { createApp } from "../../../../../metrics/http/mod.ts";
import { happen, plant } from "../../../../browser/forest.ts";
import { assertSchema } from "../../api_schema.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../../fake_watcher.ts";

function setUp() {
  const watcher = new FakeWatcher(), now = Date.now() / 1000;
  let reason: string | undefined;
  const notReady = () => reason;
  const { scraper, feed } = feeding(watcher, { notReady });
  const health = { notReady, unhealthy: () => Promise.resolve(undefined) };
  const parts = { log: new KeptLog(), telemetryPath: "/metrics", version: "1" };
  const app = createApp({ scraper, feed, health, ...parts });
  return {
    watcher,
    feed,
    registry: scraper.registry,
    now,
    ids: plant(watcher, now),
    setNotReady: (text: string) => reason = text,
    get: (path: string, headers: Record<string, string> = {}, method = "GET") => app.request(path, { method, headers }),
    [Symbol.dispose]: () => feed.close(),
  };
}

const STREAM = { accept: "text/event-stream" };

Deno.test("trees as they are documented", async () => {
  using scene = setUp();
  scene.watcher.add("/bare", busyRow(1, 0, 1e9));
  const answer = await scene.get("/api/v1/trees");
  assert.match(answer.headers.get("content-type")!, /^application\/json/);
  const data = await answer.json();
  assertSchema("treesAnswer", data);
  assert.deepEqual(data.bucket_bounds, BUCKET_BOUNDS);
  const tree = data.trees.find(({ path }: { path: string }) => path === "/sshd/base/server.sh/sudo/base/pstree");
  assert.equal(tree.parent, "/sshd/base/server.sh/sudo/base");
  assert.equal(tree.launches, 1204);
  assert.equal(tree.seconds.count, 1204);
  assert.ok(tree.resources.cpu_seconds.user > 0);
  assert.equal(data.trees.find(({ path }: { path: string }) => path === "/random/php-fpm8.2/base/*").random, true);
  const deleted = data.trees.filter((tree: { flagged_launches: Record<string, number> }) =>
    tree.flagged_launches.deleted !== undefined
  );
  assert.deepEqual(deleted.map(({ path }: { path: string }) => path), ["/random/php-fpm8.2/base/*/kdevtmpfsi"]);
  assert.equal(data.trees.length, scene.ids.size + 1);
});

Deno.test("with a baseline each tree says whether it is expected", async () => {
  using scene = setUp();
  const first = await (await scene.get("/api/v1/trees")).json();
  assert.equal(first.trees[0].expected, null);
  scene.registry.expect({ verdict: (path) => ({ expected: path.startsWith("/sshd"), reason: "" }) });
  const data = await (await scene.get("/api/v1/trees")).json();
  assertSchema("treesAnswer", data);
  for (const { path, expected } of data.trees) assert.equal(expected, path.startsWith("/sshd"));
});

Deno.test("without accounting there are no resources, and before it is ready there are no trees", async () => {
  using scene = setUp();
  scene.watcher.stats[Stat.TaskstatsUp] = 0;
  scene.setNotReady("scanning");
  const early = await (await scene.get("/api/v1/trees")).json();
  assertSchema("treesAnswer", early);
  assert.deepEqual([early.trees, early.health.not_ready], [[], "scanning"]);
  assertSchema("eventsAnswer", await (await scene.get("/api/v1/events")).json());
  assert.equal(scene.watcher.collects, 0);
  scene.setNotReady(undefined as unknown as string);
  const data = await (await scene.get("/api/v1/trees")).json();
  assertSchema("treesAnswer", data);
  assert.equal(data.trees[0].resources, null);
});

Deno.test("events as they are documented: the first request begins the recording", async () => {
  using scene = setUp();
  happen(scene.watcher, scene.ids, scene.now);
  const first = await (await scene.get("/api/v1/events")).json();
  assertSchema("eventsAnswer", first);
  assert.deepEqual([first.events, first.skipped], [[], 0]);
  happen(scene.watcher, scene.ids, scene.now);
  const all = await (await scene.get("/api/v1/events")).json();
  assertSchema("eventsAnswer", all);
  assert.ok(all.events.length > 10);
  const two = await (await scene.get("/api/v1/events?limit=2")).json();
  assert.deepEqual([two.events, two.skipped], [all.events.slice(-2), all.events.length - 2]);
  scene.watcher.event(EventKind.Correction, scene.ids.get("/sshd")!, 9, NaN);
  for (const [path, headers] of [[`?after=${all.last_id}`, {}], ["", { "last-event-id": all.last_id }]] as const) {
    const later = await (await scene.get(`/api/v1/events${path}`, headers)).json();
    assertSchema("eventsAnswer", later);
    assert.deepEqual(later.events.map(({ type }: { type: string }) => type), ["correction"]);
  }
});

Deno.test("a stream as it is documented", async () => {
  using scene = setUp();
  await scene.get("/api/v1/trees");
  const before = await (await scene.get("/api/v1/events")).json();
  happen(scene.watcher, scene.ids, scene.now);
  await scene.get("/metrics");
  const answer = await scene.get(`/api/v1/events?trees=true&after=${before.last_id.replace(/\d+$/, "0")}`, STREAM);
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  assert.match(answer.headers.get("cache-control")!, /no-store.*no-transform/);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/^event: events\n.*\n.*\n\n/m.test(text)) text += (await reader.read()).value;
  await reader.cancel();
  const data = (event: string) => JSON.parse(new RegExp(`^event: ${event}\nid: .*\ndata: (.*)$`, "m").exec(text)![1]!);
  assertSchema("treesMessage", data("trees"));
  assertSchema("eventsMessage", data("events"));
  assert.equal(data("trees").complete, true);
  assert.ok(data("events").events.length > 10);
  assert.equal(scene.feed.subscribers, 0);
});

Deno.test("HEAD of a stream subscribes to nothing", async () => {
  using scene = setUp();
  const answer = await scene.get("/api/v1/events", STREAM, "HEAD");
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/event-stream"]);
  assert.equal(scene.feed.subscribers, 0);
});

Deno.test("one stream too many is turned away, strange parameters too", async () => {
  using scene = setUp();
  const streams = await Promise.all(Array.from({ length: 33 }, () => scene.get("/api/v1/events", STREAM)));
  assert.deepEqual(streams.map(({ status }) => status).filter((status) => status !== 200), [503]);
  for (const query of ["limit=0", "limit=1001", "limit=x", "limit=", "limit=1e2", "trees=yes", "trees=constructor"]) {
    assert.equal((await scene.get(`/api/v1/events?${query}`)).status, 400, query);
  }
  assert.equal((await scene.get("/api/v1/events?after=%00<script>")).status, 200);
});

Deno.test("a tree from near: what runs, what was launched last, and why", async () => {
  using scene = setUp();
  const path = "/random/php-fpm8.2/base/*/kdevtmpfsi", address = `/api/v1/trees${path.replace("*", "%2A")}/processes`;
  scene.registry.expect({ verdict: () => ({ expected: false, reason: "nothing is expected" }) });
  scene.watcher.runs.set(scene.ids.get(path)!, {
    count: 2,
    processes: [
      {
        ...{ pid: 30_055, user: 0, unit: "php.service", container: undefined, sinceSeconds: 1.5 },
        ...{ executable: "/tmp/x/kdevtmpfsi (deleted)", flags: 1, slice: "system.slice" },
        ...{ runtime: undefined, containerId: undefined, pod: undefined },
      },
      {
        ...{ pid: 30_056, user: 4_000_000_000, unit: undefined, container: "4f8a1c0de3b2", sinceSeconds: 1 },
        ...{ executable: undefined, flags: 0, slice: undefined, runtime: "docker", pod: "0b5a3c1e" },
        containerId: "4f8a1c0de3b2".padEnd(64, "0"),
      },
    ],
    explanation: {
      ...{ program: "/tmp/x/kdevtmpfsi", label: "kdevtmpfsi", base: false, random: true, rule: "file", origin: "dpkg" },
      ...{ flags: ["deleted"], elements: [{ name: "x", random: true, collapsed: "*", score: 0.9, rule: "model" }] },
    },
  });
  await scene.get("/api/v1/events");
  happen(scene.watcher, scene.ids, scene.now);
  const answer = await scene.get(address);
  assert.equal(answer.status, 200);
  const data = await answer.json();
  assertSchema("processesAnswer", data);
  assert.equal(data.tree.path, path);
  assert.equal(data.unexpected_reason, "nothing is expected");
  assert.equal(data.query, `rate(cnproc_tree_launches_total{tree="${path}"}[5m])`);
  assert.deepEqual(data.baseline_rules, ["- /random/php-fpm8.2/base/\\*/kdevtmpfsi"]);
  assert.equal(data.count, 2);
  assert.deepEqual(
    data.processes.map(({ user, uid, unit, pod_uid }: Record<string, unknown>) => [uid, user, unit, pod_uid]),
    [
      [0, "root", "php.service", null],
      [4_000_000_000, null, null, "0b5a3c1e"],
    ],
  );
  const { container_name, image, pod, namespace } = data.processes[1];
  assert.deepEqual([container_name, image, pod, namespace], ["web", "nginx:1.27", undefined, undefined]);
  assert.ok(!("container_name" in data.processes[0]), "one in no container has none of a name");
  assert.equal(data.explanation.meaning, "its file name, parts made by a machine as *");
  assert.deepEqual(data.events.map(({ pid, type }: Record<string, unknown>) => [pid, type]), [[30_055, "launch"]]);
});

Deno.test("a tree from near that isn't there, or whose address is none", async () => {
  using scene = setUp();
  await scene.get("/api/v1/trees");
  for (
    const path of [
      "nobody/processes",
      "/processes",
      "processes",
      "sshd",
      "sshd/process",
      "%ff/processes",
      "%/processes",
    ]
  ) {
    const answer = await scene.get(`/api/v1/trees/${path}`);
    assert.equal(answer.status, 404, path);
    assert.match(await answer.text(), /^Not found: no tree/, path);
  }
  const idle = await (await scene.get("/api/v1/trees/nginx/processes")).json();
  assertSchema("processesAnswer", idle);
  assert.deepEqual([idle.count, idle.explanation, idle.unexpected_reason], [0, null, null]);
  scene.registry.expect({ verdict: () => ({ expected: true, reason: "not without deleted", unexpectedFlags: 1 }) });
  const flagged = await (await scene.get("/api/v1/trees/random/php-fpm8.2/base/*/kdevtmpfsi/processes")).json();
  assert.equal(flagged.unexpected_reason, "not without deleted");
  assert.deepEqual(flagged.baseline_rules[1], "/random/php-fpm8.2/base/\\*/kdevtmpfsi: [deleted]");
});
