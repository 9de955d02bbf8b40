import assert from "node:assert/strict";
import fc from "fast-check";
import { LabelTable } from "../../fingerprint/labels/table.ts";
import { OTHER, ROOT } from "../../fingerprint/trees/nodes.ts";
import { MAX_DEPTH, Trie } from "../../fingerprint/trees/trie.ts";
import { runs } from "./runs.ts";

/** A launch: from which node (of those that were reached before), a label, and whether its name is machine-made. */
const launch = fc.record({ from: fc.nat(1000), label: fc.constantFrom("a", "b", "c", "systemd"), random: fc.nat(5) });
const launches = fc.array(launch, { maxLength: 250, size: "max" });

/** Where a chain of labels leads, by the rules of the design. */
function printed(chain: readonly (readonly [label: string, random: boolean])[]): string {
  const labels: string[] = [];
  let random = false;
  for (const [label, marked] of chain) {
    random ||= marked;
    if (labels.length === 0 && label === "systemd" && !random) continue;
    if (labels.at(-1) === label || labels.length === MAX_DEPTH) continue;
    labels.push(labels.length === MAX_DEPTH - 1 ? "…" : label);
  }
  return `${random ? "/random" : ""}/${labels.join("/")}`;
}

Deno.test("a tree prints the labels of its chain, and no two trees print the same", () => {
  fc.assert(
    fc.property(launches, (list) => {
      const labels = new LabelTable(), trie = new Trie(labels, 10_000);
      const reached: { node: number; chain: [string, boolean][] }[] = [{ node: ROOT, chain: [] }];
      const byPath = new Map([["/", ROOT]]);
      for (const { from, label, random } of list) {
        // Mostly from one of the last, so that chains get long.
        const parent = reached[Math.max(0, reached.length - 1 - from % (from % 3 === 0 ? reached.length : 2))]!;
        const chain: [string, boolean][] = [...parent.chain, [label, random === 0]];
        const node = trie.child(parent.node, labels.idOf(label, random === 0));
        const path = printed(chain);
        assert.equal(trie.pathOf(node), path);
        assert.equal(byPath.get(path) ?? node, node, "one number for a path");
        byPath.set(path, node);
        assert.equal(trie.isRandom(node), path.startsWith("/random"));
        reached.push({ node, chain });
      }
      const all = Array.from({ length: trie.size }, (_, i) => trie.pathOf(OTHER + 1 + i));
      assert.equal(new Set(all).size, all.length, "every number has a path of its own");
      for (let node = OTHER + 1; node < trie.length; node++) {
        assert.ok(trie.parentOf(node) === ROOT || (trie.parentOf(node) > OTHER && trie.parentOf(node) < node));
      }
    }),
    { numRuns: runs(1000) },
  );
});

Deno.test("no more trees than the limit, whatever is launched, and those that are there stay", () => {
  fc.assert(
    fc.property(launches, fc.nat(20), (list, limit) => {
      const labels = new LabelTable(), trie = new Trie(labels, limit), nodes = [ROOT];
      const paths = new Map<number, string>();
      for (const { from, label, random } of list) {
        const node = trie.child(nodes[from % nodes.length]!, labels.idOf(label, random === 0));
        nodes.push(node);
        assert.ok(trie.size <= limit);
        assert.equal(paths.get(node) ?? trie.pathOf(node), trie.pathOf(node));
        paths.set(node, trie.pathOf(node));
      }
    }),
    { numRuns: runs(1000) },
  );
});
