import assert from "node:assert/strict";
import { EventKind, Flag, NO_USER, OUTCOMES } from "../../../../fingerprint/mod.ts";
import { parseBaseline } from "../../../../metrics/baseline/mod.ts";
import { EventLog, LineQueue, type LogWish } from "../../../../metrics/event_log/mod.ts";
import { type BaselineMode, lostIn, Registry } from "../../../../metrics/registry/mod.ts";
import { assertSchema } from "../api_schema.ts";
import { busyRow, FakeWatcher, KeptLog, row } from "../fake_watcher.ts";

const NOBODY = { uid: null, user: null, unit: null, container: null };

/** An event log of a watcher, of which a test says what happens. */
class Scene {
  readonly watcher = new FakeWatcher();
  text = "";
  readonly queue = new LineQueue({
    write: (bytes) => {
      this.text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
    problem: "",
    close: () => Promise.resolve(),
  }, new KeptLog());
  readonly registry: Registry = new Registry({
    events: (batch, treeOf, contextOf) => this.log.add(batch, treeOf, contextOf),
  });
  readonly log: EventLog;

  constructor(only: readonly LogWish[], baselineMode: BaselineMode = "enforce") {
    this.log = new EventLog({
      queue: this.queue,
      only,
      baselineMode,
      collect: async () => this.registry.apply(await this.watcher.collect()),
      lost: () => lostIn(this.registry.stats),
      now: () => 1_800_000_000_500,
    });
    this.watcher.listen(true);
  }

  /** The lines since the last call. */
  async lines(): Promise<Record<string, unknown>[]> {
    await this.log.look();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const lines = this.text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    this.text = "";
    for (const line of lines) assertSchema("line", line);
    return lines;
  }

  launch(tree: number, pid: number, time: number, flags = 0): void {
    this.watcher.event(EventKind.Launch, tree, pid, time, NaN, NaN, flags);
  }
}

Deno.test("a line has the event and why it is there", async () => {
  const scene = new Scene(["flagged", "new", "unexpected"]);
  scene.registry.expect(parseBaseline("trees: [/a]\nflags: {}\n", "b.yml"));
  const a = scene.watcher.add("/a", row({ Launches: 3, FirstSeen: 100 }));
  const b = scene.watcher.add("/b", row({ Launches: 2, FirstSeen: 101 }));
  scene.launch(a, 1, 100); // the first
  scene.launch(a, 2, 100.5); // like the first
  scene.launch(a, 3, 100.6, Flag.Temp); // no grave flag
  scene.launch(a, 4, 100.7, Flag.Temp | Flag.Memfd);
  scene.launch(b, 5, 101);
  scene.launch(b, 6, 102);
  scene.watcher.event(OUTCOMES.indexOf("error"), b, 5, 103, 0.1, 0.05);
  const base = { type: "launch", flags: [], expected: false, tree: "/b", ...NOBODY };
  assert.deepEqual(await scene.lines(), [
    { ...base, seq: 1, time: 100, pid: 1, tree: "/a", expected: true, reasons: ["new"] },
    {
      ...base,
      seq: 4,
      time: 100.7,
      pid: 4,
      tree: "/a",
      flags: ["memfd", "temp"],
      reasons: ["flagged", "unexpected"],
    },
    { ...base, seq: 5, time: 101, pid: 5, reasons: ["new", "unexpected"] },
    { ...base, seq: 6, time: 102, pid: 6, reasons: ["unexpected"] },
  ]);
});

Deno.test("in shadow mode the baseline is no reason, and a line still has its verdict", async () => {
  for (const [mode, want] of [["enforce", [5, 6]], ["shadow", []]] as const) {
    const scene = new Scene(["unexpected"], mode);
    scene.registry.expect(parseBaseline("trees: [/a]\nflags: {}\n", "b.yml"), mode);
    const a = scene.watcher.add("/a", row({ Launches: 1 })), b = scene.watcher.add("/b", row({ Launches: 1 }));
    scene.launch(a, 5, 100, Flag.Memfd);
    scene.launch(b, 6, 101);
    assert.deepEqual((await scene.lines()).map(({ pid }) => pid), want, mode);
  }
  const scene = new Scene(["all"], "shadow");
  scene.registry.expect(parseBaseline("trees: []\n", "b.yml"), "shadow");
  scene.launch(scene.watcher.add("/b", row({ Launches: 1 })), 7, 101);
  const [line] = await scene.lines();

  assert.equal(line!["expected"], false);
  assert.ok(!(line!["reasons"] as string[]).includes("unexpected"));
});

Deno.test("only the reasons that are wanted; all is everything", async () => {
  for (
    const [only, want] of [
      [["flagged"], [2]],
      [["new"], [1]],
      [["unexpected"], [3]],
      [["flagged", "new"], [1, 2]],
      [["all"], [1, 2, 3, 4, 1]],
      [["all", "new"], [1, 2, 3, 4, 1]],
    ] as const
  ) {
    const scene = new Scene(only);
    scene.registry.expect(parseBaseline("trees: [/a]\nflags: {/a: [memfd]}\n", "b.yml"));
    const a = scene.watcher.add("/a", row({ Launches: 3, FirstSeen: 100 }));
    const b = scene.watcher.add("/b", row({ Launches: 1, FirstSeen: 50 }));
    scene.launch(a, 1, 100);
    scene.launch(a, 2, 101, Flag.Memfd);
    scene.launch(b, 3, 102);
    scene.launch(a, 4, 103);
    scene.watcher.event(OUTCOMES.indexOf("success"), a, 1, 104, 4, 0.05);
    assert.deepEqual((await scene.lines()).map(({ pid }) => pid), want, only.join());
  }
});

Deno.test("a tree that left is new when it comes again", async () => {
  const scene = new Scene(["new"]), a = scene.watcher.add("/a", row({ Launches: 1, FirstSeen: 100 }));
  scene.launch(a, 1, 100);
  assert.equal((await scene.lines()).length, 1);
  scene.watcher.remove(a);
  await scene.lines();
  const again = scene.watcher.add("/a", row({ Launches: 2, FirstSeen: 900 }));
  scene.launch(again, 2, 900);
  scene.launch(again, 3, 901);
  assert.deepEqual((await scene.lines()).map(({ pid }) => pid), [2]);
});

Deno.test("a launch that was told of is corrected, any other is not", async () => {
  const scene = new Scene(["new"]), a = scene.watcher.add("/a", row({ Launches: 1, FirstSeen: 100 }));
  scene.launch(a, 1, 100);
  scene.launch(a, 2, 101);
  for (const pid of [1, 2, 1]) scene.watcher.event(EventKind.Correction, a, pid, NaN);
  const lines = await scene.lines();
  assert.deepEqual(lines.map(({ type, pid }) => [type, pid]), [["launch", 1], ["correction", 1]]);
});

Deno.test("further flags of a launch are told where they are a reason, whether the launch was told or not", async () => {
  const seen = async (only: readonly LogWish[]) => {
    const scene = new Scene(only), a = scene.watcher.add("/a", row({ Launches: 9, FirstSeen: 1 }));
    scene.launch(a, 1, 100);
    scene.watcher.event(EventKind.Flags, a, 1, NaN, NaN, NaN, Flag.Modified);
    scene.watcher.event(EventKind.Flags, a, 2, NaN, NaN, NaN, Flag.Temp);
    return (await scene.lines()).map(({ type, pid, flags, reasons }) => [type, pid, flags, reasons]);
  };
  const told = ["flags", 1, ["modified"], ["flagged"]];
  assert.deepEqual(await seen(["flagged"]), [told]);
  assert.deepEqual(await seen(["new"]), []);
  assert.deepEqual(await seen(["all"]), [["launch", 1, [], []], told, ["flags", 2, ["temp"], []]]);
});

Deno.test("a program without room for its tree is new once", () => {
  const seen: unknown[] = [];
  const scene = new Scene(["new"]), tree = { path: "/a/other", expected: undefined, unexpectedFlags: 0, firstSeen: 1 };
  scene.queue.add = (line) => void seen.push(JSON.parse(line));
  const places = ["/a/x", "/a/y", "/a/x"];
  scene.log.add(
    {
      fields: Float64Array.from(
        places.flatMap((_, i) => [EventKind.Launch, 7, i + 1, 100 + i, NaN, NaN, 0, 0, NO_USER]),
      ),
      skipped: 0,
      places: new Map(places.entries()),
    },
    () => tree,
    () => NOBODY,
  );
  const base = { type: "launch", counted_as: "/a/other", ...NOBODY, flags: [], expected: null, reasons: ["new"] };
  assert.deepEqual(seen, [
    { ...base, seq: 1, time: 100, pid: 1, tree: "/a/x" },
    { ...base, seq: 2, time: 101, pid: 2, tree: "/a/y" },
  ]);
});

Deno.test("what happens while others collect is told before the end", async () => {
  const watcher = new FakeWatcher(), written: string[] = [], begun = Promise.withResolvers<void>();
  const queue = new LineQueue({
    write: (bytes) => (written.push(new TextDecoder().decode(bytes)), Promise.resolve(bytes.length)),
    problem: "",
    close: () => Promise.resolve(),
  }, new KeptLog());
  const registry: Registry = new Registry({
    events: (batch, treeOf, contextOf) => log.add(batch, treeOf, contextOf),
  });
  // As a scraper has it: who asks while a collection is under way shares it.
  let pending: Promise<void> | undefined;
  const collect = () =>
    pending ??= watcher.collect()
      .then(async (changes) => {
        await begun.promise;
        registry.apply(changes);
      })
      .finally(() => pending = undefined);
  const log = new EventLog({ queue, only: ["all"], collect, lost: () => 0 });
  watcher.listen(true);
  const tree = watcher.add("/a", row({ Launches: 1 }));
  const scrape = collect();
  await new Promise((resolve) => setTimeout(resolve, 0));
  watcher.event(EventKind.Launch, tree, 7, 100, NaN, NaN, 0);
  const closed = log.close({ lookMs: 10_000, writeMs: 10_000 });
  begun.resolve();
  await Promise.all([scrape, closed]);
  assert.equal(JSON.parse(written.join("")).pid, 7);
});

Deno.test("what is missing is a line, and counted", async () => {
  const scene = new Scene(["flagged"]), a = scene.watcher.add("/a", busyRow(1, 1, 1));
  scene.watcher.skipped = 7;
  scene.watcher.stats[0] = 0;
  scene.launch(a, 1, 100, Flag.Memfd);
  const [skipped, launch] = await scene.lines();
  assert.deepEqual(skipped, { type: "skipped", time: 1_800_000_000.5, count: 7 });
  assert.equal(launch!["seq"], 8);
  assert.equal(scene.queue.lost.overrun, 7);
});
