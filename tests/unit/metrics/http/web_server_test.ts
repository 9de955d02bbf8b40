import assert from "node:assert/strict";
import { OwnListeners } from "../../../../fingerprint/mod.ts";
import { Hono } from "hono";
import { WebServer } from "../../../../metrics/http/mod.ts";
import { isLoopback } from "../../../../metrics/http/web_server.ts";
import { KeptLog } from "../fake_watcher.ts";

const LISTENERS = new OwnListeners();
const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
/** No connections to look after. */
const NOBODY = { list: () => [], cut() {}, files: () => 0 };

async function setUp(text: string, addresses = [LOOPBACK]) {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, text);
  const log = new KeptLog();
  const server = new WebServer({
    addresses,
    configFile: file,
    connections: NOBODY,
    listeners: LISTENERS,
    maxRequests: 40,
    allowedHosts: [],
    log,
  });
  const app = new Hono();
  app.use(...server.middleware);
  app.get("/", (context) => context.text("behind\n"));
  (await server.load())();
  await server.start(app.fetch);
  const get = async () => {
    const response = await fetch(`http://127.0.0.1:${server.addresses[0]!.port}/`);
    return { header: response.headers.get("x-frame-options"), text: await response.text() };
  };
  const end = async () => {
    await server.shutdown(1000);
    await Deno.remove(file);
  };
  return { file, log, server, get, end };
}

const framing = (value: string) => `http_server_config: {headers: {X-Frame-Options: ${value}}}\n`;

Deno.test("the configuration is put into force when it is loaded, and stays while its file is broken", async () => {
  const { file, server, get, end } = await setUp(framing("deny"));
  assert.deepEqual(await get(), { header: "deny", text: "behind\n" });
  await Deno.writeTextFile(file, framing("sameorigin"));
  const apply = await server.load();
  assert.equal((await get()).header, "deny", "all or nothing: whoever loads decides");
  apply();
  assert.equal((await get()).header, "sameorigin");
  await Deno.writeTextFile(file, "oops: 1\n");
  await assert.rejects(server.load(), /:1:1: the key "oops" is unknown/);
  assert.equal((await get()).header, "sameorigin");
  await end();
});

Deno.test("a change of the file is seen without being told, a broken one is said once", async () => {
  const { file, log, get, end } = await setUp(framing("deny"));
  await Deno.writeTextFile(file, `${framing("deny")}oops: 1\n`);
  const deadline = performance.now() + 10_000;
  const errors = () => log.lines.filter((line) => /error .*oops.* stays in force/.test(line)).length;
  while (errors() === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  await Deno.writeTextFile(file, framing("sameorigin"));
  while ((await get()).header === "deny" && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal((await get()).header, "sameorigin");
  assert.equal(errors(), 1);
  await end();
});

Deno.test("listening for everybody without a password is one warning", async () => {
  const users = "basic_auth_users: {a: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}\n";
  const all = { hostname: "0.0.0.0", port: 0 };
  for (const [text, addresses, want] of [["", [all, all], 1], ["", [LOOPBACK], 0], [users, [all], 0]] as const) {
    const { log, end } = await setUp(text, [...addresses]);
    assert.equal(log.lines.filter((line) => line.startsWith("warn")).length, want, log.lines.join());
    await end();
  }
});

Deno.test("what is loopback", () => {
  for (const hostname of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(isLoopback({ hostname, port: 1 }), true, hostname);
  }
  for (const hostname of ["0.0.0.0", "::", "10.127.0.1", "::ffff:10.0.0.1", "fe80::1"]) {
    assert.equal(isLoopback({ hostname, port: 1 }), false, hostname);
  }
});
