import assert from "node:assert/strict";
import { Hono } from "hono";
import { requestCheck, type RequestCheckOptions } from "../../../../metrics/http/request_check.ts";
import { ask } from "../../../e2e/clients.ts";

/** Answers with the path that it believes to be asked for. */
function serving(options: Partial<RequestCheckOptions> = {}) {
  const app = new Hono();
  app.use(requestCheck({ allowedHosts: [], loopbackOnly: () => false, ...options }));
  app.all("*", (context) => context.text(`path ${context.req.path}\n`));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  return {
    /** Sends a request as it is, and gives all answers that come. */
    send: (head: string) => ask(server.addr.port, head, 500),
    status: async (url: string, headers: Record<string, string>, method = "GET") =>
      (await app.fetch(new Request(url, { headers, method }))).status,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Status lines and bodies of what came. */
function parts(answers: string): string[] {
  return [...answers.matchAll(/^HTTP\/1\.\d (\d+)|^path (.*)$/gm)].map(([, status, path]) => status ?? path!);
}

Deno.test("a Host is one name or address, with a port or without", async () => {
  await using server = serving();
  const good = [
    "x",
    "x:1",
    "X.example.",
    "10.0.0.1:9501",
    "[::1]",
    "[::1]:9501",
    "a_b-c.d~e",
    "%41:",
    "xn--bcher-kva.example",
    "x:0",
    "x:65535",
    "[::ffff:10.0.0.1]",
    "rack.01",
  ];
  for (const host of good) {
    const answers = await server.send(`GET /-/healthy HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(parts(answers), ["200", "/-/healthy"], host);
  }
  const bad = [
    "x/metrics?",
    "x/metrics#",
    "x?",
    "x#",
    "x/",
    "/",
    "x\\metrics",
    "a b",
    "u@x",
    "u:p@x",
    ":1",
    "",
    "x:a",
    "x:1:2",
    "::1",
    "[::1",
    "[x]",
    "[::1]x",
    "x,y",
    "x, y",
    "x\ty",
    "http://x",
    "x%",
    "x%2",
    "<x>",
    'x"',
    "{x}",
    "x|y",
    "x^",
    "\xe9",
    "x:65536",
    "[::1]:99999",
    "[:]",
    "[1::2::3]",
    "[12345::1]",
    "[::999.0.0.1]",
    "[fe80::1%25eth0]",
    "[]",
    ".",
    "..",
    "x\x7f",
  ];
  for (const host of bad) {
    const answers = await server.send(`GET /-/healthy HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(parts(answers), ["400"], host);
  }
});

Deno.test("there is exactly one Host, and a target that names one names the same", async () => {
  await using server = serving();
  const close = "Connection: close\r\n\r\n";
  const cases: [request: string, want: string[]][] = [
    [`GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n${close}`, ["400"]],
    [`GET /a HTTP/1.1\r\nHost: x\r\nHost: x\r\n${close}`, ["400"]],
    [`GET http://x:1/a HTTP/1.1\r\nHost: X:1\r\n${close}`, ["200", "/a"]],
    [`GET http://y/a HTTP/1.1\r\nHost: x\r\n${close}`, ["400"]],
    [`GET http://u@x/a HTTP/1.1\r\n${close}`, ["400"]],
    [`GET /a HTTP/1.0\r\n\r\n`, ["200", "/a"]],
  ];
  for (const [request, want] of cases) assert.deepEqual(parts(await server.send(request)), want, request);
});

Deno.test("a body whose end is told in two ways is the last thing on its connection", async () => {
  await using server = serving();
  const next = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const both = `POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${next}`;
  assert.deepEqual(parts(await server.send(both)), ["400"]);
  // Deno hides this Content-Length.
  const other = `POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${next}`;
  assert.deepEqual(parts(await server.send(other)), ["200", "/a"]);
  const twice = "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  assert.deepEqual(parts(await server.send(twice)), ["200", "/a", "200", "/b"]);
});

Deno.test("names that somebody else may give this machine", async () => {
  const cases: [allowedHosts: string[], loopbackOnly: boolean, host: string, want: number][] = [
    [[], true, "localhost:9501", 200],
    [[], true, "LOCALHOST.", 200],
    [[], true, "127.0.0.1:9501", 200],
    [[], true, "[::1]:9501", 200],
    [[], true, "10.0.0.1", 200],
    [[], true, "rebound.example:9501", 403],
    [[], true, "127.0.0.1.rebound.example", 403],
    [[], true, "localhost.rebound.example", 403],
    [[], true, "notlocalhost", 403],
    [[], false, "rebound.example", 200],
    [["good.example"], true, "Good.Example.:9501", 200],
    [["Good.example"], true, "good.example", 200],
    [["good.example"], true, "sub.good.example", 403],
    [["good.example"], false, "rebound.example", 403],
    [["good.example"], false, "10.0.0.1", 200],
    [["*"], true, "rebound.example", 200],
  ];
  for (const [allowedHosts, loopbackOnly, host, want] of cases) {
    await using server = serving({ allowedHosts, loopbackOnly: () => loopbackOnly });
    const status = await server.status(`http://${host}/metrics`, { host });
    assert.equal(status, want, `${host}, ${allowedHosts}, ${loopbackOnly}`);
  }
  // Sent as they are: a client of addresses would make other ones of them.
  await using server = serving({ allowedHosts: [], loopbackOnly: () => true });
  for (const host of ["999.0.0.1", "2130706433", "127.1", "0x7f.0.0.1", "%31.0.0.1"]) {
    const answers = await server.send(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(parts(answers), ["403"], host);
  }
});

Deno.test("pages of other sites ask neither the API nor for a reload", async () => {
  await using server = serving();
  const cases: [method: string, path: string, headers: Record<string, string>, want: number][] = [
    ["GET", "/api/v1/trees", { "sec-fetch-site": "cross-site" }, 403],
    ["GET", "/api/v1/events", { "sec-fetch-site": "cross-site" }, 403],
    ["POST", "/-/reload", { "sec-fetch-site": "cross-site" }, 403],
    ["POST", "/-/reload", { origin: "http://other.example" }, 403],
    ["POST", "/-/reload", { origin: "null" }, 403],
    ["POST", "/-/reload", { origin: "http://x:9501" }, 200],
    ["POST", "/-/reload", {}, 200],
    ["GET", "/api/v1/trees", {}, 200],
    ...["same-origin", "same-site", "none"].map((
      site,
    ): [string, string, Record<string, string>, number] => ["GET", "/api/v1/trees", { "sec-fetch-site": site }, 200]),
    ["GET", "/metrics", { "sec-fetch-site": "cross-site" }, 200],
    ["GET", "/", { "sec-fetch-site": "cross-site" }, 200],
  ];
  for (const [method, path, headers, want] of cases) {
    assert.equal(
      await server.status(`http://x:9501${path}`, { host: "x:9501", ...headers }, method),
      want,
      `${path} ${JSON.stringify(headers)}`,
    );
  }
});
