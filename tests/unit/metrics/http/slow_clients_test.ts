import assert from "node:assert/strict";
import { OwnListeners } from "../../../../fingerprint/mod.ts";
import { createApp, serve } from "../../../../metrics/http/mod.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../fake_watcher.ts";

const LISTENERS = new OwnListeners();

/** An app of so many trees, with a text of three kilobytes each. */
function setUp(trees: number) {
  const watcher = new FakeWatcher();
  const ids = Array.from({ length: trees }, (_, i) => watcher.add(`/sshd/base/worker-${i}`, busyRow(3, 1, 0.5)));
  const { scraper, feed } = feeding(watcher);
  const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
  const log = new KeptLog();
  const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
  const relaunch = (launches: number) => ids.forEach((id) => watcher.set(id, busyRow(launches, 1, 0.5)));
  return { scraper, app, log, relaunch };
}

/** Launches of the trees that a text shows. */
function launchesIn(text: string): Set<number> {
  return new Set([...text.matchAll(/^cnproc_tree_launches_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count)));
}

Deno.test("who reads slowly gets the text as it was, whatever is scraped meanwhile", async () => {
  const { app, log, relaunch } = setUp(5000);
  const server = await serve({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    handler: app.fetch,
    log,
    listeners: LISTENERS,
  });
  const { port } = server.addresses[0]!;
  const slow = await Promise.all(Array.from({ length: 3 }, async (_, index) => {
    relaunch(100 + index);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    // The first bytes are here: the text is written.
    const start = new Uint8Array(100);
    const length = await connection.read(start);
    return { connection, start: start.subarray(0, length!) };
  }));
  for (let i = 0; i < 6; i++) {
    relaunch(1000 + i);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.deepEqual([...launchesIn(text)], [1000 + i]);
  }
  for (const { connection, start } of slow) {
    const text = new TextDecoder().decode(start) + await new Response(connection.readable).text();
    const launches = launchesIn(text);
    assert.equal(launches.size, 1);
    assert.ok([...launches][0]! < 1000, "no later text shows through");
  }
  await server.shutdown(1000);
  await server.finished;
});
