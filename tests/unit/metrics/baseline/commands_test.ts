import assert from "node:assert/strict";
import { type BaselineIo, learn, parseBaseline } from "../../../../metrics/baseline/mod.ts";

/** An exporter whose trees are set here; undefined is one that fails. */
function exporter() {
  const state: { trees: Readonly<Record<string, number>> | undefined; asked: number } = { trees: {}, asked: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    state.asked++;
    if (state.trees === undefined) return new Response("no", { status: 500 });
    const lines = Object.entries(state.trees).map(([tree, count]) =>
      `cnproc_tree_launches_total{tree="${tree}"} ${count}\n`
    );
    return new Response(lines.join(""));
  });
  return { state, url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** What a command does, kept. */
function surroundings(stop: Promise<void>) {
  const printed: string[] = [], logged: string[] = [];
  const around: BaselineIo = {
    print: (text) => printed.push(text),
    log: (level, message) => logged.push(`${level} ${message}`),
    stop,
    pauseMs: 1,
  };
  return { printed, logged, around };
}

const REQUEST = { prometheusUrl: undefined, prometheusMatchers: undefined, httpConfigFile: undefined };
const never = () => assert.fail("this machine isn't asked");

Deno.test("exporters are asked again until the end, and one that fails doesn't hide the others", async () => {
  await using one = exporter();
  await using two = exporter();
  one.state.trees = { "/a": 5 };
  two.state.trees = { "/b": 1 };
  const stop = Promise.withResolvers<void>();
  const { printed, logged, around } = surroundings(stop.promise);
  const learning = learn(undefined, { ...REQUEST, exporterUrls: [one.url, two.url], forMs: 60_000 }, never, around);
  const askedOnce = async () => {
    const before = [one.state.asked, two.state.asked];
    while (one.state.asked < before[0]! + 2 || two.state.asked < before[1]! + 2) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await askedOnce();
  one.state.trees = undefined;
  two.state.trees = { "/b": 3, "/c": 1 };
  await askedOnce();
  // Started again: it counts from the beginning.
  one.state.trees = { "/a": 2, "/d": 1 };
  await askedOnce();
  stop.resolve();
  assert.equal(await learning, 0);
  const [text] = printed;
  assert.deepEqual(parseBaseline(text!, "-").entries.map(({ pattern }) => pattern), ["/a", "/b", "/c", "/d"]);
  assert.match(text!, /\/a # 5 launches\n.*\/b # 3 launches\n/);
  assert.ok(logged.some((line) => /^warn Cannot read from .* it answers 500/.test(line)), logged.join("\n"));
  assert.equal(logged.at(-1), "info Learned");
});

Deno.test("exporters are asked once without a duration, and one that fails then is an error", async () => {
  await using one = exporter();
  const { printed, around } = surroundings(new Promise(() => {}));
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
    const { printed, around } = surroundings(new Promise(() => {}));
    const request = { ...REQUEST, exporterUrls: [], forMs: 1 };
    await Deno.writeTextFile(`${folder}/broken.yml`, "trees: 5\n");
    await assert.rejects(learn(`${folder}/broken.yml`, request, never, around), /broken\.yml:1:8: /);
    const watch = () =>
      Promise.resolve([{ tree: "/a", launches: 1, flags: 0, firstSeenSeconds: undefined, instances: [] }]);
    await assert.rejects(learn(`${folder}/nowhere/b.yml`, request, watch, around), /it can't be written/);
    assert.match(printed[0]!, /^ {2}- \/a # 1 launch$/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
