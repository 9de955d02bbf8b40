/** Recordings that are replayed. */

import assert from "node:assert/strict";
import { Baseline } from "../../../../metrics/baseline/mod.ts";
import { Daemons } from "../../../../scripts/detection/entries.ts";
import { Host } from "../../../../scripts/detection/host.ts";
import type { Recording } from "../../../../scripts/detection/recording.ts";

/** Someone looks who is there, and runs a program of a temporary folder that is gone meanwhile, and one that was mounted over ls. */
const RECORDING: Recording = {
  id: "x",
  what: "x",
  below: "shell",
  strings: ["/usr/bin/id", "/", "id", "/tmp/own (deleted)", "own", "/usr/bin/ls"],
  events: [
    ["fork", 100, 101],
    ["exec", 101, 0, 1, 2, []],
    ["exit", 101, 0],
    ["fork", 100, 102],
    ["exec", 102, 3, 1, 4, [], ["deleted", "temp", "preload"]],
    ["exit", 102, 0],
    ["fork", 100, 103],
    ["exec", 103, 5, 1, 4, [], ["unconfirmed"]],
  ],
};

function replayed(): { host: Host; daemons: Daemons } {
  const host = new Host(), daemons = new Daemons(host, ["sshd"]);
  host.report();
  return { host, daemons };
}

Deno.test("host: launches are the exporter's own trees, with flags found again and those only a kernel can tell", () => {
  const { host, daemons } = replayed();
  daemons.enter("sshd", (shell) => host.replay(RECORDING, shell), () => host.report());
  assert.deepEqual(host.report().map(({ tree, flags }) => [tree, flags]), [
    ["/sshd/base", []],
    ["/sshd/base/own", ["deleted", "preload", "temp"]],
    ["/sshd/base/ls", ["unconfirmed"]],
  ]);
});

Deno.test("host: what is new, expected and rare at a time", () => {
  const { host, daemons } = replayed();
  const enter = () => daemons.enter("sshd", (shell) => host.replay(RECORDING, shell));
  host.time = 86_400;
  enter();
  assert.deepEqual(new Set(host.report().filter(({ isNew }) => isNew).map(({ tree }) => tree)).size, 3);
  host.expect(new Baseline([{ pattern: "/sshd/base", line: 1 }, { pattern: "/sshd", line: 2 }], []));
  host.time = 2 * 86_400;
  enter();
  const again = host.report();
  assert.ok(again.every(({ isNew }) => !isNew));
  assert.deepEqual(
    new Set(again.filter(({ isExpected }) => isExpected === false).map(({ tree }) => tree)),
    new Set(["/sshd/base/own", "/sshd/base/ls"]),
  );
  const { bits, age } = host.rarity("/sshd/base/own")!;
  assert.ok(bits > 0 && age >= 0 && age < 60, `${bits} ${age}`);
  assert.equal(host.rarity("/nowhere"), undefined);
});
