import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { Hono } from "hono";
import { Admission } from "../../../../metrics/http/admission.ts";
import { rateLimiter } from "../../../../metrics/http/rate_limiter.ts";
import { NO_WEB_CONFIG } from "../../../../metrics/http/web_settings.ts";

const USERS = new Map([["alice", hashSync("right", 4)]]);

function setUp() {
  let asked = 0;
  const admission = new Admission(), app = new Hono();
  app.use(admission.middleware);
  app.get("/", (context) => (asked++, context.text("behind\n")));
  const ask = async (credentials?: string) =>
    await app.request(
      "http://a/",
      credentials === undefined ? {} : { headers: { authorization: `Basic ${btoa(credentials)}` } },
      { remoteAddr: { hostname: "127.0.0.1", port: 1 } },
    );
  return { admission, ask, asked: () => asked };
}

Deno.test("without a configuration everybody gets through", async () => {
  const { ask } = setUp();
  assert.equal(await (await ask()).text(), "behind\n");
});

Deno.test("only who is known gets through, and every answer has the headers", async () => {
  const { admission, ask, asked } = setUp();
  admission.config = { ...NO_WEB_CONFIG, users: USERS, headers: { "X-Frame-Options": "sameorigin" } };
  for (const [credentials, status] of [[undefined, 401], ["alice:wrong", 401], ["alice:right", 200]] as const) {
    const answer = await ask(credentials);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("x-frame-options"), "sameorigin");
    assert.equal(answer.headers.has("www-authenticate"), status === 401);
    assert.equal(answer.headers.get("cache-control"), status === 401 ? "no-store" : null);
    await answer.text();
  }
  assert.equal(asked(), 1);
});

Deno.test("requests beyond the limit are answered with 429, before anybody is asked for a password", async () => {
  const { admission, ask } = setUp();
  admission.config = { ...NO_WEB_CONFIG, users: USERS, rateLimit: { intervalMs: 60_000, burst: 2 } };
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await ask(i === 3 ? "alice:right" : undefined)).status);
  assert.deepEqual(statuses, [401, 401, 429, 429]);
  admission.config = { ...NO_WEB_CONFIG, rateLimit: { intervalMs: 60_000, burst: 2 } };
  assert.equal((await ask()).status, 429, "the same limit goes on");
  admission.config = NO_WEB_CONFIG;
  assert.equal((await ask()).status, 200);
});

Deno.test("the limit fills up again with time, and no further than the burst", () => {
  let now = 0;
  const take = rateLimiter({ intervalMs: 100, burst: 2 }, () => now);
  const taken = () => [take(), take(), take()];
  assert.deepEqual(taken(), [true, true, false]);
  now += 100;
  assert.deepEqual(taken(), [true, false, false]);
  now += 100_000;
  assert.deepEqual(taken(), [true, true, false]);
});
