/** A user who makes up names, in whatever way, against the trees of others. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LabelTable } from "../../fingerprint/labels/table.ts";
import { OTHER, ROOT } from "../../fingerprint/trees/nodes.ts";
import { Ending } from "../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../fingerprint/trees/table.ts";
import { runs } from "./runs.ts";

const EVIL = 1001, ALICE = 1000;

/** A launch from one of the nodes reached so far, under a new name or a known one, that ends or runs on; or a scrape. */
const step = fc.record({
  what: fc.constantFrom("once", "once", "twice", "runs", "scrape", "hour"),
  from: fc.nat(1000),
  name: fc.nat(400),
  width: fc.constantFrom(1, 1, 30),
});

Deno.test("whatever one user launches, the bounds hold, and another's new programs have trees of their own", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), fc.integer({ min: 48, max: 200 }), (steps, limit) => {
      const labels = new LabelTable(), bounds = { limit, maxOnce: 8, retentionNs: 86_400e9 };
      const trees = new TreeTable(labels, bounds), { trie } = trees;
      let report = 0, scraped = 0, nowNs = 1e12;
      const launch = (parent: number, text: string, user: number, ends = true) => {
        const node = trie.launch(parent, labels.idOf(text, false), user);
        trees.countProcess(node, 1);
        trees.begin(node, 1, nowNs / 1e9);
        nowNs += 1e6;
        if (!ends) return node;
        trees.end(node, Ending.Success, 1, 0.01, nowNs / 1e9);
        trees.countProcess(node, -1);
        return node;
      };
      const sshd = launch(ROOT, "sshd", 0, false), shell = launch(sshd, "bash", ALICE, false);
      trie.hold(shell);
      let reached = [shell];
      for (const { what, from, name, width } of steps) {
        if (what === "scrape" || what === "hour") {
          if (what === "hour") nowNs += 3600e9;
          trees.collect({ report: ++report, scraped, nowNs });
          scraped = report;
          reached = reached.filter((node) => trie.isLive(node));
          continue;
        }
        const parent = reached[from % reached.length]!, text = `n${name}`.padEnd(2 * width, "\u{10000}");
        for (let i = 0; i < (what === "twice" ? 2 : 1); i++) reached.push(launch(parent, text, EVIL, what !== "runs"));
        assert.ok(trie.size <= limit, `${trie.size} trees`);
        assert.ok(trie.budget.bytes <= limit * 256 + 2 * 4200, `${trie.budget.bytes} bytes`);
      }
      // A few: the guard of names launched once is another matter, so each is launched twice.
      for (let i = 0; i < Math.floor(limit / 16) - 2; i++) {
        const own = [
          launch(launch(sshd, "login", ALICE), `alice${i}`, ALICE),
          launch(launch(sshd, "login", ALICE), `alice${i}`, ALICE),
        ];
        const path = trie.pathOf(own[1]!);
        assert.ok(own[1] !== OTHER && !trie.isOther(own[1]!) && path === `/sshd/login/alice${i}`, path);
      }
    }),
    { numRuns: runs(300) },
  );
});
