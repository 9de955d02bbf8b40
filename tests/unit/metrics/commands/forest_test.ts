/** The commands `tree` and `top`, without an exporter. */

import assert from "node:assert/strict";
import { NOWHERE } from "../../../../fingerprint/context/mod.ts";
import { Column, Flag, ORDINARY } from "../../../../fingerprint/mod.ts";
import { HttpClient } from "../../../../metrics/baseline/mod.ts";
import { parseBaseline } from "../../../../metrics/baseline/mod.ts";
import { contextFilterOf } from "../../../../metrics/commands/context_filter.ts";
import type { Wish } from "../../../../metrics/commands/forest_lines.ts";
import { apiUrl, type Forest, readForest } from "../../../../metrics/commands/remote.ts";
import { columnsOf, painter } from "../../../../metrics/commands/terminal.ts";
import { ratesSince, topLines } from "../../../../metrics/commands/top.ts";
import { forestText } from "../../../../metrics/commands/tree.ts";
import { readTreeFilter } from "../../../../metrics/commands/tree_filter.ts";
import { healthJson, treeJson } from "../../../../metrics/http/api/mod.ts";
import { Registry, userNames } from "../../../../metrics/registry/mod.ts";
import { busyRow, FakeWatcher } from "../fake_watcher.ts";

const NOW = 1_800_100_000;
const ALL: Wish = {
  isNew: false,
  isUnexpected: false,
  isRandom: false,
  isFailing: false,
  flags: [],
  filter: undefined,
  context: undefined,
};
const PLAIN = painter(false);

/** A forest: old and new, failing, flagged and unexpected trees. */
async function planted(): Promise<Forest> {
  const watcher = new FakeWatcher(), users = userNames(() => "root:x:0:0:::\nann:x:1000:1000:::\n");
  const registry = new Registry({}, 0, { now: () => NOW, users });
  registry.expect(parseBaseline("trees: [/sshd/**, /cron, '/random/**']\nflags: {}\n", "b.yml"));
  const add = (path: string, launches: number, running: number, firstSeen: number, flags = 0, failed = 0) => {
    const row = busyRow(launches, running, 0.004);
    row[Column.FirstSeen] = firstSeen;
    row[Column.Exits] = launches - running - failed;
    row[Column.Exits + 1] = failed;
    for (let i = 0; flags >> i > 0; i++) row[Column.Flagged + i] = flags >> i & 1;
    return watcher.add(path, row);
  };
  add("/cron", 1, 1, NOW - 86_400);
  const sshd = add("/sshd", 3, 3, NOW - 86_400);
  add("/sshd/base/server.sh", 1234, 0, NOW - 90, Flag.Memfd);
  add("/sshd/base", 12, 1, NOW - 7200, Flag.New, 6);
  const nc = add("/nc", 2, 0, NOW - 7200);
  add("/random/cron/x*", 5, 0, NOW - 60, Flag.Temp);
  watcher.contexts = {
    added: [
      { ...NOWHERE, id: 1, unit: "ssh.service" },
      { ...NOWHERE, id: 2, unit: "user@1000.service/nc.service" },
      { ...NOWHERE, id: 3, unit: `docker-${"4f8a1c0de3b2".padEnd(64, "0")}.scope`, container: "4f8a1c0de3b2" },
    ],
    launches: new Float64Array(),
    launchedIn: Float64Array.of(sshd, 1, 0, 3, nc, 2, 1000, 1, nc, 3, 0, 1),
  };
  registry.apply(await watcher.collect());
  return {
    time: NOW,
    health: healthJson(registry, undefined),
    trees: JSON.parse(JSON.stringify(registry.trees.map((tree) => treeJson(tree, registry)))),
  };
}

Deno.test("the forest, in so many columns, with what is odd before the name", async () => {
  const forest = await planted();
  const lines = (wish: Partial<Wish>, columns = Infinity) =>
    forestText(forest, { ...ALL, ...wish }, { sort: "tree", output: "text", context: "auto" }, columns, PLAIN).trimEnd()
      .split("\n");
  assert.equal(lines({})[0], "   RUN LAUNCHES FAILED    MEAN     CPU   SEEN RARE  ODD                   TREE");
  assert.match(
    lines({}).find((line) => line.includes("server.sh"))!,
    /^ {10}1,234 .* 1 min {7}new,unexpected,memfd {6}server\.sh$/,
  );
  assert.match(lines({}).find((line) => line.endsWith("  base"))!, /^ {5}1 {7}12 {6}6 .*failing,new file {8}base$/);
  assert.equal(
    lines({ isFailing: true })[0],
    "   RUN LAUNCHES FAILED    MEAN     CPU   SEEN RARE  ODD               TREE",
  );
  for (const columns of [60, 80, 100]) {
    for (const line of lines({}, columns)) assert.ok(columnsOf(line) <= columns, `${columns}: ${line}`);
  }
  // Those above stand there too.
  assert.deepEqual(lines({ isNew: true, flags: [Flag.Memfd] }).slice(1).map((line) => line.trim().split(" ").at(-1)), [
    "/sshd",
    "base",
    "server.sh",
  ]);
});

Deno.test("only what is wanted, in the order that is wanted, as JSON with the fields of the JSON interface", async () => {
  const forest = await planted();
  const paths = (wish: Partial<Wish>, sort: Parameters<typeof forestText>[2]["sort"] = "tree") =>
    forestText(forest, { ...ALL, ...wish }, { sort, output: "json", context: "auto" }, 80, PLAIN).split("\n").slice(
      0,
      -1,
    )
      .map((line) => JSON.parse(line).path);
  assert.deepEqual(paths({ isUnexpected: true }), ["/nc", "/sshd/base/server.sh"]);
  assert.deepEqual(paths({ isRandom: true }), ["/random/cron/x*"]);
  assert.deepEqual(paths({ isFailing: true }), ["/sshd/base"]);
  assert.deepEqual(paths({ isNew: true }), ["/random/cron/x*", "/sshd/base/server.sh"]);
  assert.deepEqual(paths({ flags: [~ORDINARY] }), ["/sshd/base/server.sh"]);
  assert.deepEqual(paths({ flags: [Flag.New] }), ["/sshd/base"], "the flag, not what is new");
  assert.deepEqual(paths({ flags: [Flag.Temp, Flag.Memfd] }, "launches"), ["/sshd/base/server.sh", "/random/cron/x*"]);
  assert.deepEqual(paths({ filter: await readTreeFilter("/sshd/*") }), ["/sshd/base"]);
  assert.deepEqual(paths({}, "seen").slice(0, 2), ["/random/cron/x*", "/sshd/base/server.sh"]);
  assert.deepEqual(paths({}, "rarity")[0], "/cron", "one launch among all first programs");
  const [line] = forestText(forest, ALL, { sort: "failed", output: "json", context: "auto" }, 80, PLAIN).split("\n");
  assert.deepEqual(JSON.parse(line!), forest.trees.find(({ path }) => path === "/sshd/base"));
});

Deno.test("who launched: columns where the terminal has room or somebody asks, and only whose launches are wanted", async () => {
  const forest = await planted();
  const lines = (columns: number, context: "auto" | "always" | "never" = "auto", wish: Partial<Wish> = {}) =>
    forestText(forest, { ...ALL, ...wish }, { sort: "tree", output: "text", context }, columns, PLAIN).split("\n");
  assert.match(lines(140)[0]!, / RARE {2}USER {5}UNIT {16}ODD {19}TREE$/);
  assert.match(
    lines(140).find((line) => line.endsWith("/nc"))!,
    / {2}root \+1 {2}4f8a1c0de3b2 \+1 {5}unexpected {12}\/nc$/,
  );
  assert.match(lines(140).find((line) => line.endsWith("/sshd"))!, / {2}root {5}ssh\.service {31}\/sshd$/);
  for (const columns of [80, 100, Infinity]) assert.doesNotMatch(lines(columns)[0]!, /USER/);
  assert.doesNotMatch(lines(140, "never")[0]!, /USER/);
  assert.match(lines(Infinity, "always")[0]!, /USER/);
  for (const columns of [80, 100, 140]) {
    for (const line of lines(columns, "always")) assert.ok(columnsOf(line) <= columns, `${columns}: ${line}`);
  }
  const none = { users: [], units: [], containers: [], context: "auto" } as const;
  const trees = (wish: Partial<typeof none | Record<"users" | "units" | "containers", string[]>>) =>
    lines(80, "auto", { context: contextFilterOf({ ...none, ...wish }) }).slice(1, -1).map((line) =>
      line.split("  ").at(-1)
    );
  assert.deepEqual(trees({ users: ["ann"] }), ["/nc"]);
  assert.deepEqual(trees({ units: ["ssh"] }), ["/sshd"]);
  assert.deepEqual(trees({ users: ["0"] }), ["/nc", "/sshd"]);
  assert.deepEqual(trees({ users: ["ann"], containers: ["*"] }), [], "by one who launched it");
  assert.deepEqual(trees({ users: ["root"], containers: ["4f8a*"] }), ["/nc"]);
});

Deno.test("top: the trees with most launches since the last look first", async () => {
  const before = await planted();
  assert.deepEqual([...ratesSince(undefined, before).values()], [0, 0, 0, 0, 0, 0]);
  const trees = before.trees.map((tree) => ({
    ...tree,
    launches: tree.path === "/nc" ? tree.launches + 5 : tree.launches,
  }))
    .filter(({ path }) => path !== "/sshd"); // it left
  const after = { ...before, time: NOW + 2, trees: [...trees, { ...trees[0]!, path: "/came", launches: 2 }] };
  const rate = ratesSince(before, after);
  assert.deepEqual([rate.get("/nc"), rate.get("/came"), rate.get("/cron"), rate.get("/sshd")], [2.5, 1, 0, undefined]);
  const screen = { columns: 80, rows: 5, context: "auto", paint: PLAIN } as const;
  const lines = topLines(after, rate, ALL, "rate", screen, "no connection");
  assert.equal(lines.length, 5);
  assert.match(lines[0]!, /^\d\d:\d\d:\d\d {2}6 trees .* 3\.5 launches\/s .*no connection$/);
  assert.match(lines[1]!, /^ LAUNCH\/S .* TREE$/);
  assert.match(lines[2]!, /^ {6}2\.5 .*\/nc$/);
  assert.match(lines[3]!, /^ {6}1\.0 .*\/came$/);
  for (const line of lines) assert.ok(columnsOf(line) <= 80, line);
});

Deno.test("the JSON interface is found from whatever names the exporter", () => {
  for (
    const [url, want] of [
      ["http://localhost:9501", "http://localhost:9501/api/v1/trees"],
      ["http://localhost:9501/metrics", "http://localhost:9501/api/v1/trees"],
      ["https://proxy/web-1/?x=1#y", "https://proxy/web-1/api/v1/trees"],
    ] as const
  ) assert.equal(apiUrl(url, "trees"), want);
});

Deno.test("an answer may come from anybody: texts are printable, other shapes are errors", async () => {
  const forest = await planted();
  let body = "";
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => new Response(body));
  using client = new HttpClient();
  const read = () => readForest(client, `http://127.0.0.1:${server.addr.port}`);
  body = JSON.stringify({ ...forest, trees: [{ ...forest.trees[0], rarity: undefined, path: "/x\u001b[2J\u202e" }] });
  const [shown] = (await read()).trees;
  assert.deepEqual([shown!.path, shown!.rarity], ["/x\\x1b[2J\\u{202e}", 0], "an older exporter says none");
  for (
    const text of [
      "<html>",
      "null",
      "[]",
      "{}",
      '{"time":1,"health":{"lost":{}},"trees":[null]}',
      '{"time":1,"trees":[]}',
    ]
  ) {
    body = text;
    await assert.rejects(read(), /^Error: Cannot read from http:[^\n]+has no trees: is it an exporter\?$/, text);
  }
});
