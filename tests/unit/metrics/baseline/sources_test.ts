import assert from "node:assert/strict";
import { Column, Flag, Stat } from "../../../../fingerprint/mod.ts";
import { HttpClient, lookAtExporter, placesOfPrometheus, treesOfPrometheus } from "../../../../metrics/baseline/mod.ts";
import { Exposition } from "../../../../metrics/exposition/exposition.ts";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { busyRow, FakeWatcher } from "../fake_watcher.ts";

/** A server that gives one answer, and what it was asked. */
class Server implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(answer: (request: Request, body: string) => Response | Promise<Response>) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const body = await request.text();
      this.asked.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("authorization")}`);
      return await answer(request, body);
    });
  }

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

const TREES = ["/sshd/base", '/quote"/back\\slash\nline', '/{tree="x"} 1', '/\u00e4,b="c"', "/# EOF"];

Deno.test("the trees of an exporter, whatever they are called", async () => {
  const watcher = new FakeWatcher();
  TREES.forEach((tree, index) => {
    const row = busyRow(1 + index, 0, 1);
    for (const flag of [2, 4]) row[Column.Flagged + flag] = index;
    watcher.add(tree, row);
  });
  watcher.stats[Stat.LostExecs] = 7;
  watcher.stats[Stat.LostRing] = 3;
  const registry = new Registry();
  registry.apply(await watcher.collect());
  const numbers = {
    stats: registry.stats,
    process: {
      ...{
        cpuSeconds: 1,
        residentBytes: 1,
        virtualBytes: 1,
        openFds: 1,
        maxFds: 1,
        startTimeSeconds: 1_800_000_000.75,
      },
    },
    unexpectedLaunches: undefined,
    baselineMode: undefined,
    completeSinceSeconds: 1_800_000_100,
    reload: { successful: true, successSeconds: 0 },
    scrape: { scrapes: 1, rejected: 0, failed: 0, collectSeconds: 0, renderSeconds: 0 },
    build: {},
    launchesByUnit: new Map([["cron.service", 40]]),
    launchesByContainer: [["c0ffee", 2]] as const,
    namedContainers: () => [["c0ffee", "web", "", "", ""]] as const,
    launchedBy: () => [[TREES[1]!, "user@*.service/x", "", "1000"], [TREES[0]!, "", "c0ffee", ""]] as const,
    eventLog: undefined,
  };
  const body = new Exposition("text").render(registry, numbers).slice();
  await using server = new Server(() => new Response(body));
  using client = new HttpClient({ authorization: "Bearer x" });
  const look = await lookAtExporter(client, `http://${server.host}`), { trees: seen } = look;
  const want = TREES.map((tree, index) => ({
    tree,
    launches: 1 + index,
    flags: index === 0 ? 0 : 1 << 2 | 1 << 4,
    firstSeenSeconds: 1_800_000_000.125,
    lastSeenSeconds: 1_800_000_001.5 + index,
    instances: [server.host],
  }));
  assert.deepEqual(seen.map(({ tree }) => tree), [...TREES].sort());
  assert.equal(look.instance, server.host);
  assert.equal(look.startSeconds, 1_800_000_000.75);
  assert.deepEqual(look.launchedIn, [
    { tree: TREES[1]!, place: { unit: "user@*.service", image: "" } },
    { tree: TREES[0]!, place: { unit: undefined, image: undefined } },
  ]);
  assert.deepEqual([...look.launchesByUnit], [["cron.service", 40]]);
  assert.equal(look.lost, 10);
  assert.equal(look.completeSinceSeconds, 1_800_000_100);
  for (const tree of want) assert.deepEqual(seen.find(({ tree: name }) => name === tree.tree), tree);
  assert.deepEqual(server.asked, ["GET /metrics Bearer x"]);
  await lookAtExporter(client, `http://${server.host}/other/path`);
  assert.match(server.asked[1]!, /^GET \/other\/path /);
});

Deno.test("where trees were launched, by the JSON interface beside the metrics", async () => {
  const launched_in = [
    { unit: "cron.service", image: "", launches: 3, expected: true },
    { unit: null, image: "redis:7", launches: 2, expected: null },
    { unit: "", image: null, launches: "9" },
    null,
  ];
  let answer = JSON.stringify({ trees: [{ path: "/a", launched_in }, { path: "/b" }, null] });
  await using server = new Server((request) =>
    new Response(request.url.endsWith("/m/api/v1/trees") ? answer : 'cnproc_tree_launches_total{tree="/a"} 5\n')
  );
  using client = new HttpClient();
  const look = () => lookAtExporter(client, `http://${server.host}/m/metrics`, 1, true);
  assert.deepEqual((await look()).launchedIn, [
    { tree: "/a", place: { unit: "cron.service", image: "" }, launches: 3 },
    { tree: "/a", place: { unit: undefined, image: "redis:7" }, launches: 2 },
  ]);
  answer = JSON.stringify({ trees: [{ path: "/a" }] });
  await assert.rejects(look(), /api\/v1\/trees: it doesn't say where trees were launched: it is an older exporter/);
  answer = "<html>";
  await assert.rejects(look(), /its answer isn't JSON: is it an exporter\?/);
});

Deno.test("where trees were launched, by a Prometheus server's past", async () => {
  await using server = new Server((_, body) => {
    const query = new URLSearchParams(body).get("query")!;
    const sample = (metric: Record<string, string>) => ({ metric, value: [1, "1"] });
    const result = query.includes("cnproc_container_info")
      ? [sample({ container: "c0ffee", image: "redis:7" }), sample({ container: "d00d" }), sample({ image: "x" })]
      : [
        sample({ tree: "/a", unit: "user@1000.service/app.service" }),
        sample({ tree: "/a", unit: "docker-*.scope", container: "c0ffee" }),
        sample({ tree: "/b", container: "d00d" }),
        sample({ tree: "/b", container: "user@1000.service/c0ffee" }),
        sample({ unit: "x.service" }),
      ];
    return Response.json({ status: "success", data: { resultType: "vector", result } });
  });
  using client = new HttpClient();
  assert.deepEqual(await placesOfPrometheus(client, `http://${server.host}`, "", 60), [
    { tree: "/a", place: { unit: "user@1000.service", image: "" } },
    { tree: "/a", place: { unit: "docker-*.scope", image: "redis:7" } },
    { tree: "/b", place: { unit: undefined, image: undefined } },
    { tree: "/b", place: { unit: undefined, image: "" } },
  ]);
});

Deno.test("the trees of a Prometheus server, of all instances together", async () => {
  const queries: string[] = [];
  await using server = new Server((_, body) => {
    const query = new URLSearchParams(body).get("query")!;
    queries.push(query);
    const flagged = ["memfd", "temp", "of-a-later-version"].map((flag) => ({
      metric: { tree: "/a", flag },
      value: [1, "2"],
    }));
    const result = query.includes("flag)") ? flagged : query.startsWith("max")
      ? [
        { metric: { tree: "/a", job: "j", instance: "h1" }, value: [1, "5"] },
        { metric: { tree: "/a", job: "j", instance: "h2" }, value: [1, "7"] },
        { metric: { job: "j" }, value: [1, "7"] },
      ]
      : [{ metric: { tree: "/a" }, value: [1, "1700000000.5"] }];
    return Response.json({ status: "success", data: { resultType: "vector", result } });
  });
  using client = new HttpClient();
  const seen = await treesOfPrometheus(client, `http://${server.host}/prefix/`, 'job="j"', 86_400);
  assert.deepEqual(seen, [{
    tree: "/a",
    launches: 12,
    flags: Flag.Memfd | Flag.Temp,
    firstSeenSeconds: 1700000000.5,
    instances: ["h1", "h2"],
  }]);
  assert.match(server.asked[0]!, /^POST \/prefix\/api\/v1\/query /);
  assert.match(queries[0]!, /cnproc_tree_launches_total\{job="j"\}\[86400s\]/);
});

Deno.test("answers that can't be used are told in one line, without secrets", async () => {
  const cases: [answer: () => Response, want: RegExp][] = [
    [() => new Response("no\x1b[2J", { status: 500 }), /it answers 500 \(no\\x1b\[2J\)$/],
    [() => new Response("", { status: 401 }), /it answers 401 \(--http\.config\.file says who asks\)$/],
    [() => new Response("# nothing\n"), /its answer has no cnproc_tree_launches_total$/],
    [() => new Response("up 1\n\0\xff"), /its answer has no cnproc_tree_launches_total$/],
  ];
  using client = new HttpClient();
  for (const [answer, want] of cases) {
    await using server = new Server(answer);
    await assert.rejects(lookAtExporter(client, `http://ann:secret@${server.host}/m`), (error: Error) => {
      assert.equal(error.name, "SourceError");
      assert.match(error.message, want);
      assert.ok(error.message.startsWith(`Cannot read from http://${server.host}/m: `), error.message);
      assert.doesNotMatch(error.message, /secret|\n/);
      return true;
    });
  }
  const answers: [string, RegExp][] = [
    ["<html>", /isn't JSON: is it a Prometheus server/],
    ["null", /has no result/],
    ['{"status":"success","data":{"result":[]}}', /it has no cnproc_tree_launches_total/],
    ['{"status":"success","data":{"result":[1,null,{"metric":null}]}}', /it has no cnproc_tree_launches_total/],
  ];
  for (const [answer, want] of answers) {
    await using server = new Server(() => new Response(answer));
    await assert.rejects(treesOfPrometheus(client, `http://${server.host}`, "", 60), want);
  }
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  free.close();
  await assert.rejects(
    lookAtExporter(client, `http://127.0.0.1:${free.addr.port}`),
    /^SourceError: Cannot read from http:\/\/127\.0\.0\.1:\d+\/metrics: tcp connect error: Connection refused \(os error 111\): nobody listens there$/,
  );
});
