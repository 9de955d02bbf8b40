import assert from "node:assert/strict";
import { type Changes, EventKind, Flag, ORDINARY, OUTCOMES, Stat } from "../../../../fingerprint/mod.ts";
import { UsageError } from "../../../../metrics/command_line/mod.ts";
import { parseBaseline } from "../../../../metrics/baseline/mod.ts";
import { trace, type Tracing } from "../../../../metrics/commands/trace.ts";
import { readTreeFilter } from "../../../../metrics/commands/tree_filter.ts";
import { busyRow, FakeWatcher } from "../fake_watcher.ts";

/** A watcher that gives what was prepared, report by report, and asks for the stop after the last. */
class Scene {
  readonly watcher = new FakeWatcher();
  readonly stop = Promise.withResolvers<void>();
  readonly stopped = Promise.withResolvers<void>();
  text = "";
  /** Whether somebody reads. */
  isRead = true;

  async run(
    options: Partial<Tracing["options"]>,
    reports: readonly (() => void)[],
    isTerminal = false,
  ): Promise<string> {
    let report = 0;
    const collect = (): Promise<Changes> => {
      reports[report++]?.();
      if (report > reports.length) this.stop.resolve();
      return this.watcher.collect();
    };
    await trace({
      watcher: {
        ready: Promise.resolve(),
        stopped: this.stopped.promise,
        collect,
        confirm: (report) => this.watcher.confirm(report),
        listen: (isOn) => this.watcher.listen(isOn),
      },
      options: { output: "text", kinds: "all", filter: undefined, launchFlags: [], ...options },
      isTerminal,
      hasColours: isTerminal,
      write: (text) => (this.text += text, this.isRead),
      stop: this.stop.promise,
    });
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
    { seq: 1, type: "launch", time: 1_800_000_000, pid: 1, tree: "/a", flags: [], expected: null },
    {
      seq: 2,
      type: "ending",
      time: 1_800_000_001,
      pid: 2,
      tree: "/b",
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

Deno.test("a heading and colours on a terminal, neither elsewhere", async () => {
  const scene = new Scene(), text = await scene.run({}, [() => scene.happen()], true);
  assert.match(text, /^TIME +PID +OUTCOME/);
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
