import assert from "node:assert/strict";
import type { EventJson } from "../../../../../../metrics/http/api/mod.ts";
import { ProcessLines } from "../../../../../../metrics/http/page/browser/process_lines.ts";

let seq = 0;
const launch = (pid: number, tree: string): EventJson => ({
  seq: ++seq,
  type: "launch",
  time: seq,
  pid,
  tree,
  flags: [],
});
const ending = (pid: number, tree: string, outcome: "success" | "exec" | "signal"): EventJson => ({
  seq: ++seq,
  type: "ending",
  time: seq,
  pid,
  tree,
  outcome,
  seconds: 1,
});
const correction = (pid: number, tree: string): EventJson => ({
  seq: ++seq,
  type: "correction",
  time: null,
  pid,
  tree,
});

/** Lines in short: process id, and what it ran, each with how it ended. */
function linesOf(events: readonly EventJson[], most = 100): string[] {
  const lines = new ProcessLines(most);
  for (const event of events) lines.add([event]);
  return lines.lines.map(({ pid, images }) =>
    `${pid} ${
      images.map(({ tree, launch, ending }) => `${launch ? "" : "~"}${tree}:${ending?.outcome ?? "runs"}`).join(" ")
    }`
  );
}

Deno.test("a process is one line, with all it ran, the newest process first", () => {
  const cases: readonly (readonly [string, readonly EventJson[], readonly string[]])[] = [
    ["one that runs", [launch(1, "/a")], ["1 /a:runs"]],
    ["joined", [launch(1, "/a"), launch(2, "/b"), ending(1, "/a", "success")], ["2 /b:runs", "1 /a:success"]],
    ["an exec", [launch(1, "/a"), ending(1, "/a", "exec"), launch(1, "/a/b"), ending(1, "/a/b", "signal")], [
      "1 /a:exec /a/b:signal",
    ]],
    ["an exec that is told late", [launch(1, "/a"), launch(1, "/a/b"), ending(1, "/a", "exec")], [
      "1 /a:exec /a/b:runs",
    ]],
    ["begun before", [ending(1, "/a", "exec"), launch(1, "/b")], ["1 ~/a:exec /b:runs"]],
    ["an id that is used again", [launch(1, "/a"), ending(1, "/a", "success"), launch(1, "/b")], [
      "1 /b:runs",
      "1 /a:success",
    ]],
    ["an ending twice", [launch(1, "/a"), ending(1, "/a", "success"), ending(1, "/a", "success")], [
      "1 ~/a:success",
      "1 /a:success",
    ]],
    ["a correction", [launch(1, "/a/sh"), correction(1, "/a/x"), launch(1, "/a/x")], ["1 /a/x:runs"]],
    ["a correction of what isn't known", [correction(1, "/a/x"), launch(1, "/a/x")], ["1 /a/x:runs"]],
  ];
  for (const [name, events, want] of cases) assert.deepEqual(linesOf(events), want, name);
});

Deno.test("the oldest lines go, and of what a process ran the oldest", () => {
  assert.deepEqual(linesOf([1, 2, 3].map((pid) => launch(pid, "/a")), 2), ["3 /a:runs", "2 /a:runs"]);
  const execs = Array.from({ length: 20 }, (_, i) => [launch(1, `/${i}`), ending(1, `/${i}`, "exec")]).flat();
  const [line] = linesOf(execs);
  assert.equal(line, `1 ${[12, 13, 14, 15, 16, 17, 18, 19].map((i) => `/${i}:exec`).join(" ")}`);
});

Deno.test("further flags go to the launch that they are of, also where its process has ended", () => {
  const flags = (pid: number, tree: string): EventJson => ({
    seq: ++seq,
    type: "flags",
    time: null,
    pid,
    tree,
    flags: ["modified"],
  });
  const lines = new ProcessLines(9);
  lines.add([{ ...launch(1, "/a"), flags: ["temp"] }, ending(1, "/a", "exec"), launch(1, "/b"), launch(2, "/a")]);
  lines.add([ending(1, "/b", "success"), flags(1, "/a"), flags(1, "/a"), flags(2, "/b"), flags(3, "/a")]);
  assert.deepEqual(
    lines.lines.map(({ pid, images }) => [pid, ...images.map(({ launch }) => launch!.flags)]),
    [[2, []], [1, ["temp", "modified"], []]],
  );
});
