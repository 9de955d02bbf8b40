import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Trie } from "../../../../fingerprint/trees/trie.ts";
import { CompiledRules, NO_RULES, type Rules } from "../../../../fingerprint/labels/rules.ts";
import { loadExpressions } from "../../../../fingerprint/labels/expressions.ts";

await loadExpressions();

/** A trie, and the path of what is launched as these labels from the root, or from a node. */
function setUp() {
  const labels = new LabelTable(), trie = new Trie(labels, 1000);
  const walk = (path: string, from = ROOT) =>
    path.split("/").filter((label) => label !== "").reduce((node, text) => {
      const isRandom = text.startsWith("?");
      return trie.launch(node, labels.idOf(isRandom ? text.slice(1) : text, isRandom));
    }, from);
  const configure = (rules: Partial<Rules>) => trie.configure(new CompiledRules({ ...NO_RULES, ...rules }));
  return { trie, walk, configure, path: (path: string, from = ROOT) => trie.pathOf(walk(path, from)) };
}

Deno.test("what is launched below an ignored tree counts in it, random or not", () => {
  const { configure, path, trie } = setUp();
  configure({ ignore: ["/cron/base", "/*/agent"] });
  assert.equal(path("/cron/base/x/y"), "/cron/base");
  assert.equal(path("/cron/base/?x/y"), "/cron/base");
  assert.equal(path("/cron/else/x"), "/cron/else/x");
  assert.equal(path("/sshd/agent/x"), "/sshd/agent");
  assert.equal(path("/random"), "/random");
  assert.equal(path("/?cron/base/x"), "/random/cron/base/x", "the marked trees have names of their own");
  assert.equal(trie.size, 10);
});

Deno.test("roots are left out as systemd is", () => {
  const { configure, path } = setUp();
  configure({ roots: ["runit", "s6-svscan"] });
  assert.equal(path("/runit/sshd"), "/sshd");
  assert.equal(path("/s6-svscan/runit/x"), "/x");
  assert.equal(path("/systemd/x"), "/x");
  assert.equal(path("/x/runit"), "/x/runit");
});

Deno.test("other rules hold for what is launched from then on, and can be taken back", () => {
  const { configure, walk, path, trie } = setUp();
  const job = walk("/cron/base/job"), runit = walk("/runit"), service = walk("/runit/svc");
  configure({ ignore: ["/cron/base"], roots: ["runit"] });
  assert.equal(trie.pathOf(job), "/cron/base/job", "what runs keeps its tree");
  assert.equal(path("more", job), "/cron/base");
  assert.equal(path("/cron/base/job"), "/cron/base");
  assert.equal(path("sshd", runit), "/sshd");
  assert.equal(path("/runit"), "/");
  assert.equal(path("x", service), "/runit/svc/x", "what it launches stands below the tree it has");
  configure({});
  assert.equal(path("more", job), "/cron/base/job/more");
  assert.equal(path("sshd", runit), "/runit/sshd");
  assert.equal(path("/runit/x"), "/runit/x");
});

Deno.test("nodes that are given back and used again have no old rules", () => {
  const { configure, walk, path, trie } = setUp();
  configure({ ignore: ["/a"] });
  const a = walk("/a");
  trie.retire(a);
  trie.sweep();
  assert.equal(walk("/b"), a);
  assert.equal(path("/b/c"), "/b/c");
  for (let i = 0; i < 600; i++) walk(`/n${i}`); // grows
  assert.equal(path("/a/c"), "/a");
  configure({ ignore: ["/n5", "/b/c"] });
  assert.equal(path("/n5/x"), "/n5");
  assert.equal(path("/b/c/x"), "/b/c");
  assert.equal(path("/a/c"), "/a/c");
});
