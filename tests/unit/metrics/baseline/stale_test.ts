import assert from "node:assert/strict";
import {
  check,
  findStale,
  HttpClient,
  knownToPrometheus,
  mergeBaseline,
  parseBaseline,
  type SeenTree,
  staleText,
} from "../../../../metrics/baseline/mod.ts";

const DAY = 86_400;
/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000;

function seen(tree: string, lastSeenSeconds?: number): SeenTree {
  return { tree, launches: 1, flags: 0, firstSeenSeconds: undefined, lastSeenSeconds, instances: [] };
}

const patterns = (unused: readonly { readonly pattern: string }[]) => unused.map(({ pattern }) => pattern);

Deno.test("a rule is stale that nothing needed for long, as far as launches are known", () => {
  const baseline = parseBaseline(
    "trees:\n" +
      "  - /fresh\n  - /old\n  - /never\n  - /glob/**\n  - /gone/**\n" +
      "  - /dated # first seen 2026-01-02T03:04:05Z, last seen 2027-01-11, 12 launches; Ann's\n" +
      "  - /outdated # last seen 2027-01-09, 12 launches on 1 of 3 hosts\n",
    "b.yml",
  );
  const trees = [
    ...[seen("/fresh", NOW - DAY), seen("/old", NOW - 6 * DAY), seen("/old", NOW - 9 * DAY)],
    ...[seen("/glob/a", NOW - 8 * DAY), seen("/glob/b", NOW - 2 * DAY), seen("/gone/a"), seen("/not/in/it", NOW)],
  ];
  const cutoff = NOW - 5 * DAY;
  const known = findStale(baseline, { seen: trees, sinceSeconds: NOW - 7 * DAY }, cutoff);
  assert.deepEqual(patterns(known.stale), ["/old", "/never", "/gone/**", "/outdated"]);
  assert.deepEqual(known.unknown, []);
  assert.equal(
    staleText(known),
    [
      "/old  line 3: stale, not seen after 2027-01-09T08:00:00Z",
      "/never  line 4: stale, not seen since 2027-01-08T08:00:00Z",
      "/gone/**  line 6: stale, not seen since 2027-01-08T08:00:00Z",
      "/outdated  line 8: stale, not seen after 2027-01-09T23:59:59Z",
      "7 rules, 4 of them stale",
    ].join("\n"),
  );
  // An exporter that was started again, and one that doesn't say.
  const young = findStale(baseline, { seen: trees, sinceSeconds: NOW - DAY }, cutoff);
  assert.deepEqual([patterns(young.stale), patterns(young.unknown)], [[], patterns(known.stale)]);
  assert.match(
    staleText(young),
    /^7 rules, 0 of them stale; of 4 there is no telling yet, launches are known since 2027-01-14/,
  );
  const silent = findStale(baseline, { seen: trees, sinceSeconds: undefined }, cutoff);
  assert.equal(silent.unknown.length, 4);
  assert.match(staleText(silent), /nothing says since when launches are known$/);
});

Deno.test("of what may have been counted under other names there is no telling", () => {
  const baseline = parseBaseline("trees: [/a/x, /a/b/x, /c/x, /d]\n", "b.yml");
  const find = (...trees: SeenTree[]) => {
    const { stale, unknown } = findStale(baseline, { seen: trees, sinceSeconds: NOW - 9 * DAY }, NOW - 5 * DAY);
    return [patterns(stale), patterns(unknown)];
  };
  assert.deepEqual(find(seen("/a/*", NOW)), [["/c/x", "/d"], ["/a/x", "/a/b/x"]]);
  assert.deepEqual(find(seen("/c/other", NOW), seen("/a/*", NOW - 6 * DAY)), [["/a/x", "/a/b/x", "/d"], ["/c/x"]]);
  assert.deepEqual(find(seen("/other", NOW)), [[], ["/a/x", "/a/b/x", "/c/x", "/d"]]);
});

Deno.test("learning writes the day, and renews it where it is asked to, and nothing else of a line", () => {
  const first = mergeBaseline(undefined, "b.yml", [seen("/a", NOW - 3 * DAY), seen("/b", NOW - 3 * DAY), seen("/c")]);
  assert.match(
    first.text,
    /^ {2}- \/a # last seen 2027-01-12, 1 launch\n {2}- \/b # last seen .*\n {2}- \/c # 1 launch$/m,
  );
  const mine = first.text.replace(
    "- /a # last seen 2027-01-12, 1 launch",
    "- /a # last seen 2027-01-12, 1 launch; Ann's",
  );
  const later = [seen("/a", NOW), seen("/b", NOW - 4 * DAY), seen("/c", NOW)];
  assert.equal(mergeBaseline(mine, "b.yml", later).text, mine);
  const renewed = mergeBaseline(mine, "b.yml", later, true).text;
  assert.equal(renewed, mine.replace("/a # last seen 2027-01-12", "/a # last seen 2027-01-15"));
  // The same day again changes nothing.
  assert.equal(mergeBaseline(renewed, "b.yml", [seen("/a", NOW + 3600)], true).text, renewed);
});

Deno.test("check asks an exporter when its trees were last launched, and since when it knows", async () => {
  let text = "";
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(text));
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/b.yml`, printed: string[] = [];
    await Deno.writeTextFile(file, "trees: [/old, /gone, /daemon, /new]\n");
    const run = async (staleAfterMs: number, output: "text" | "json" = "text") => {
      const request = {
        ...{ exporterUrls: [`http://127.0.0.1:${server.addr.port}`], prometheusUrl: undefined, forMs: undefined },
        ...{ prometheusMatchers: undefined, httpConfigFile: undefined, staleAfterMs, output },
      };
      assert.equal(await check(file, request, (text) => printed.push(text), NOW), 0);
      return printed.pop()!;
    };
    const trees = { "/old": NOW - 6 * DAY, "/daemon": NOW - 9 * DAY, "/new": NOW };
    const metrics = (since: number) =>
      Object.entries(trees).map(([tree, last]) =>
        `cnproc_tree_launches_total{tree="${tree}"} 1\n` +
        `cnproc_tree_last_launch_timestamp_seconds{tree="${tree}"} ${last}\n` +
        `cnproc_tree_processes{tree="${tree}"} ${tree === "/daemon" ? 2 : 0}\n`
      ).join("") + `cnproc_trees_complete_since_timestamp_seconds ${since}\n`;
    text = metrics(NOW - 7 * DAY);
    assert.equal(
      await run(5 * DAY * 1000),
      "3 trees, 0 of them unexpected\n" +
        "/old  line 1: stale, not seen after 2027-01-09T08:00:00Z\n" +
        "/gone  line 1: stale, not seen since 2027-01-08T08:00:00Z\n" +
        "4 rules, 2 of them stale",
    );
    const { stale, unknown, rules, knownSince } = JSON.parse(await run(5 * DAY * 1000, "json"));
    assert.deepEqual([rules, unknown, knownSince], [4, [], "2027-01-08T08:00:00Z"]);
    assert.deepEqual(stale, [
      { pattern: "/old", line: 1, lastSeen: "2027-01-09T08:00:00Z" },
      { pattern: "/gone", line: 1, lastSeen: null },
    ]);
    text = metrics(NOW - 2 * DAY);
    assert.match(
      await run(5 * DAY * 1000),
      /4 rules, 0 of them stale; of 2 there is no telling yet, launches are known/,
    );
    assert.equal(await run(0), "3 trees, 0 of them unexpected");
    // Without the times of launches nobody knows.
    text = metrics(NOW - 7 * DAY).replace(/.*last_launch.*\n/g, "");
    assert.match(await run(5 * DAY * 1000), /of 3 there is no telling yet, nothing says since when/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a Prometheus server tells what was launched or ran, and since when it knows", async () => {
  const asked: string[] = [];
  let firstSeconds = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const query = new URLSearchParams(await request.text()).get("query")!;
    asked.push(query);
    const result = query.includes("timestamp(")
      ? [{ metric: { tree: "/" }, value: [NOW, String(firstSeconds)] }]
      : [{ metric: { tree: "/a" }, value: [NOW, "1"] }];
    return Response.json({ status: "success", data: { resultType: "vector", result } });
  });
  using client = new HttpClient();
  const url = `http://127.0.0.1:${server.addr.port}`;
  const since = async (seconds: number) => {
    firstSeconds = seconds;
    const known = await knownToPrometheus(client, url, 'job="j"', 5 * DAY, NOW);
    assert.deepEqual([...known.seen].map(({ tree, lastSeenSeconds }) => [tree, lastSeenSeconds]), [["/a", NOW]]);
    return known.sinceSeconds;
  };
  // The first of 120 looks: as far back as was asked. Later: since then.
  assert.equal(await since(NOW - 5 * DAY + 3600), NOW - 5 * DAY);
  assert.equal(await since(NOW - 3 * DAY), NOW - 3 * DAY);
  assert.match(asked[0]!, /changes\(cnproc_tree_launches_total\{job="j"\}\[432000s\]\)/);
  assert.match(asked[1]!, /timestamp\(cnproc_trees\{job="j"\}\)\[432000s:3600s\]/);
});
