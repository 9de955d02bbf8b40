/** Clients that ask and never read, against a real server and real connections. */

import assert from "node:assert/strict";
import { OwnConnections, OwnListeners } from "../../../../fingerprint/mod.ts";
import { GUARD_LIMITS } from "../../../../metrics/http/connection_guard.ts";
import { createApp, WebServer } from "../../../../metrics/http/mod.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../fake_watcher.ts";
import { askAndCancel, askAndDrip, askAndNeverRead, askWithoutEnd } from "./raw_http2.ts";

const LISTENERS = new OwnListeners();
const CONNECTIONS = new OwnConnections();

/** An exporter with a tree. */
async function start(limits: Partial<typeof GUARD_LIMITS> = {}) {
  const watcher = new FakeWatcher(), log = new KeptLog();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  const { scraper, feed } = feeding(watcher);
  const server = new WebServer({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    configFile: undefined,
    connections: CONNECTIONS,
    listeners: LISTENERS,
    maxRequests: 40,
    allowedHosts: [],
    limits: { ...GUARD_LIMITS, ...limits },
    log,
  });
  const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
  const app = createApp({
    scraper,
    feed,
    health,
    log,
    middleware: server.middleware,
    telemetryPath: "/metrics",
    version: "1",
  });
  await server.start(app.fetch);
  const { port } = server.addresses[0]!;
  const connections: Deno.TcpConn[] = [];
  return {
    port,
    get: async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      await response.body?.cancel();
      return response.status;
    },
    /** Asks for each path on one connection of HTTP/2, and reads nothing. */
    hold: async (paths: readonly string[]) => connections.push(await askAndNeverRead(port, paths)),
    /** Waits until the exporter has ended all connections that were held. */
    untilCut: () =>
      Promise.all(connections.map(async ({ readable }) => {
        for await (const _ of readable);
      })),
    async [Symbol.asyncDispose]() {
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // It has ended.
        }
      }
      feed.close();
      await server.shutdown(1000);
    },
  };
}

const PATHS = ["/metrics", "/api/v1/trees", "/api/v1/events", "/"];

Deno.test("one connection that reads nothing holds no more than its part", async () => {
  await using exporter = await start();
  await exporter.hold(Array.from({ length: 200 }, (_, i) => PATHS[i % PATHS.length]!));
  // Its last request is answered before this one is.
  for (const path of PATHS) assert.equal(await exporter.get(path), 200, path);
});

Deno.test("connections that hold all places lose them to whoever asks next", async () => {
  await using exporter = await start();
  for (let i = 0; i < 5; i++) await exporter.hold(Array.from({ length: 10 }, () => "/metrics"));
  const deadline = performance.now() + 10_000;
  assert.equal(await exporter.get("/-/healthy"), 200);
  while (await exporter.get("/metrics") !== 200) {
    assert.ok(performance.now() < deadline, "all places are held");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

Deno.test("an answer that nobody reads is cut, whatever else its connection asks for", async () => {
  await using exporter = await start({ answerMs: 500 });
  await exporter.hold(["/metrics", "/api/v1/events?trees=true"]);
  await exporter.hold(["/-/healthy"]);
  await exporter.untilCut();
});

Deno.test("requests that are taken back at once hold nothing", async () => {
  await using exporter = await start();
  const held = await Promise.all(
    Array.from({ length: 5 }, () => askAndCancel(exporter.port, "/metrics", 400)),
  );
  try {
    for (const path of PATHS) assert.equal(await exporter.get(path), 200, path);
  } finally {
    for (const connection of held) connection.close();
  }
});

/** Goes on until the other end has cut the connection. */
async function untilCut(connection: Deno.TcpConn, goOn: () => Promise<void>): Promise<void> {
  let isOver = false;
  const read = Array.fromAsync(connection.readable).catch(() => {}).then(() => isOver = true);
  while (!isOver) {
    await goOn().catch(() => isOver = true);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await read;
}

Deno.test("an answer that is read byte by byte is cut as one that nobody reads", async () => {
  await using exporter = await start({ answerMs: 500 });
  const { connection, drip } = await askAndDrip(exporter.port, "/metrics");
  await untilCut(connection, drip);
});

Deno.test("a request whose fields never end is cut", async () => {
  await using exporter = await start();
  const { connection, more } = await askWithoutEnd(exporter.port);
  await untilCut(connection, more);
  assert.equal(await exporter.get("/metrics"), 200);
});
