import assert from "node:assert/strict";
import { OwnListeners } from "../../../../fingerprint/mod.ts";
import { gunzipSync } from "node:zlib";
import { createApp, ListenError, serve, type Serving } from "../../../../metrics/http/mod.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../fake_watcher.ts";

const LISTENERS = new OwnListeners();
const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** A server on a free port of the loopback; `ask` sends bytes and reads until the other side closes or answers whole. */
async function setUp() {
  const watcher = new FakeWatcher();
  for (let i = 0; i < 300; i++) watcher.add(`/sshd/base/tree-${i}`, busyRow(3, 1, 0.5));
  const { scraper, feed } = feeding(watcher);
  const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
  const log = new KeptLog();
  const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
  const counted = { requests: 0 };
  const handler = (request: Request) => (counted.requests++, app.fetch(request));
  const serving = await serve({ addresses: [LOOPBACK], handler, log, listeners: LISTENERS });
  const { port } = serving.addresses[0]!;
  return { watcher, log, serving, counted, port, ask: (request: string | Uint8Array) => ask(port, request) };
}

/** Sends a request on a connection of its own, and gives everything that comes back until the other side closes. */
async function ask(port: number, request: string | Uint8Array): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = typeof request === "string" ? new TextEncoder().encode(request) : request;
  const sent = writeAll(connection, bytes);
  let answer = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await connection.read(buffer).catch(() => null); // A reset is an end too.
    if (count === null) break;
    answer += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  await sent;
  return answer;
}

/** Writes until all is written, or the other side wants no more. */
async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const count = await connection.write(bytes.subarray(at)).catch(() => undefined);
    if (count === undefined) return;
    at += count;
  }
}

const stop = (serving: Serving): Promise<void> => serving.shutdown(500);

Deno.test("port 0 becomes a real one, and the log says which", async () => {
  const { serving, log, port, ask } = await setUp();
  assert.ok(port > 0);
  assert.deepEqual(log.lines, [`info Listening {"address":"127.0.0.1:${port}"}`]);
  assert.match(await ask("GET /-/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 OK\r\n/);
  await stop(serving);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), Deno.errors.ConnectionRefused);
});

Deno.test("an address that is taken or foreign is an error with a remedy, and nothing else is left listening", async () => {
  const { serving, log, port } = await setUp();
  const free = Deno.listen(LOOPBACK);
  const freed = (free.addr as Deno.NetAddr).port;
  free.close();
  const handler = () => new Response();
  const cases: [hostname: string, port: number, want: RegExp][] = [
    [
      "127.0.0.1",
      port,
      /^Cannot listen on 127\.0\.0\.1:\d+: the port is taken by another program; choose one with --web/,
    ],
    ["192.0.2.1", 0, /^Cannot listen on 192\.0\.2\.1:0: this machine has no such address; /],
    ["no-such-host.invalid", 0, /^Cannot listen on no-such-host\.invalid:0: .*; give an address/],
  ];
  for (const [hostname, port, want] of cases) {
    const addresses = [{ hostname: "127.0.0.1", port: freed }, { hostname, port }];
    await assert.rejects(serve({ addresses, handler, log, listeners: LISTENERS }), (error) => {
      assert.ok(error instanceof ListenError);
      assert.match(error.message, want);
      return true;
    });
    Deno.listen({ hostname: "127.0.0.1", port: freed }).close();
  }
  assert.equal(log.lines.length, 1, "only the server that listens says so");
  await stop(serving);
});

Deno.test("several addresses, and all of them for one without a host", async () => {
  const log = new KeptLog();
  const serving = await serve({
    addresses: [LOOPBACK, { hostname: "", port: 0 }],
    handler: () => new Response("hello"),
    log,
    listeners: LISTENERS,
  });
  assert.equal(log.lines.length, 2);
  for (const { port } of serving.addresses) {
    assert.match(await ask(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), /hello$/);
  }
  await stop(serving);
});

Deno.test("requests as they come from a socket", async () => {
  const { serving, ask } = await setUp();
  const close = "Host: x\r\nConnection: close\r\n";
  const cases: [what: string, request: string | Uint8Array, want: RegExp][] = [
    ["HTTP/1.0", "GET /-/ready HTTP/1.0\r\n\r\n", /^HTTP\/1\.0 200 OK\r\n[^]*cnproc-exporter is ready\n$/],
    ["HTTP/1.0 metrics", "GET /metrics HTTP/1.0\r\n\r\n", /^HTTP\/1\.0 200 OK\r\n[^]*\nprocess_seconds_count\{tree=/],
    [
      "HEAD",
      `HEAD /metrics HTTP/1.1\r\n${close}\r\n`,
      /^HTTP\/1\.1 200 OK\r\n[^]*content-length: \d{5,}\r\n[^]*\r\n\r\n$/,
    ],
    [
      "a wrong method",
      `POST /metrics HTTP/1.1\r\n${close}Content-Length: 3\r\n\r\nabc`,
      /^HTTP\/1\.1 405 [^]*allow: GET, HEAD\r\n/,
    ],
    ["a made-up method", `FROB /metrics HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 405 /],
    ["path traversal", `GET /../../etc/passwd HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 404 /],
    ["encoded traversal", `GET /metrics/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 404 /],
    ["a whole URL", `GET http://elsewhere/-/ready HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 200 /],
    ["a broken escape", `GET /%zz%ff HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 404 /],
    ["an odd host", "GET /-/ready HTTP/1.1\r\nHost: [::::/\\?#\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 [245]\d\d /],
    ["no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", /^HTTP\/1\.1 400 |^$/],
    ["a header of 1 MB", `GET /metrics HTTP/1.1\r\n${close}X: ${"a".repeat(1 << 20)}\r\n\r\n`, /^HTTP\/1\.1 4\d\d |^$/],
    ["a path of 1 MB", `GET /${"a".repeat(1 << 20)} HTTP/1.1\r\n${close}\r\n`, /^HTTP\/1\.1 4\d\d |^$/],
    [
      "10,000 headers",
      `GET /metrics HTTP/1.1\r\n${close}${Array.from({ length: 10_000 }, (_, i) => `a${i}: b\r\n`).join("")}\r\n`,
      /^HTTP\/1\.1 4\d\d |^$/,
    ],
    [
      "an Accept of 8 kB",
      `GET /metrics HTTP/1.1\r\n${close}Accept: ${"text/html;q=0.1,".repeat(500)}\r\n\r\n`,
      /^HTTP\/1\.1 200 [^]*content-type: text\/plain; version=0\.0\.4/,
    ],
  ];
  for (const [what, request, want] of cases) {
    const answer = await ask(request);
    assert.match(answer, want, `${what}: ${answer.slice(0, 300)}`);
    assert.match(await ask("GET /-/ready HTTP/1.0\r\n\r\n"), / 200 OK/, `after ${what}`);
  }
  await stop(serving);
});

Deno.test("many scrapes at the same time share one collect, each gets the whole text", async () => {
  const { serving, watcher, counted, port } = await setUp();
  const barrier = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  const scrapes = Array.from({ length: 100 }, async (_, index) => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: {
        accept: index % 2 === 0 ? "application/openmetrics-text" : "text/plain",
        "accept-encoding": index % 3 === 0 ? "gzip" : "identity",
      },
    });
    return await answer.text();
  });
  while (counted.requests < 100) await new Promise((resolve) => setTimeout(resolve, 5));
  barrier.resolve();
  const texts = await Promise.all(scrapes);
  assert.equal(watcher.collects, 1);
  texts.forEach((text, index) => {
    assert.match(text, index % 2 === 0 ? /\n# EOF\n$/ : /\nprocess_seconds_count\{tree="[^"]*"\} \d+\n$/);
    assert.equal(text.match(/^cnproc_tree_running\{/gm)!.length, 300);
  });
  await stop(serving);
});

Deno.test("gzip over the wire is what the header says", async () => {
  const { serving, port } = await setUp();
  using client = Deno.createHttpClient({});
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
    client,
    headers: { "accept-encoding": "gzip;q=1.0" },
  });
  // fetch undoes the coding and takes the header away: the same bytes again, by hand.
  assert.match(await response.text(), /cnproc_trees_limit 1000/);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(
    new TextEncoder().encode("GET /metrics HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n"),
  );
  const bytes = new Uint8Array(await new Response(connection.readable).arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  const bodyStart = text.indexOf("\r\n\r\n") + 4;
  assert.match(text.slice(0, bodyStart), /content-encoding: gzip\r\n/);
  assert.match(new TextDecoder().decode(gunzipSync(bytes.subarray(bodyStart))), /cnproc_trees_limit 1000/);
  await stop(serving);
});

Deno.test("a client that wants Brotli gets plain text, not a costly coding", async () => {
  const { serving, ask } = await setUp();
  const answer = await ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n");
  assert.doesNotMatch(answer, /content-encoding/i);
  await stop(serving);
});

Deno.test("shutdown lets answers under way end, and waits for stuck clients no longer than it should", async () => {
  const { serving, watcher, port } = await setUp();
  const idle = await Deno.connect({ hostname: "127.0.0.1", port });
  const half = await Deno.connect({ hostname: "127.0.0.1", port });
  await half.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHos"));
  const barrier = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  const underWay = ask(port, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  while (watcher.collects === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  const stopped = serving.shutdown(300);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), /Connection (?:refused|reset)/);
  barrier.resolve();
  assert.match(await underWay, /^HTTP\/1\.1 200 OK/);
  await stopped;
  const took = performance.now() - start;
  assert.ok(took < 1500, `${took} ms`);
  idle.close();
  half.close();
  await serving.finished;
});
