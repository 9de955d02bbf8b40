import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { CollectTimeoutError, Scraper } from "../../../metrics/mod.ts";
import { busyRow, FakeWatcher } from "./fake_watcher.ts";

function setUp(timeoutMs?: number) {
  const watcher = new FakeWatcher();
  watcher.add("/a", busyRow(3, 1, 0.5));
  const options = { watcher, build: { version: "1" }, selfProcess: () => undefined };
  const scraper = new Scraper(timeoutMs === undefined ? options : { ...options, timeoutMs });
  return { watcher, scraper };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

Deno.test("scrapes at the same time share one collect and one text", async () => {
  const { watcher, scraper } = setUp();
  const gate = Promise.withResolvers<void>();
  watcher.gate = gate.promise;
  const scrapes = Array.from({ length: 100 }, (_, index) => scraper.scrape("text", index % 2 === 1));
  gate.resolve();
  const bodies = await Promise.all(scrapes);
  assert.equal(watcher.collects, 1);
  assert.equal(new Set(bodies).size, 2, "one plain, one compressed");
  assert.match(decode(bodies[0]!), /^cnproc_tree_launches_total\{tree="\/a"\} 3$/m);
  assert.match(decode(bodies[0]!), /^cnproc_scrapes_total 100$/m);
  await scraper.scrape("text", false);
  assert.equal(watcher.collects, 2, "a later one collects again");
});

Deno.test("a body stays what it was while later scrapes go on", async () => {
  const { watcher, scraper } = setUp();
  const body = await scraper.scrape("openmetrics", false);
  const before = decode(body);
  for (let i = 0; i < 5; i++) {
    watcher.add(`/0${i}`, busyRow(i + 1, 0, 1));
    await scraper.scrape("openmetrics", i % 2 === 0);
  }
  assert.equal(decode(body), before);
});

Deno.test("compressed bodies hold the same text", async () => {
  const { scraper } = setUp();
  const [plain, compressed] = await Promise.all([scraper.scrape("text", false), scraper.scrape("text", true)]);
  const rest = (text: string) => text.replace(/^cnproc_scrape_render_seconds .*$/m, "");
  assert.equal(rest(decode(gunzipSync(compressed))), rest(decode(plain)));
  assert.ok(compressed.length < plain.length / 2);
});

Deno.test("a worker that doesn't answer fails the scrape, not the next one", async () => {
  const { watcher, scraper } = setUp(20);
  const gate = Promise.withResolvers<void>();
  watcher.gate = gate.promise;
  await assert.rejects(() => scraper.scrape("text", false), CollectTimeoutError);
  await assert.rejects(() => scraper.scrape("text", false), CollectTimeoutError);
  assert.equal(watcher.collects, 1, "the watcher has one call at a time");
  gate.resolve();
  const text = decode(await scraper.scrape("text", false));
  assert.match(text, /^cnproc_scrape_failures_total 2$/m);
  assert.match(text, /^cnproc_tree_launches_total\{tree="\/a"\} 3$/m);
});

Deno.test("what the watcher throws is thrown, and the next scrape works", async () => {
  const { watcher, scraper } = setUp();
  watcher.failure = new Error("gone");
  await assert.rejects(() => scraper.scrape("text", false), /gone/);
  watcher.failure = undefined;
  assert.match(decode(await scraper.scrape("text", false)), /^cnproc_scrape_failures_total 1$/m);
});

Deno.test("refresh brings the registry up to date without a text", async () => {
  const { scraper } = setUp();
  await scraper.refresh();
  assert.deepEqual(scraper.registry.trees.map(({ path }) => path), ["/a"]);
});

Deno.test("the report that a body shows is confirmed, whoever collected first", async () => {
  const { watcher, scraper } = setUp();
  await scraper.refresh();
  const [one, other] = await Promise.all([scraper.scrape("text", false), scraper.scrape("text", true)]);
  assert.deepEqual(watcher.confirmed, [], "a body that is made is not one that was sent");
  scraper.confirm(one);
  scraper.confirm(other);
  scraper.confirm(await scraper.scrape("openmetrics", false));
  scraper.confirm(new Uint8Array(3));
  assert.deepEqual(watcher.confirmed, [2, 2, 3]);
});

Deno.test("a body's memory is given back when the last answer with it is done", async () => {
  const { scraper } = setUp();
  const [one, same] = await Promise.all([scraper.scrape("text", false), scraper.scrape("text", false)]);
  scraper.release(one);
  assert.ok(same.length > 0);
  scraper.release(same);
  assert.equal(same.buffer.detached, true);
  assert.ok((await scraper.scrape("text", false)).length > 0);
});
