import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { CollectTimeoutError } from "../../../../metrics/exposition/mod.ts";
import { busyRow, FakeWatcher, scraping } from "../fake_watcher.ts";

function setUp(timeoutMs?: number) {
  const watcher = new FakeWatcher();
  watcher.add("/a", busyRow(3, 1, 0.5));
  const { scraper } = scraping(watcher, { build: { version: "1" }, ...timeoutMs === undefined ? {} : { timeoutMs } });
  return { watcher, scraper };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

Deno.test("scrapes at the same time share one collect and one text", async () => {
  const { watcher, scraper } = setUp();
  const barrier = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  const scrapes = Array.from({ length: 100 }, (_, index) => scraper.scrape("text", index % 2 === 1));
  barrier.resolve();
  const bodies = await Promise.all(scrapes);
  assert.equal(watcher.collects, 1);
  assert.equal(new Set(bodies.map(({ bytes }) => bytes)).size, 2, "one plain, one compressed");
  assert.match(decode(bodies[0]!.bytes), /^cnproc_tree_launches_total\{tree="\/a"\} 3$/m);
  assert.match(decode(bodies[0]!.bytes), /^cnproc_scrapes_total 100$/m);
  await scraper.scrape("text", false);
  assert.equal(watcher.collects, 2, "a later one collects again");
});

Deno.test("a body stays what it was while later scrapes go on", async () => {
  const { watcher, scraper } = setUp();
  const body = await scraper.scrape("openmetrics", false);
  const before = decode(body.bytes);
  for (let i = 0; i < 5; i++) {
    watcher.add(`/0${i}`, busyRow(i + 1, 0, 1));
    await scraper.scrape("openmetrics", i % 2 === 0);
  }
  assert.equal(decode(body.bytes), before);
});

Deno.test("garbage is collected every few megabytes, not at every scrape", async () => {
  const watcher = new FakeWatcher();
  for (let i = 0; i < 3000; i++) watcher.add(`/${i}`, busyRow(3, 1, 0.5));
  let collections = 0;
  const collected = Promise.withResolvers<void>();
  const collectGarbage = () => {
    collections++;
    collected.resolve();
  };
  const { scraper } = scraping(watcher, { collectGarbage });
  for (let i = 0; i < 20; i++) await scraper.scrape("text", true);
  await collected.promise;
  assert.equal(collections, 1);
});

Deno.test("compressed bodies hold the same text", async () => {
  const { scraper } = setUp();
  const [plain, compressed] = await Promise.all([scraper.scrape("text", false), scraper.scrape("text", true)]);
  const rest = (text: string) => text.replace(/^cnproc_scrape_render_seconds .*$/m, "");
  assert.equal(rest(decode(gunzipSync(compressed.bytes))), rest(decode(plain.bytes)));
  assert.ok(compressed.bytes.length < plain.bytes.length / 2);
});

Deno.test("a worker that doesn't answer fails the scrape, not the next one", async () => {
  const { watcher, scraper } = setUp(20);
  const barrier = Promise.withResolvers<void>();
  watcher.barrier = barrier.promise;
  await assert.rejects(() => scraper.scrape("text", false), CollectTimeoutError);
  await assert.rejects(() => scraper.scrape("text", false), CollectTimeoutError);
  assert.equal(watcher.collects, 1, "the watcher has one call at a time");
  barrier.resolve();
  const text = decode((await scraper.scrape("text", false)).bytes);
  assert.match(text, /^cnproc_scrape_failures_total 2$/m);
  assert.match(text, /^cnproc_tree_launches_total\{tree="\/a"\} 3$/m);
});

Deno.test("what the watcher throws is thrown, and the next scrape works", async () => {
  const { watcher, scraper } = setUp();
  watcher.failure = new Error("gone");
  await assert.rejects(() => scraper.scrape("text", false), /gone/);
  watcher.failure = undefined;
  assert.match(decode((await scraper.scrape("text", false)).bytes), /^cnproc_scrape_failures_total 1$/m);
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
  one.confirm();
  other.confirm();
  (await scraper.scrape("openmetrics", false)).confirm();
  assert.deepEqual(watcher.confirmed, [2, 2, 3]);
});
