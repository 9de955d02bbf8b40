import assert from "node:assert/strict";
import { type Changes, EventKind, Flag, ORDINARY, OUTCOMES, Stat } from "../../../../fingerprint/mod.ts";
import { UsageError } from "../../../../metrics/command_line/mod.ts";
import { parseBaseline } from "../../../../metrics/baseline/mod.ts";
import { contextFilterOf } from "../../../../metrics/commands/context_filter.ts";
import { trace } from "../../../../metrics/commands/trace.ts";
import { heading, jsonLine, textLines } from "../../../../metrics/commands/trace_lines.ts";
import { type TraceWish, TraceWriter } from "../../../../metrics/commands/trace_writer.ts";
import { readTreeFilter } from "../../../../metrics/commands/tree_filter.ts";
import type { Expectation } from "../../../../metrics/registry/mod.ts";
import { assertSchema } from "../api_schema.ts";
import { busyRow, FakeWatcher } from "../fake_watcher.ts";
import { ANY_EVENT } from "./any_event.ts";

const NOBODY = { uid: null, user: null, unit: null, container: null } as const;

/** What a trace is run with, beside what is usual. */
type Options = Partial<TraceWish> & { readonly output?: "text" | "json"; readonly baseline?: Expectation };

/** A watcher that gives what was prepared, report by report, and asks for the stop after the last. */
class Scene {
  readonly watcher = new FakeWatcher();
  readonly stop = Promise.withResolvers<void>();
  readonly stopped = Promise.withResolvers<void>();
  text = "";
  /** Whether somebody reads. */
  isRead = true;

  async run(
    { output = "text", baseline, ...wish }: Options,
    reports: readonly (() => void)[],
    hasColours = false,
  ): Promise<string> {
    let report = 0;
    const collect = (): Promise<Changes> => {
      reports[report++]?.();
      if (report > reports.length) this.stop.resolve();
      return this.watcher.collect();
    };
    const line = output === "json" ? jsonLine : textLines(hasColours);
    await trace({
      watcher: {
        ready: Promise.resolve(),
        stopped: this.stopped.promise,
        collect,
        confirm: (report) => this.watcher.confirm(report),
        listen: (isOn) => this.watcher.listen(isOn),
      },
      options: { baseline },
      writer: new TraceWriter({ ...ANY_EVENT, ...wish }, line, 0),
      write: (text) => (this.text += text, this.isRead),
      stop: this.stop.promise,
    });
    if (output === "json") {
      for (const line of this.text.split("\n").slice(0, -1)) assertSchema("line", JSON.parse(line));
    }
    return this.text;
  }

  /** `/a` launches, with flags, `/b` ends. */
  readonly happen = (flags = 0) => {
    const a = this.watcher.add("/a", busyRow(1, 1, 1)), b = this.watcher.add("/b", busyRow(1, 0, 1));
    this.watcher.event(EventKind.Launch, a, 1, 1_800_000_000, NaN, NaN, flags);
    this.watcher.event(OUTCOMES.indexOf("signal"), b, 2, 1_800_000_001, 0.0041, 0.0033);
  };
}

const lines = (text: string) => text.trimEnd().split("\n");

Deno.test("a line per launch and ending", async () => {
  const scene = new Scene();
  const text = await scene.run({}, [() => scene.happen()]);
  const [launch, ending, ...more] = lines(text);
  assert.deepEqual(more, []);
  assert.match(launch!, /^\d\d:\d\d:\d\d\.000 {7}1 launch +\/a$/);
  assert.match(ending!, /^\d\d:\d\d:\d\d\.000 {7}2 signal {7}4\.1 ms {3}3\.3 ms {12}\/b$/);
  assert.deepEqual(scene.watcher.confirmed, [1, 2], "stopped trees may leave");
});

Deno.test("JSON lines have the fields of the JSON interface", async () => {
  const scene = new Scene();
  const text = await scene.run({ output: "json" }, [() => scene.happen()]);
  assert.deepEqual(lines(text).map((line) => JSON.parse(line)), [
    {
      seq: 1,
      type: "launch",
      time: 1_800_000_000,
      pid: 1,
      tree: "/a",
      flags: [],
      expected: null,
      ...NOBODY,
    },
    {
      seq: 2,
      type: "ending",
      time: 1_800_000_001,
      pid: 2,
      tree: "/b",
      ...NOBODY,
      outcome: "signal",
      seconds: 0.0041,
      cpu_seconds: 0.0033,
    },
  ]);
});

Deno.test("flags stand before the tree, the grave ones in red", async () => {
  const flags = Flag.Memfd | Flag.Temp, scene = new Scene();
  assert.match(lines(await scene.run({}, [() => scene.happen(flags)]))[0]!, / launch {24}memfd,temp {2}\/a$/);
  const json = new Scene(), [launch] = lines(await json.run({ output: "json" }, [() => json.happen(flags)]));
  assert.deepEqual(JSON.parse(launch!).flags, ["memfd", "temp"]);
  for (const [bits, colour] of [[flags, 31], [Flag.Temp, 2]] as const) {
    const painted = new Scene(), text = await painted.run({}, [() => painted.happen(bits)], true);
    assert.ok(text.includes(`\x1b[${colour}m${bits === flags ? "memfd,temp" : "temp    "}\x1b[0m  /a\n`), text);
  }
});

Deno.test("launches that the baseline doesn't expect are marked", async () => {
  const baseline = parseBaseline("trees: [/a]\nflags: {}\n", "b.yml");
  for (
    const [flags, words, expected] of [[0, "", true], [Flag.Temp, "temp", true], [
      Flag.Socket,
      "socket,unexpected",
      false,
    ]] as const
  ) {
    const text = new Scene(), line = lines(await text.run({ baseline }, [() => text.happen(flags)]))[0]!;
    assert.match(line, new RegExp(` launch {24}${words} +/a$`));
    const json = new Scene(),
      [launch] = lines(await json.run({ baseline, output: "json" }, [() => json.happen(flags)]));
    assert.equal(JSON.parse(launch!).expected, expected);
  }
});

Deno.test("only launches with a flag that is wanted", async () => {
  for (
    const [wanted, flags, isShown] of [
      [[Flag.Memfd], Flag.Memfd | Flag.New, true],
      [[Flag.Memfd, Flag.Temp], Flag.Temp, true],
      [[Flag.Memfd], Flag.Deleted, false],
      [[~ORDINARY], Flag.Unparsed, true],
      [[~ORDINARY], ORDINARY, false],
      [[~0], 0, false],
    ] as const
  ) {
    const scene = new Scene(), text = await scene.run({ launchFlags: wanted }, [() => scene.happen(flags)]);
    assert.equal(lines(text).join().endsWith("/a"), isShown, `${wanted} ${flags}`);
    assert.ok(!text.includes("/b"), "endings have no flags");
  }
});

Deno.test("only what is wanted, by kind and by tree", async () => {
  for (
    const [options, want] of [
      [{ kinds: "launches" }, ["/a"]],
      [{ kinds: "endings" }, ["/b"]],
      [{ filter: await readTreeFilter("^/[bc]$") }, ["/b"]],
      [{ kinds: "launches", filter: await readTreeFilter("b") }, []],
    ] as const
  ) {
    const scene = new Scene(), text = await scene.run({ output: "json", ...options }, [() => scene.happen()]);
    assert.deepEqual(text === "" ? [] : lines(text).map((line) => JSON.parse(line).tree), want);
  }
});

Deno.test("a filter is a pattern of trees, or an expression of RE2", async () => {
  const trees = ["/sshd", "/sshd/base", "/cron/prom_cnproc-*", "/cron/prom_cnproc-1", "/x/[a](b)+"];
  const cases: [filter: string, want: readonly number[]][] = [
    ["/sshd/**", [0, 1]],
    ["/cron/prom_cnproc-\\*", [2]],
    ["/cron/*", [2, 3]],
    ["/x/[a](b)+", [4]],
    ["^/sshd/", [1]],
    ["base|a\\]", [1, 4]],
  ];
  for (const [filter, want] of cases) {
    const matches = await readTreeFilter(filter);
    assert.deepEqual(trees.filter(matches), want.map((index) => trees[index]), filter);
  }
  for (const [filter, want] of [["(", /missing closing \)/], ["(?=a)", /RE2/], ["/a/", /empty label/]] as const) {
    await assert.rejects(readTreeFilter(filter), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /^Cannot use .* for --filter: [^\n]+$/);
      assert.match(error.message, want);
      return true;
    });
  }
});

Deno.test("what is missing is said, whatever the filter", async () => {
  for (const output of ["text", "json"] as const) {
    const scene = new Scene();
    const text = await scene.run({ output, filter: await readTreeFilter("nothing") }, [
      () => scene.watcher.stats[Stat.LostExecs] = 2,
      () => {
        scene.watcher.skipped = 3;
        scene.watcher.stats[Stat.LostRecords] = 5;
      },
    ]);
    const want = output === "json"
      ? ['{"type":"lost","count":2}', '{"type":"lost","count":5}', '{"type":"skipped","count":3}']
      : [
        "2 messages lost: the kernel dropped them",
        "5 messages lost: the kernel dropped them",
        "3 events skipped: they came too fast",
      ];
    assert.deepEqual(lines(text), want);
  }
});

Deno.test("colours on a terminal, none elsewhere", async () => {
  const scene = new Scene(), text = await scene.run({}, [() => scene.happen()], true);
  // deno-lint-ignore no-control-regex
  assert.match(text, /\x1b\[31msignal +\x1b\[0m/);
  const other = new Scene();
  assert.ok(!(await other.run({}, [() => other.happen()])).includes("\x1b"));
});

Deno.test("it ends when nobody reads, and fails when the worker does", async () => {
  const unread = new Scene();
  unread.isRead = false;
  await unread.run({}, [() => unread.happen(), () => assert.fail("nobody reads")]);
  const broken = new Scene();
  broken.watcher.barrier = new Promise(() => {});
  await assert.rejects(
    broken.run({}, [() => broken.stopped.reject(new Error("the worker's reason"))]),
    /the worker's reason/,
  );
});

const LAUNCH = { type: "launch", flags: [], expected: null, ...NOBODY } as const;
const ENDING = { type: "ending", ...NOBODY, outcome: "success", seconds: 0.5, cpu_seconds: 0.1 } as const;

/** A writer of JSON lines that hands on what it has. */
function writing(wish: Partial<TraceWish>, holdMs?: number) {
  const writer = new TraceWriter({ ...ANY_EVENT, ...wish }, jsonLine, holdMs);
  const take = (nowMs: number) => {
    const found = writer.take(nowMs).split("\n").slice(0, -1).map((line) => JSON.parse(line));
    for (const line of found) assertSchema("line", line);
    return found;
  };
  return { writer, take };
}

Deno.test("lines are in the order of time; what comes later than it may is late", () => {
  const { writer, take } = writing({}, 100);
  const add = (seq: number, time: number, nowMs: number) =>
    writer.add({ ...LAUNCH, seq, time, pid: seq, tree: "/a" }, nowMs);
  const seqs = (nowMs: number) => take(nowMs).map(({ seq, type }) => seq ?? type);
  add(1, 10, 0);
  add(2, 11, 10);
  add(3, 10.5, 60); // came after what followed it
  assert.deepEqual(seqs(99), []);
  assert.deepEqual(seqs(100), [1]);
  assert.deepEqual(seqs(110), [3, 2], "3 may go before its time is over");
  writer.add({ type: "lost", count: 7 }, 200);
  add(4, 12, 210);
  // A correction has no time: it stays before the launch that follows it.
  writer.add({ seq: 5, type: "correction", time: null, pid: 4, tree: "/a" }, 220);
  add(6, 12, 220);
  assert.deepEqual(seqs(Infinity), ["lost", 4, 5, 6]);
});

Deno.test("some trees are left out", async () => {
  const { writer, take } = writing({ filter: await readTreeFilter("^/a"), exclude: [await readTreeFilter("/a/b/**")] });
  for (const tree of ["/a", "/a/b", "/a/b/c", "/d"]) writer.add({ ...LAUNCH, seq: 1, time: 1, pid: 1, tree }, 0);
  assert.deepEqual(take(Infinity).map(({ tree }) => tree), ["/a"]);
});

const FILTERS = { users: [], units: [], containers: [], context: "auto" } as const;
const ANN = { uid: 1000, user: "ann", unit: "session-3.scope", container: null };

Deno.test("only whose launches and endings are wanted, with what follows on such a launch", () => {
  for (const joined of [false, true]) {
    const { writer, take } = writing({ joined, context: contextFilterOf({ ...FILTERS, users: ["ann"] }) });
    for (const pid of [1, 2]) {
      const who = pid === 1 ? ANN : NOBODY;
      writer.add({ ...LAUNCH, ...who, seq: 1, time: pid, pid, tree: "/a" }, 0);
      writer.add({ ...ENDING, ...who, seq: 2, time: pid + 0.5, pid, tree: "/a" }, 0);
      writer.add({ seq: 3, type: "flags", time: null, pid, tree: "/a", flags: ["modified"] }, 0);
    }
    const want = joined ? ["process", "flags"] : ["launch", "ending", "flags"];
    assert.deepEqual(take(Infinity).map(({ type, pid }) => [type, pid]), want.map((type) => [type, 1]));
  }
});

Deno.test("columns of user and unit where the terminal has room, or where somebody asks", () => {
  const launch = { ...LAUNCH, ...ANN, seq: 1, time: 1, pid: 1, tree: "/a" };
  const text = (columns: number, context: "auto" | "always" | "never", who = {}) =>
    textLines(false, () => columns, context)({ ...launch, ...who });
  assert.match(text(120, "auto"), / launch {24}ann {6}session-3\.scope {15}\/a\n$/);
  assert.equal(heading(120, "auto").indexOf("USER"), text(120, "auto").indexOf("ann"));
  assert.equal(heading(120, "auto").indexOf("TREE"), text(120, "auto").indexOf("/a"));
  for (const [columns, context] of [[119, "auto"], [Infinity, "auto"], [200, "never"]] as const) {
    assert.doesNotMatch(text(columns, context) + heading(columns, context), /ann|USER/);
  }
  assert.match(text(80, "always", { container: "4f8a1c0de3b2", user: null }), / 1000 {5}4f8a1c0de3b2 /);
  const named = { container: "4f8a1c0de3b2", container_name: "web" };
  assert.match(text(80, "always", named), / ann {6}web /);
  assert.match(text(80, "always", { ...named, pod: "shop-7d4b" }), / ann {6}shop-7d4b\/web /);
  assert.match(text(80, "always", { container: "4f8a1c0de3b2", pod: "shop-7d4b" }), / ann {6}shop-7d4b /);
  const hostile = { unit: `user@1000.service/${"x\x1b[2J".repeat(9)}` };
  assert.ok(!text(120, "always", hostile).includes("\x1b"));
  assert.equal(text(120, "always", hostile).indexOf("/a"), text(120, "always").indexOf("/a"));
});

Deno.test("joined: further flags stand in the line of a process that runs, and in one of their own where it has ended", () => {
  const { writer, take } = writing({ joined: true });
  for (const pid of [1, 2]) writer.add({ ...LAUNCH, seq: pid, time: pid, pid, tree: "/a" }, 0);
  writer.add({ ...ENDING, seq: 3, time: 3, pid: 1, tree: "/a" }, 0);
  for (const pid of [1, 2]) {
    writer.add({ seq: 3 + pid, type: "flags", time: null, pid, tree: "/a", flags: ["modified"] }, 0);
  }
  const lines = take(Infinity);
  assert.deepEqual(lines.map(({ type, pid }) => [type, pid]), [["process", 1], ["flags", 1], ["process", 2]]);
  assert.deepEqual(lines[2].images[0].launch.flags, ["modified"]);
  assert.match(textLines(false)(lines[1]), / 1 flags .* modified +\/a\n$/);
});

Deno.test("joined: a line a process, at its end, with all that it ran", () => {
  const { writer, take } = writing({ joined: true });
  const happen = (event: Record<string, unknown>, time: number) =>
    writer.add({ seq: time, time, ...event } as never, 0);
  happen({ ...LAUNCH, pid: 1, tree: "/sh", flags: ["memfd"] }, 1);
  happen({ ...LAUNCH, pid: 2, tree: "/sleep" }, 2);
  happen({ ...ENDING, pid: 1, tree: "/sh", outcome: "exec", cpu_seconds: null }, 3);
  happen({ ...LAUNCH, pid: 1, tree: "/sh/ls", expected: false }, 3);
  happen({ ...ENDING, pid: 1, tree: "/sh/ls" }, 4);
  const [ended, runs, ...more] = take(Infinity);
  assert.deepEqual(more, []);
  assert.deepEqual([ended.pid, ended.time, ended.images.map(({ tree }: { tree: string }) => tree)], [1, 4, [
    "/sh",
    "/sh/ls",
  ]]);
  assert.deepEqual([runs.pid, runs.time], [2, 2]);
  const [one, other] = [ended, runs].map(textLines(false));
  assert.match(one!, / 1 success {7}1\.0 s {3}100 ms {2}memfd,unexpected {2}\/sh\/ls\n$/);
  assert.match(other!, / 2 runs {36}\/sleep\n$/);
});

Deno.test("a line has no more columns than the terminal", () => {
  const line = textLines(false, () => 80);
  const text = line({
    ...LAUNCH,
    seq: 1,
    time: 1,
    pid: 4_194_304,
    tree: `/sshd/base/${"x".repeat(90)}/sudo/base/pstree`,
  });
  assert.equal(text.length, 81);
  assert.match(text, / {2}\/sshd\/…\/base\/pstree\n$/);
});
