import assert from "node:assert/strict";
import { userNames } from "../../../../metrics/registry/users.ts";

Deno.test("names of users by number; what isn't a line of the list is left out", () => {
  const text =
    "root:x:0:0:root:/root:/bin/bash\nalso:x:0:0::/:\n#no\n+@nis::::::\nx:x:-1:1::/:\nann:x:1000:1000:Ann,,,:/home/ann:/bin/zsh\n";
  const users = userNames(() => text);
  assert.deepEqual([0, 1000, -1, 1].map((uid) => users(uid)), ["root", "ann", null, null]);
});

Deno.test("the list of users is read when it is asked for, and again when it is old", () => {
  let nowMs = 0, reads = 0, text = "";
  const users = userNames(() => {
    reads++;
    if (text === "") throw new Deno.errors.NotFound();
    return text;
  }, () => nowMs);
  assert.equal(reads, 0);
  assert.equal(users(7), null, "without a list numbers must do");
  text = "ann:x:7:7:::\n";
  assert.equal(users(7), null);
  assert.equal(reads, 1);
  nowMs = 10_000;
  assert.equal(users(7), "ann");
});
