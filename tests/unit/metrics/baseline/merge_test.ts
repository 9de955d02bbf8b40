import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/mod.ts";
import { learnInto, mergeBaseline, parseBaseline, type SeenTree } from "../../../../metrics/baseline/mod.ts";

function seen(
  tree: string,
  launches = 1,
  instances: string[] = [],
  firstSeenSeconds?: number,
  flags = 0,
): SeenTree {
  return { tree, launches, flags, instances, firstSeenSeconds };
}

Deno.test("a new file has a header, and the trees in their order with what is known of them", () => {
  const { text, added, known } = mergeBaseline(undefined, "b.yml", [
    seen("/sshd/base", 3, ["a:1", "b:1"], 1_800_000_000.9),
    seen("/cron", 1, ["a:1"], 1_800_000_000),
    seen("/random/x/*", 2),
    seen("/sshd/base", 4, ["b:1", "c:1"], 1_700_000_000),
    seen("/ # not a comment", 1),
    seen("/\\base", 1),
  ]);
  assert.deepEqual(added, ["/ # not a comment", "/\\base", "/cron", "/random/x/*", "/sshd/base"]);
  assert.equal(known, 0);
  const [header, ...parts] = text.split("\n\n"), rest = parts.join("\n\n").replace(/# Grave .*\n/, "");
  assert.match(header!, /^# What is expected to run, .*\n# In a tree, /);
  assert.equal(
    rest,
    `trees:
  - "/ # not a comment" # 1 launch
  - /\\\\base # 1 launch
  - /cron # first seen 2027-01-15T08:00:00Z, 1 launch on 1 of 3 hosts
  - /random/x/\\* # 2 launches
  - /sshd/base # first seen 2023-11-14T22:13:20Z, 7 launches on 3 of 3 hosts
flags: {}
`,
  );
  const baseline = parseBaseline(text, "b.yml");
  for (const tree of added) assert.equal(baseline.verdict(tree).expected, true, tree);
  assert.equal(baseline.verdict("/random/x/y").expected, false);
});

Deno.test("what a person wrote stays: comments, order, globs, quotes and blank lines", () => {
  const old = `# Reviewed by Ann, ticket 12.

trees:
  # Web servers.
  - /nginx/** # all of it
  - "/zzz"

  - '/cron/*'   # cron
  # - /not/this
# The end.
`;
  const { text, added, known } = mergeBaseline(old, "b.yml", [
    seen("/nginx/base/x"),
    seen("/cron/y"),
    seen("/zzz"),
    seen("/aaa", 5),
  ]);
  assert.deepEqual(added, ["/aaa"]);
  assert.equal(known, 3);
  for (const line of old.split("\n")) {
    assert.ok(
      text.split("\n").map((line) => line.trim().replace(/ +#/, " #")).includes(line.trim().replace(/ +#/, " #")),
      line,
    );
  }
  assert.deepEqual(parseBaseline(text, "b.yml").entries.map(({ pattern }) => pattern), [
    "/nginx/**",
    "/zzz",
    "/cron/*",
    "/aaa",
  ]);
  // A second run has nothing to add, and changes nothing.
  assert.equal(mergeBaseline(text, "b.yml", [seen("/aaa", 500), seen("/nginx")]).text, text);
});

Deno.test("files with no list, an empty one, or one of another style get theirs", () => {
  for (
    const old of ["", "# mine\n", "trees:\n", "trees: []\n", "trees: [/x]\n", "trees:\n- /x\n", "---\ntrees:\n  - /x\n"]
  ) {
    const { text } = mergeBaseline(old, "b.yml", [seen("/a"), seen("/b", 2)]);
    const patterns = parseBaseline(text, "b.yml").entries.map(({ pattern }) => pattern);
    assert.deepEqual(patterns, [...old.includes("/x") ? ["/x"] : [], "/a", "/b"], JSON.stringify(old));
    if (old.startsWith("# mine")) assert.match(text, /^# mine\n/);
    assert.match(text, /# 2 launches/, old);
    assert.equal(text.includes("]"), old.includes("[/x]"), text);
  }
});

Deno.test("grave flags are recorded by tree, beside those that a person wrote", () => {
  const { Memfd, Deleted, Setuid, Temp, New } = Flag;
  const flagsPart = (text: string) => text.slice(text.indexOf("\nflags:") + 1);
  const first = mergeBaseline(undefined, "b.yml", [
    seen("/a/*", 1, [], 1, Memfd | Deleted | Temp),
    seen("/b", 1, [], 1, Temp | New),
    seen("/other", 1, [], 1, Memfd),
    seen("/c # d", 1, [], 1, Setuid),
  ]);
  assert.equal(flagsPart(first.text), 'flags:\n  /a/\\*: [deleted, memfd]\n  "/c # d": [setuid]\n');
  assert.equal(first.addedFlags, 3);
  // A glob of a person's covers it; a pattern that is there gets another one; comments stay.
  const old = `trees:\n  - /**\nflags:\n  # mine\n  /a/**: [memfd] # runc\n  /b: [deleted]\n  /c:\n`;
  const { text, addedFlags } = mergeBaseline(old, "b.yml", [
    seen("/a/x", 1, [], 1, Memfd),
    seen("/b", 1, [], 1, Memfd),
    seen("/c", 1, [], 1, Setuid),
  ]);
  assert.equal(
    flagsPart(text),
    "flags:\n  # mine\n  /a/**: [memfd] # runc\n  /b: [deleted, memfd]\n  /c: [setuid]\n",
  );
  assert.equal(addedFlags, 2);
  assert.equal(mergeBaseline(text, "b.yml", [seen("/b", 9, [], 1, Memfd | Temp)]).text, text);
});

Deno.test("a file with trees that records no flags goes on recording none, and learning says so", () => {
  const old = "trees:\n  - /a\n", trees = [seen("/a", 1, [], 1, Flag.Memfd), seen("/b", 1, [], 1, Flag.Temp)];
  const learned = mergeBaseline(old, "b.yml", trees);
  assert.doesNotMatch(learned.text, /flags/);
  assert.deepEqual([learned.ignoresFlags, learned.addedFlags], [true, 0]);
  assert.equal(parseBaseline(learned.text, "b.yml").verdict("/a", Flag.Socket).unexpectedFlags, 0);
  assert.equal(mergeBaseline(old, "b.yml", trees.slice(1)).ignoresFlags, false);
  for (const asked of ["flags:\n", "flags: {}\n"]) {
    const { text, ignoresFlags } = mergeBaseline(old + asked, "b.yml", trees);
    assert.match(text, /^flags:\n {2}\/a: \[memfd\]$/m);
    assert.equal(ignoresFlags, false);
  }
});

Deno.test("what stands for any tree, or is none, isn't learned", () => {
  const { added, skipped } = mergeBaseline(undefined, "b.yml", [
    seen("/other"),
    seen("x"),
    seen("/a//b"),
    seen("/other/x"),
  ]);
  assert.deepEqual(added, ["/other/x"]);
  assert.deepEqual(skipped, ["/a//b", "/other", "x"]);
});

Deno.test("long and odd trees are read back as they are", () => {
  const trees = [
    `/${"x".repeat(64)}/${"y y ".repeat(16)}`.repeat(8),
    "/a: b",
    "/- c",
    "/\u00e4\u{1f600}",
    "/true",
    "/!x",
    "/&a",
  ];
  const { text } = mergeBaseline(undefined, "b.yml", trees.map((tree) => seen(tree)));
  const baseline = parseBaseline(text, "b.yml");
  assert.equal(baseline.entries.length, trees.length);
  for (const tree of trees) assert.equal(baseline.verdict(tree).expected, true, tree);
});

Deno.test("a file is replaced as a whole, and not at all when it can't be used", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/b.yml`;
    assert.deepEqual((await learnInto(path, [seen("/a")])).added, ["/a"]);
    await Deno.chmod(path, 0o640);
    await Deno.symlink("b.yml", `${folder}/link.yml`);
    await learnInto(`${folder}/link.yml`, [seen("/b")]);
    assert.equal((await Deno.lstat(`${folder}/link.yml`)).isSymlink, true);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o640);
    assert.match(await Deno.readTextFile(path), /- \/a .*\n {2}- \/b /);
    await Deno.writeTextFile(path, "trees: [");
    await assert.rejects(learnInto(path, [seen("/c")]), /Cannot use .*b\.yml:1:\d+: /);
    assert.equal(await Deno.readTextFile(path), "trees: [");
    await assert.rejects(learnInto(`${folder}/no/b.yml`, [seen("/c")]), /it can't be written \(there is no such/);
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assert.deepEqual(left, ["b.yml", "link.yml"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
