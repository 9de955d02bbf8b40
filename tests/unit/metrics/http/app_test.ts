import assert from "node:assert/strict";
import { decodeFamilies } from "../exposition/metrics_proto.ts";
import { gunzipSync } from "node:zlib";
import { ConnectionGuard, GUARD_LIMITS } from "../../../../metrics/http/connection_guard.ts";
import { createApp } from "../../../../metrics/http/mod.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../fake_watcher.ts";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const SECRET = "<script>alert('&\"')</script>";

interface SetUp {
  readonly telemetryPath?: string;
  readonly maxRequests?: number;
  readonly reload?: () => Promise<string | undefined>;
}

/** Where a request comes from, and when its answer has been read. */
const READ_AT_ONCE = { remoteAddr: { hostname: "127.0.0.1", port: 1 }, completed: Promise.resolve() };

function setUp({ telemetryPath = "/metrics", maxRequests = 40, reload }: SetUp = {}) {
  const watcher = new FakeWatcher();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  watcher.add(`/random/${SECRET}`, busyRow(1, 0, 0.5));
  const health: { notReady?: string; unhealthy?: string } = {};
  const log = new KeptLog();
  const notReady = () => health.notReady;
  const { scraper, feed } = feeding(watcher, { notReady, timeoutMs: 50 });
  const app = createApp({
    scraper,
    feed,
    health: { notReady, unhealthy: () => Promise.resolve(health.unhealthy) },
    log,
    telemetryPath,
    middleware: [
      new ConnectionGuard({ list: () => [], cut() {}, files: () => 0 }, { ...GUARD_LIMITS, slots: maxRequests })
        .middleware,
    ],
    version: "1.2.3",
    reload,
  });
  const get = (path: string, headers: Record<string, string> = {}, method = "GET", env: object = READ_AT_ONCE) =>
    app.request(path, { method, headers }, env);
  return { watcher, health, log, app, get, [Symbol.dispose]: () => feed.close() };
}

Deno.test("the metrics in the format and the coding asked for", async () => {
  using scene = setUp();
  const { get } = scene;
  const text = await get("/metrics");
  assert.equal(text.status, 200);
  assert.equal(text.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(text.headers.get("content-encoding"), null);
  assert.equal(text.headers.get("vary"), "Accept, Accept-Encoding");
  assert.equal(text.headers.get("cache-control"), "no-store, no-transform");
  const body = await text.text();
  assert.equal(text.headers.get("content-length"), String(new TextEncoder().encode(body).length));
  assert.match(body, /^cnproc_tree_launches_total\{tree="\/sshd\/base"\} 3$/m);
  assert.doesNotMatch(body, /# EOF/);

  const compressed = await get("/metrics", { accept: "application/openmetrics-text", "accept-encoding": "gzip" });
  assert.equal(compressed.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.equal(compressed.headers.get("content-encoding"), "gzip");
  const bytes = new Uint8Array(await compressed.arrayBuffer());
  assert.equal(compressed.headers.get("content-length"), String(bytes.length));
  assert.match(new TextDecoder().decode(gunzipSync(bytes)), /\n# EOF\n$/);

  const accept =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,*/*;q=0.2";
  const protobuf = await get("/metrics", { accept });
  assert.equal(
    protobuf.headers.get("content-type"),
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
  );
  const families = decodeFamilies(new Uint8Array(await protobuf.arrayBuffer()));
  const launches = families.find(({ name }) => name === "cnproc_tree_launches_total")!.metric;
  const own = launches.find(({ label }) => label.some(({ value }) => value === "/sshd/base"));
  assert.equal(own?.counter?.value, 3);
});

Deno.test("a request may ask for groups of metrics", async () => {
  using scene = setUp();
  const { get } = scene;
  const some = await (await get("/metrics?collect[]=launches&collect%5B%5D=running")).text();
  assert.deepEqual(new Set(some.match(/^\w+/gm)), new Set(["cnproc_tree_launches_total", "cnproc_tree_running"]));
  assert.doesNotMatch(await (await get("/metrics?exclude[]=exporter")).text(), /^cnproc_trees/m);
  for (const query of ["collect[]=nothing", "collect[]=io&exclude[]=cpu"]) {
    assert.equal((await get(`/metrics?${query}`)).status, 400, query);
  }
});

Deno.test("a scrape is confirmed that somebody waits for, and nothing else", async () => {
  using scene = setUp();
  const { watcher, app, get } = scene;
  await get("/metrics");
  await get("/");
  assert.deepEqual(watcher.confirmed, [1, 2]);
  await get("/", { accept: BROWSER });
  await get("/metrics", {}, "HEAD");
  const gone = new AbortController(), barrier = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  const answer = app.request("/metrics", { signal: gone.signal }, READ_AT_ONCE);
  gone.abort();
  barrier.resolve();
  await answer;
  watcher.failure = new Error("no report");
  assert.equal((await get("/metrics")).status, 500);
  assert.deepEqual(watcher.confirmed, [1, 2]);
});

Deno.test("/ is the page for a browser and the metrics for anything else", async () => {
  using scene = setUp();
  const { get } = scene;
  for (const accept of ["*/*", "text/plain", "nonsense;;;,"]) {
    assert.match((await get("/", { accept })).headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  }
  const page = await get("/", { accept: BROWSER });
  assert.match(page.headers.get("content-type")!, /^text\/html/);
  assert.equal(page.headers.get("vary"), "Accept, Accept-Encoding");
});

Deno.test("the page shows trees, escaped, and allows nothing from elsewhere", async () => {
  using scene = setUp();
  const { get, health } = scene;
  const page = await get("/", { accept: BROWSER });
  const html = await page.text();
  assert.match(html, /^<!DOCTYPE html>/);
  assert.match(html, /<b>base<\/b>.*?<\/span><span role="gridcell">1<\/span><span role="gridcell">3<\/span>/);
  assert.ok(html.includes('data-path="/random/&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"'));
  assert.match(html, /<b>script&gt;<\/b><\/a><em class="random" title="[^"]+">random<\/em>/);
  assert.equal([...html.matchAll(/<script/g)].length, 1);
  assert.match(html, /<a href="\/metrics">/);
  assert.match(html, /1\.2\.3/);
  const policy = page.headers.get("content-security-policy")!;
  assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
  for (const name of ["style", "script"]) {
    const text = new RegExp(`<${name}>([^]*?)</${name}>`).exec(html)![1]!;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    assert.ok(policy.includes(`${name}-src 'sha256-${btoa(String.fromCharCode(...digest))}'`), `${name}'s own hash`);
  }
  assert.doesNotMatch(html, / on[a-z]+=| style=|https?:\/\/(?!www\.w3\.org)/, "nothing inline, nothing from elsewhere");
  health.notReady = "the start-up <scan>";
  assert.match(await (await get("/", { accept: BROWSER })).text(), /not ready: the start-up &lt;scan&gt;/);
});

Deno.test("the page comes before the exporter is ready, and asks the worker for nothing", async () => {
  using scene = setUp();
  const { get, health, watcher } = scene;
  health.notReady = "scanning";
  watcher.barrier = new Promise(() => {});
  assert.equal((await get("/", { accept: BROWSER })).status, 200);
  assert.equal(watcher.collects, 0);
});

Deno.test("health and readiness say why not", async () => {
  using scene = setUp();
  const { get, health } = scene;
  for (const [path, key] of [["/-/healthy", "unhealthy"], ["/-/ready", "notReady"]] as const) {
    assert.equal((await get(path)).status, 200);
    health[key] = "the reason";
    const answer = await get(path);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /: the reason\n$/);
  }
});

Deno.test("other methods and other paths", async () => {
  using scene = setUp();
  const { get } = scene;
  for (const path of ["/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/trees", "/api/v1/events"]) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FROB"]) {
      const answer = await get(path, {}, method);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get("allow"), "GET, HEAD");
    }
  }
  for (
    const path of ["/metrics/", "/Metrics", "/metricsx", "/-/", "/..", "/%2e%2e/etc/passwd", "/metrics%00", "//metrics"]
  ) {
    const answer = await get(path);
    if (path === "/..") assert.equal(answer.status, 200, "the URL itself is normalised to /");
    else assert.equal(answer.status, 404, path);
  }
  assert.equal((await get("/nothing", {}, "POST")).status, 404);
});

Deno.test("a reload is a POST where it is allowed, and its failure tells no more than that", async () => {
  using forbidden = setUp();
  assert.equal((await forbidden.get("/-/reload", {}, "POST")).status, 403);
  let problem: string | undefined = undefined;
  let reloads = 0;
  using scene = setUp({ reload: () => (reloads++, Promise.resolve(problem)) });
  for (const method of ["GET", "HEAD", "DELETE"]) {
    const answer = await scene.get("/-/reload", {}, method);
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "POST, PUT");
  }
  assert.equal(reloads, 0);
  assert.equal((await scene.get("/-/reload", {}, "POST")).status, 200);
  problem = "a secret in line 3";
  const failed = await scene.get("/-/reload", {}, "PUT");
  assert.equal(failed.status, 500);
  assert.doesNotMatch(await failed.text(), /secret/);
  assert.equal(reloads, 2);
});

Deno.test("HEAD has the headers and no body", async () => {
  using scene = setUp();
  const { get } = scene;
  const answer = await get("/metrics", {}, "HEAD");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  assert.ok(Number(answer.headers.get("content-length")) > 1000);
  assert.equal(await answer.text(), "");
});

Deno.test("every answer carries the security headers", async () => {
  using scene = setUp();
  const { get, watcher } = scene;
  watcher.failure = new Error("x");
  for (const [path, status] of [["/metrics", 500], ["/nothing", 404], ["/-/ready", 200]] as const) {
    const answer = await get(path);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(answer.headers.get("x-frame-options"), "DENY", path);
    assert.match(answer.headers.get("cache-control")!, /no-store/, path);
  }
});

Deno.test("an error inside is logged and not told", async () => {
  using scene = setUp();
  const { get, watcher, log } = scene;
  watcher.failure = new Error("a secret");
  const failed = await get("/metrics");
  assert.equal(failed.status, 500);
  assert.doesNotMatch(await failed.text(), /secret/);
  assert.match(log.lines.join(), /error Cannot answer a request .*a secret/);
  watcher.failure = undefined;
  watcher.barrier = new Promise(() => {});
  assert.equal((await get("/metrics")).status, 503);
  assert.match(log.lines.at(-1)!, /error Cannot collect the changes: no answer/);
});

Deno.test("more requests than allowed get 503, and the next ones are answered", async () => {
  using scene = setUp({ maxRequests: 3 });
  const { get, watcher, log } = scene;
  const barrier = Promise.withResolvers<void>(), read = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  const env = { ...READ_AT_ONCE, completed: read.promise };
  const paths = ["/metrics", "/api/v1/trees", "/", "/api/v1/events", "/metrics"];
  const requests = paths.map((path) => get(path, {}, "GET", env));
  await Promise.resolve();
  barrier.resolve();
  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200, 200, 503, 503]);
  const said = log.lines.filter((line) => line.includes("--web.max-requests is reached"));
  assert.equal(said.length, 1, "once for all of them");
  assert.match(said[0]!, /^warn .*"remedy":"raise --web.max-requests/);
  assert.equal(watcher.collects, 1);
  assert.equal((await get("/-/healthy", {}, "GET", env)).status, 200, "what costs nothing is answered");
  // What Deno says at the end of an answer whose length was given.
  read.reject(new Error("HTTP response was not sent successfully"));
  await new Promise((resolve) => setTimeout(resolve));
  const next = await get("/metrics");
  assert.equal(next.status, 200);
  assert.match(await next.text(), /^cnproc_scrapes_rejected_total 2$/m);
  watcher.failure = new Error("x");
  for (let i = 0; i < 5; i++) assert.equal((await get("/metrics")).status, 500, "a failure gives its place back");
});

Deno.test("another telemetry path", async () => {
  using scene = setUp({ telemetryPath: "/probe/cnproc" });
  const { get } = scene;
  assert.equal((await get("/probe/cnproc")).status, 200);
  assert.equal((await get("/metrics")).status, 404);
  assert.match(await (await get("/", { accept: BROWSER })).text(), /<a href="\/probe\/cnproc">/);
  using root = setUp({ telemetryPath: "/" });
  assert.match((await root.get("/", { accept: BROWSER })).headers.get("content-type")!, /^text\/plain; version/);
});
