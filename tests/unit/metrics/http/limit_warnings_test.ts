import assert from "node:assert/strict";
import { Hono } from "hono";
import { ConnectionGuard, GUARD_LIMITS, type Guarded } from "../../../../metrics/http/connection_guard.ts";
import { LimitWarnings } from "../../../../metrics/http/limit_warnings.ts";
import { FakeWatcher, feeding, KeptLog } from "../fake_watcher.ts";

Deno.test("a limit that is reached is said with its remedy, once an hour, each by itself", () => {
  const log = new KeptLog();
  let now = 5;
  const warnings = new LimitWarnings(log, () => now);
  for (let i = 0; i < 1000; i++) warnings.reached("requests");
  warnings.reached("streamsOfPeer", "192.0.2.7");
  now += 3_599_999;
  warnings.reached("requests");
  assert.equal(log.lines.length, 2);
  assert.match(log.lines[0]!, /^warn --web\.max-requests is reached.*"remedy":"raise --web\.max-requests/);
  assert.match(log.lines[1]!, /^warn The most event streams of one address.*"client":"192\.0\.2\.7".*"remedy":"close/);
  now++;
  warnings.reached("requests");
  assert.equal(log.lines.length, 3);
});

Deno.test("the guard tells of too many answers and of too many connections, and of nothing else", async () => {
  const told: unknown[][] = [], peers = [1, 2, 3].map((port) => ({ peer: { hostname: "192.0.2.7", port } }));
  let listed = peers.slice(0, 2);
  const limits = { ...GUARD_LIMITS, most: 2 };
  const guard = new ConnectionGuard(
    { list: () => listed, cut() {}, files: () => 0 },
    limits,
    () => 0,
    (...limit) => told.push(limit),
  );
  guard.sweep();
  assert.deepEqual(told, []);
  listed = peers;
  guard.sweep();
  assert.deepEqual(told, [["connections"]]);

  const app = new Hono<Guarded>().use(guard.middleware).get("/", (context) => context.text("answer"));
  const env = { remoteAddr: { transport: "tcp", ...peers[0]!.peer }, completed: new Promise<void>(() => {}) } as const;
  for (let i = 0; i < limits.answersOfConnection; i++) assert.equal((await app.request("/", {}, env)).status, 200);
  assert.equal(told.length, 1);
  assert.equal((await app.request("/", {}, env)).status, 503);
  assert.deepEqual(told[1], ["answers", "192.0.2.7"]);
});

Deno.test("the feed tells whether streams are too many in all, or of one address", async () => {
  const told: unknown[][] = [];
  const { feed } = feeding(new FakeWatcher(), { reached: (...limit) => told.push(limit) });
  const subscribe = (peer: string) => feed.subscribe({ trees: false, limit: 1, lastId: undefined }, peer);
  const streams = Array.from({ length: 17 }, () => subscribe("192.0.2.1"));
  assert.deepEqual(told, [["streamsOfPeer", "192.0.2.1"]]);
  streams.push(...Array.from({ length: 17 }, (_, i) => subscribe(`192.0.2.${2 + i}`)));
  assert.deepEqual(told.slice(1), [["streams", "192.0.2.18"]]);
  feed.close();
  for (const stream of streams) await stream?.cancel();
});
