import assert from "node:assert/strict";
import { launchBadges, treeBadges } from "../../../../../../metrics/http/page/browser/badges.ts";

const texts = (badges: readonly { text: string; kind: string; title: string }[]) =>
  badges.map(({ text, kind, title }) => `${kind} ${text}: ${title}`);

Deno.test("badges of a tree: its mark, its flags with their counts, and what isn't expected", () => {
  const flagged_launches = { memfd: 1234, temp: 1 };
  const none = { random_name: false, flagged_launches: {}, expected: null, unexpected_flags: [], launched_in: [] };
  assert.deepEqual(texts(treeBadges({ ...none, random_name: true, flagged_launches, expected: false })), [
    "random random: its name or its place is machine-made",
    "grave memfd: 1,234 × its file never had a name in a file system",
    "ordinary temp: 1 × it lies in a folder that everybody may write to",
    "unexpected unexpected: the baseline doesn't have it",
  ]);
  assert.deepEqual(
    texts(treeBadges({ ...none, expected: true, unexpected_flags: ["memfd", "socket"] })),
    ["unexpected unexpected: the baseline has it without memfd, socket"],
  );
  const place = { unit: "a.service", image: "", launches: 1 };
  const launched_in = [{ ...place, expected: true }, { ...place, unit: "b.service", expected: false }];
  assert.deepEqual(texts(treeBadges({ ...none, expected: true, launched_in })), [
    "unexpected unexpected: the baseline has it in other units or images",
  ]);
  assert.deepEqual(treeBadges({ ...none, expected: true, launched_in: launched_in.slice(0, 1) }), []);
  assert.deepEqual(treeBadges(none), []);
});

Deno.test("badges of a launch: its flags, and whether it was expected; none of an ending", () => {
  assert.deepEqual(texts(launchBadges({ flags: ["deleted"], expected: false })), [
    "grave deleted: its file had been deleted",
    "unexpected unexpected: the baseline doesn't expect it",
  ]);
  assert.deepEqual(launchBadges({ flags: [], expected: true }), []);
  assert.deepEqual(launchBadges({}), []);
});
