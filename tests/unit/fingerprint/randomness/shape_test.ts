import assert from "node:assert/strict";
import { doubtOf, shapeOf } from "../../../../fingerprint/randomness/mod.ts";

Deno.test("a shape has the kinds of characters of each run, the signs and the extension", () => {
  const cases: readonly [name: string, shape: string][] = [
    ["screens-purchased", "a-a"],
    ["salmonkevin", "a"],
    ["x7Kq2.py", "aA0.py"],
    ["ABC", "A"],
    ["42", "0"],
    ["job_17-b", "a_0-a"],
    ["man-db.postinst", "a-a.postinst"],
    [".hidden", ".a"],
    ["привет.sh", "~~~~~~.sh"],
    ["", ""],
    ["-", "-"],
    ["a.tar.gz", "a.a.gz"],
  ];
  for (const [name, shape] of cases) assert.equal(shapeOf(name), shape, name);
  assert.ok(shapeOf("a-".repeat(200)).length <= 12);
});

Deno.test("a name counts the more the less it looks like a program's", () => {
  const names = ["kqzvwt", "mxqzkf.sh", "salmonkevinly", "tried-lightweight", "garden", "pstree", "a.postinstall"];
  assert.deepEqual(names.map(doubtOf), [4, 4, 2, 2, 1, 1, 1]);
});
