/** Streams of events over real connections. */

import assert from "node:assert/strict";
import { OwnListeners } from "../../../../../fingerprint/mod.ts";
import { createApp, serve } from "../../../../../metrics/http/mod.ts";
import type { Feed } from "../../../../../metrics/http/api/mod.ts";
import { addressText } from "../../../../../metrics/text/mod.ts";
import { poll } from "../../../../live/exporter.ts";
import { FakeWatcher, feeding, KeptLog } from "../../fake_watcher.ts";

const LISTENERS = new OwnListeners();

async function withServer(
  work: (url: string, feed: Feed, shutdown: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const watcher = new FakeWatcher(), log = new KeptLog();
  const { scraper, feed } = feeding(watcher);
  const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
  const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
  const server = await serve({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    handler: app.fetch,
    log,
    listeners: LISTENERS,
  });
  const shutdown = async () => {
    feed.close();
    await server.shutdown(5000);
    await server.finished;
  };
  try {
    await work(`http://${addressText(server.addresses[0]!)}/api/v1/events`, feed, shutdown);
  } finally {
    await shutdown();
  }
}

const STREAM = { accept: "text/event-stream" };

Deno.test("a reader who goes is forgotten", async () => {
  await withServer(async (url, feed) => {
    using client = Deno.createHttpClient({});
    const gone = new AbortController();
    const answer = await fetch(url, { headers: STREAM, client, signal: gone.signal });
    assert.equal(answer.headers.get("content-encoding"), null);
    assert.equal(feed.subscribers, 1);
    gone.abort();
    await poll("nobody listening", () => feed.subscribers === 0);
  });
});

Deno.test("closing ends the streams, so that a shutdown needs no patience", async () => {
  await withServer(async (url, _feed, shutdown) => {
    using client = Deno.createHttpClient({});
    const answers = await Promise.all([1, 2, 3].map(() => fetch(url, { headers: STREAM, client })));
    const began = performance.now();
    await shutdown();
    assert.ok(performance.now() - began < 2000, `${performance.now() - began} ms`);
    for (const answer of answers) assert.match(await answer.text(), /^retry: \d+\n\n/);
  });
});
