import assert from "node:assert/strict";
import { FakeTime } from "./fake_time.ts";
import { type Feed, MOST_SUBSCRIBERS } from "../../../../../metrics/http/api/feed.ts";
import { EventKind } from "../../../../../fingerprint/mod.ts";
import { busyRow, FakeWatcher, feeding } from "../../fake_watcher.ts";

const WANTED = { trees: false, limit: 100, lastId: undefined };

/** A feed whose ticks come when the test says. */
class Scene implements Disposable {
  readonly watcher = new FakeWatcher();
  readonly time = new FakeTime();
  readonly #parts = feeding(this.watcher, { now: () => this.time.nowMs });
  readonly scraper = this.#parts.scraper;
  readonly feed = this.#parts.feed;
  readonly a = this.watcher.add("/a", busyRow(1, 1, 1));

  /** A launch of `/a`. */
  launch(pid: number): void {
    this.watcher.event(EventKind.Launch, this.a, pid, 100);
  }

  subscribe(wanted: Partial<Parameters<Feed["subscribe"]>[0]> = {}): Listener {
    return new Listener(this.feed.subscribe({ ...WANTED, ...wanted })!);
  }

  [Symbol.dispose](): void {
    this.feed.close();
    this.time[Symbol.dispose]();
  }
}

interface Message {
  readonly event: string;
  readonly id: string;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
}

/** Reads a stream of server-sent events as a browser does. */
class Listener {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  raw = "";
  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The next chunk's messages; undefined at the end of the stream. */
  async next(): Promise<Message[] | undefined> {
    const { value, done } = await this.#reader.read();
    if (done) return undefined;
    this.raw = new TextDecoder().decode(value);
    return this.raw.split("\n\n").filter((text) => text.startsWith("event: ")).map((text) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)![1]!;
      return { event: field("event"), id: field("id"), data: JSON.parse(field("data")) };
    });
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}

Deno.test("events are kept only while somebody asks for them", async () => {
  using scene = new Scene();
  await scene.scraper.refresh();
  assert.equal(scene.watcher.listening, false);
  scene.launch(1);
  scene.feed.touch();
  assert.equal(scene.watcher.listening, true);
  scene.launch(2);
  await scene.scraper.refresh();
  assert.deepEqual(scene.feed.events(10).events.map(({ pid, tree }) => [pid, tree]), [[2, "/a"]]);
  await scene.time.pass(59_000);
  assert.equal(scene.watcher.listening, true);
  await scene.time.pass(3_000);
  assert.equal(scene.watcher.listening, false);
  assert.equal(scene.feed.sinceMs, undefined);
  assert.deepEqual(scene.feed.events(10), { events: [], skipped: 0 });
});

Deno.test("a subscriber gets events as they come, and nothing when nothing does", async () => {
  using scene = new Scene();
  const listener = scene.subscribe();
  assert.deepEqual(await listener.next(), []);
  assert.equal(listener.raw, "retry: 2000\n\n");
  scene.launch(1);
  scene.watcher.skipped = 2;
  await scene.time.pass(40);
  const [message] = (await listener.next())!;
  assert.equal(message!.event, "events");
  assert.equal(message!.data.skipped, 2);
  assert.deepEqual(message!.data.events.map(({ seq, pid }: { seq: number; pid: number }) => [seq, pid]), [[3, 1]]);
  await scene.time.pass(14_960);
  const next = listener.next();
  await scene.time.pass(1000);
  assert.deepEqual(await next, []);
  assert.equal(listener.raw, ": heartbeat\n\n");
  await listener.cancel();
  assert.equal(scene.feed.subscribers, 0);
});

Deno.test("trees: all at first, then those that changed, and those that left", async () => {
  using scene = new Scene();
  const b = scene.watcher.add("/b", busyRow(2, 0, 1));
  await scene.scraper.refresh();
  const listener = scene.subscribe({ trees: true });
  await listener.next();
  const [all] = (await listener.next())!;
  assert.equal(all!.data.complete, true);
  assert.deepEqual(all!.data.trees.map(({ path }: { path: string }) => path), ["/a", "/b"]);
  scene.watcher.set(b, busyRow(3, 1, 1));
  scene.watcher.remove(scene.a);
  await scene.time.pass(1000);
  const [changed] = (await listener.next())!;
  assert.equal(changed!.data.complete, false);
  assert.deepEqual(changed!.data.trees.map((tree: { path: string; launches: number }) => [tree.path, tree.launches]), [[
    "/b",
    3,
  ]]);
  assert.deepEqual(changed!.data.removed, ["/a"]);
  scene.watcher.stats[7] = 5; // LostExecs
  await scene.time.pass(1000);
  const [health] = (await listener.next())!;
  assert.deepEqual([health!.data.trees, health!.data.health.lost.execs], [[], 5]);
});

Deno.test("who comes back goes on where it was; with an id of another recording it begins anew", async () => {
  using scene = new Scene();
  const first = scene.subscribe({ trees: true });
  await first.next();
  await first.next(); // all trees
  scene.launch(1);
  scene.watcher.set(scene.a, busyRow(2, 1, 1));
  await scene.time.pass(1000);
  const messages = [...(await first.next())!, ...(await first.next())!];
  assert.deepEqual(messages.map(({ event }) => event), ["events", "trees"]);
  await first.cancel();
  const other = scene.subscribe();
  scene.launch(2);
  scene.launch(3);
  await scene.time.pass(1000);

  const second = scene.subscribe({ trees: true, lastId: messages[1]!.id });
  await second.next();
  const missed = (await second.next())!;
  assert.deepEqual(missed.map(({ event }) => event), ["events"], "no tree has changed since");
  assert.deepEqual(missed[0]!.data.events.map(({ pid }: { pid: number }) => pid), [2, 3]);
  // The events came, the trees of the same second didn't.
  const third = scene.subscribe({ trees: true, lastId: messages[0]!.id });
  await third.next();
  const [trees, events] = (await third.next())!;
  assert.deepEqual(trees!.data.trees.map(({ path }: { path: string }) => path), ["/a"]);
  assert.deepEqual(events!.data.events.map(({ pid }: { pid: number }) => pid), [2, 3]);

  for (const lastId of ["zzz-1-1", "", "-", `${messages[1]!.id}0`, messages[1]!.id.replace(/-.*/, "-999999-1")]) {
    const strange = scene.subscribe({ trees: true, lastId });
    await strange.next();
    const [all] = (await strange.next())!;
    assert.equal(all!.data.complete, true, lastId);
    await strange.cancel();
  }
  await other.cancel();
});

Deno.test("one that doesn't read is dropped, the others go on", async () => {
  using scene = new Scene();
  const slow = scene.subscribe({ limit: 1000 }), reader = scene.subscribe();
  const path = `/${"x".repeat(10_000)}`, long = scene.watcher.add(path, busyRow(1, 1, 1));
  await reader.next();
  let dropped = 0;
  for (let i = 0; i < 10 && dropped === 0; i++) {
    for (let k = 0; k < 100; k++) scene.watcher.event(EventKind.Launch, long, k, 1);
    await scene.time.pass(1000);
    assert.equal((await reader.next())!.length, 1);
    dropped = 2 - scene.feed.subscribers;
  }
  assert.equal(dropped, 1);
  await assert.rejects(slow.next(), /reads too slowly/, "what it didn't read is given up");
});

Deno.test("what waits for all that don't read is bounded, and one address leaves places for others", async () => {
  using scene = new Scene();
  const path = `/${"x".repeat(10_000)}`, long = scene.watcher.add(path, busyRow(1, 1, 1));
  const subscribe = (peer: string) => scene.feed.subscribe({ trees: false, limit: 1000, lastId: undefined }, peer);
  const streams = Array.from({ length: 32 }, (_, i) => subscribe(`10.0.0.${i % 2}`));
  assert.ok(streams.every((stream) => stream !== undefined));
  assert.equal(subscribe("10.0.0.2"), undefined);
  await streams[0]!.cancel();
  assert.equal(subscribe("10.0.0.1"), undefined);
  assert.notEqual(subscribe("10.0.0.2"), undefined);
  for (let k = 0; k < 100; k++) scene.watcher.event(EventKind.Launch, long, k, 1);
  await scene.time.pass(1000);
  const waiting = scene.feed.subscribers * 100 * path.length;
  assert.ok(waiting > 4 << 20 && waiting < 8 << 20, `${waiting} bytes wait`);
});

Deno.test("a message has at most the events that are wanted, the others are counted", async () => {
  using scene = new Scene();
  const listener = scene.subscribe({ limit: 2 });
  await listener.next();
  for (let pid = 1; pid <= 5; pid++) scene.launch(pid);
  await scene.time.pass(1000);
  const [message] = (await listener.next())!;
  assert.deepEqual(message!.data.events.map(({ pid }: { pid: number }) => pid), [4, 5]);
  assert.equal(message!.data.skipped, 3);
});

Deno.test("what doesn't fit into a second's events waits for its end", async () => {
  using scene = new Scene();
  const listener = scene.subscribe({ limit: 3 }),
    pids = async () => {
      const [message] = (await listener.next())!;
      return [message!.data.events.map(({ pid }: { pid: number }) => pid), message!.data.skipped];
    };
  await listener.next();
  for (let pid = 1; pid <= 2; pid++) scene.launch(pid);
  await scene.time.pass(40);
  assert.deepEqual(await pids(), [[1, 2], 0]);
  for (let pid = 3; pid <= 7; pid++) scene.launch(pid);
  await scene.time.pass(960);
  assert.deepEqual(await pids(), [[5, 6, 7], 2]);
});

Deno.test("there are only so many subscribers, and closing ends them all", async () => {
  using scene = new Scene();
  const listeners = Array.from({ length: MOST_SUBSCRIBERS }, () => scene.subscribe());
  assert.equal(scene.feed.subscribe(WANTED), undefined);
  await listeners[0]!.cancel();
  assert.notEqual(scene.feed.subscribe(WANTED), undefined);
  scene.feed.close();
  await listeners[1]!.next();
  assert.equal(await listeners[1]!.next(), undefined);
  assert.equal(scene.watcher.listening, false);
});

Deno.test("a collect that fails ends no stream", async () => {
  using scene = new Scene();
  const listener = scene.subscribe();
  await listener.next();
  scene.watcher.failure = new Error("x");
  await scene.time.pass(2000);
  scene.watcher.failure = undefined;
  scene.launch(1);
  await scene.time.pass(1000);
  assert.equal((await listener.next())!.length, 1);
});
