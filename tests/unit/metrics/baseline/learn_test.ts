import assert from "node:assert/strict";
import {
  learn,
  type LearnIo,
  type LearnProgress,
  type LearnRequest,
  type Look,
  type OwnWatch,
  parseBaseline,
} from "../../../../metrics/baseline/mod.ts";

interface State {
  trees: Readonly<Record<string, number>> | undefined;
  asked: number;
  startSeconds: number;
  lost: number;
  units: Readonly<Record<string, { readonly launches: number; readonly trees: readonly string[] }>>;
}

/** An exporter whose trees are set here; undefined is one that fails. */
function exporter() {
  const state: State = { trees: {}, asked: 0, startSeconds: 1, lost: 0, units: {} };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    state.asked++;
    if (state.trees === undefined) return new Response("no", { status: 500 });
    const lines = Object.entries(state.trees).map(([tree, count]) =>
      `cnproc_tree_launches_total{tree="${tree}"} ${count}\n`
    );
    lines.push(`process_start_time_seconds ${state.startSeconds}\n`);
    lines.push(`cnproc_events_lost_total{socket="exec"} ${state.lost}\n`);
    for (const [unit, { launches, trees }] of Object.entries(state.units)) {
      lines.push(`cnproc_unit_launches_total{unit="${unit}"} ${launches}\n`);
      for (const tree of trees) lines.push(`cnproc_tree_info{tree="${tree}",unit="${unit}",user="0"} 1\n`);
    }
    return new Response(lines.join(""));
  });
  return { state, url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** What a command does, kept. */
function surroundings(stop: Promise<void>) {
  const printed: string[] = [], logged: string[] = [];
  const shown: LearnProgress[] = [];
  const clock = { ms: 0 };
  const around: LearnIo = {
    print: (text) => printed.push(text),
    log: (level, message, fields = {}) =>
      logged.push([level, message, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(" ")),
    progress: (progress) => shown.push(progress),
    stop,
    pauseMs: 1,
    now: () => clock.ms,
  };
  return { printed, logged, shown, clock, around };
}

const REQUEST: Omit<LearnRequest, "exporterUrls" | "forMs"> = {
  ...{ prometheusUrl: undefined, prometheusMatchers: undefined, httpConfigFile: undefined },
  ...{ until: "time", stableMs: 3_600_000, stableLaunches: 100, by: "machine", refresh: false },
};
const NEVER = new Promise<void>(() => {});

/** Waits until exporters were asked twice more: what they had before has been taken then. */
async function askedAgain(...states: readonly State[]): Promise<void> {
  const want = states.map(({ asked }) => asked + 2);
  while (states.some(({ asked }, i) => asked < want[i]!)) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A watch over this machine whose looks are given, the last one again and again. */
function ownWatch(looks: readonly Look["trees"][], stopped: Promise<unknown> = NEVER): OwnWatch & { closed: boolean } {
  let next = 0;
  return {
    closed: false,
    stopped,
    look() {
      const trees = looks[Math.min(next++, looks.length - 1)]!;
      return Promise.resolve({
        instance: "",
        startSeconds: undefined,
        trees,
        launchedIn: [],
        launchesByUnit: new Map(),
        completeSinceSeconds: undefined,
        lost: 0,
      });
    },
    [Symbol.asyncDispose]() {
      this.closed = true;
      return Promise.resolve();
    },
  };
}

const seen = (tree: string, launches: number) => ({
  tree,
  launches,
  flags: 0,
  firstSeenSeconds: undefined,
  instances: [],
});
const never = () => assert.fail("this machine isn't asked");

Deno.test("exporters are asked again until the end, and one that fails doesn't hide the others", async () => {
  await using one = exporter();
  await using two = exporter();
  one.state.trees = { "/a": 5 };
  two.state.trees = { "/b": 1 };
  const stop = Promise.withResolvers<void>();
  const { printed, logged, around } = surroundings(stop.promise);
  const learning = learn(undefined, { ...REQUEST, exporterUrls: [one.url, two.url], forMs: 60_000 }, never, around);
  await askedAgain(one.state, two.state);
  one.state.trees = undefined;
  two.state.trees = { "/b": 3, "/c": 1 };
  await askedAgain(one.state, two.state);
  // Started again: it counts from the beginning.
  one.state.trees = { "/a": 2, "/d": 1 };
  one.state.startSeconds = 2;
  await askedAgain(one.state, two.state);
  stop.resolve();
  assert.equal(await learning, 0);
  const [text] = printed;
  assert.deepEqual(parseBaseline(text!, "-").entries.map(({ pattern }) => pattern), ["/a", "/b", "/c", "/d"]);
  assert.match(text!, /\/a # 5 launches on 1 of 2 hosts\n.*\/b # 3 launches on 1 of 2 hosts\n/);
  const host = new URL(one.url).host;
  assert.deepEqual(logged.map((line) => line.replace(/ Cannot.*500 /, " 500 ")), [
    `warn 500 (no); it is asked again exporter=${host}`,
    `info An exporter answers again: learning goes on exporter=${host}`,
    `info An exporter was started again: what it had seen is kept exporter=${host}`,
    "info Ended early: what was learned so far is written",
    "info Learned added=4 known=0 flags=0 file=-",
  ]);
});

Deno.test("exporters are asked once without a duration, and one that fails then is an error", async () => {
  await using one = exporter();
  const { printed, around } = surroundings(NEVER);
  const request = { ...REQUEST, exporterUrls: [one.url], forMs: undefined };
  one.state.trees = { "/a": 1 };
  assert.equal(await learn(undefined, request, never, around), 0);
  assert.equal(one.state.asked, 1);
  assert.equal(printed.length, 1);
  one.state.trees = undefined;
  await assert.rejects(learn(undefined, request, never, around), /it answers 500/);
});

Deno.test("a file that can't be used is found before anything is learned; one that can't be written loses nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { printed, around } = surroundings(NEVER);
    const request = { ...REQUEST, exporterUrls: [], forMs: 0 };
    await Deno.writeTextFile(`${folder}/broken.yml`, "trees: 5\n");
    await assert.rejects(learn(`${folder}/broken.yml`, request, never, around), /broken\.yml:1:8: /);
    const watch = () => Promise.resolve(ownWatch([[seen("/a", 1)]]));
    await assert.rejects(learn(`${folder}/nowhere/b.yml`, request, watch, around), /it can't be written/);
    assert.match(printed[0]!, /^ {2}- \/a # 1 launch$/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("until it is stable: an hour and a hundred launches without a new tree, whatever else happens", async () => {
  await using one = exporter();
  const { printed, logged, shown, clock, around } = surroundings(NEVER), { state } = one;
  state.trees = { "/a": 1000 };
  state.units = { "a.service": { launches: 1000, trees: ["/a"] } };
  const request = { ...REQUEST, until: "stable", exporterUrls: [one.url], forMs: undefined } as const;
  const learning = learn(undefined, request, never, around);
  await askedAgain(state);
  // Long enough, but hardly anything was launched; then a new tree, of another unit.
  clock.ms = 3_600_000;
  state.trees = { "/a": 1099 };
  state.units = { "a.service": { launches: 1099, trees: ["/a"] } };
  await askedAgain(state);
  assert.deepEqual([shown.at(-1)!.launches, shown.at(-1)!.isStable], [99, false]);
  clock.ms = 3_700_000;
  state.trees = { "/a": 1200, "/b": 5 };
  state.units = { "a.service": { launches: 1200, trees: ["/a"] }, "b.service": { launches: 5, trees: ["/b"] } };
  await askedAgain(state);
  assert.deepEqual(shown.at(-1), {
    ...{ trees: 2, quietMs: 0, launches: 0, isStable: false, passedMs: 3_700_000, forMs: Infinity },
    ...{ units: 2, stableUnits: 1 },
  });
  // It is away and started again meanwhile, and has nothing new. It counts from nothing.
  state.trees = undefined;
  await askedAgain(state);
  clock.ms = 7_300_000;
  state.startSeconds = 2;
  state.lost = 7;
  state.trees = { "/a": 60 };
  state.units = { "a.service": { launches: 60, trees: ["/a"] } };
  await askedAgain(state);
  assert.deepEqual([shown.at(-1)!.launches, shown.at(-1)!.quietMs], [60, 3_600_000]);
  state.trees = { "/a": 100 };
  assert.equal(await learning, 0);
  assert.match(printed[0]!, /^ {2}- \/a # 1200 launches\n {2}- \/b # 5 launches$/m);
  const host = new URL(one.url).host;
  assert.deepEqual(logged.slice(1), [
    `info An exporter answers again: learning goes on exporter=${host}`,
    `info An exporter was started again: what it had seen is kept exporter=${host}`,
    `warn The kernel dropped messages: launches may be missing in what is learned exporter=${host} lost=7`,
    "info Stable: no new tree for so long trees=2 hours=1 launches=100",
    "info Units that are stable units=a.service",
    "info Units that still learn, and how far they are units=b.service (1 h, 0 launches)",
    "info Learned added=2 known=0 flags=0 file=-",
  ]);
});

Deno.test("what the file expects is not new; a signal before it is stable writes what there is, and says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/b.yml`, stop = Promise.withResolvers<void>();
    await Deno.writeTextFile(file, "trees: [/a/**]\n");
    const { logged, shown, clock, around } = surroundings(stop.promise);
    const watch = ownWatch([[seen("/a/x", 5)], [seen("/a/x", 50), seen("/a/new", 1)], [
      seen("/a/x", 60),
      seen("/b", 1),
    ]]);
    const request = { ...REQUEST, until: "stable", exporterUrls: [], forMs: undefined } as const;
    const progress = (progress: LearnProgress) => {
      around.progress(progress);
      clock.ms += 60_000;
      if (shown.length === 5) stop.resolve();
    };
    assert.equal(await learn(file, request, () => Promise.resolve(watch), { ...around, progress }), 0);
    assert.deepEqual(shown.map(({ launches, quietMs }) => [launches, quietMs]), [
      [0, 0],
      [46, 60_000],
      ...[[0, 0], [0, 60_000], [0, 120_000]],
    ]);
    assert.deepEqual(logged, [
      "warn Not stable yet: the last new tree came so long ago trees=3 hours=0.1 launches=0",
      "info Ended early: what was learned so far is written",
      `info Learned added=1 known=2 flags=0 file=${file}`,
    ]);
    assert.match(await Deno.readTextFile(file), /\/b/);
    assert.equal(watch.closed, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("this machine's watch that can't go on ends the learning, and nothing is lost", async () => {
  const { printed, logged, around } = surroundings(NEVER);
  const watch = ownWatch([[seen("/a", 1)]], Promise.resolve());
  const request = { ...REQUEST, exporterUrls: [], forMs: undefined };
  assert.equal(await learn(undefined, request, () => Promise.resolve(watch), around), 0);
  assert.match(printed[0]!, /^ {2}- \/a # 1 launch$/m);
  assert.equal(logged[0], "info Ended early: what was learned so far is written");
});

Deno.test("by unit a tree is new in each, and is written into its section; what nobody knows is said", async () => {
  const { printed, logged, clock, around } = surroundings(NEVER);
  let looks = 0;
  const launched: [tree: string, unit: string | undefined, launches: number][] = [
    ["/sh", "a.service", 5],
    ["/brief", undefined, 1],
  ];
  const watch = (): Promise<OwnWatch> =>
    Promise.resolve({
      stopped: NEVER,
      look() {
        // New in another unit at the third look: that sets the clock back, though the tree is known.
        if (++looks === 3) launched.push(["/sh", "b.service", 1]);
        clock.ms += 1_800_000;
        const trees = [...new Set(launched.map(([tree]) => tree))];
        return Promise.resolve({
          instance: "",
          startSeconds: undefined,
          trees: trees.map((tree) => seen(tree, looks * 1000)),
          launchedIn: launched.map(([tree, unit, count]) => ({
            ...{ tree, place: { unit, image: "" }, launches: count + looks * 100 },
          })),
          launchesByUnit: new Map(),
          completeSinceSeconds: undefined,
          lost: 0,
        });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  const request = { ...REQUEST, by: "unit" as const, until: "stable" as const, exporterUrls: [], forMs: undefined };
  assert.equal(await learn(undefined, request, watch, around), 0);
  assert.equal(looks, 5, "an hour after the third look");
  const { entries } = parseBaseline(printed[0]!, "-");
  assert.deepEqual(entries.map(({ pattern, section }) => [pattern, section?.name]), [
    ["/brief", undefined],
    ["/sh", "a.service"],
    ["/sh", "b.service"],
  ]);
  assert.ok(logged.includes(
    "warn Of some trees nobody knows in which unit they were launched: they are expected in any trees=1",
  ));
});
