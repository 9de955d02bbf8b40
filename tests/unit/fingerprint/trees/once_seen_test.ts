import assert from "node:assert/strict";
import { OnceSeen } from "../../../../fingerprint/trees/once_seen.ts";

Deno.test("a name is remembered until it comes again, by the tree that launched it", () => {
  const seen = new OnceSeen();
  assert.equal(seen.isSecond(0, 8), false);
  assert.equal(seen.isSecond(7, 8), false);
  assert.equal(seen.isSecond(0, 8), true);
  assert.equal(seen.isSecond(0, 8), false, "forgotten then");
  assert.equal(seen.isSecond(7, 8), true);
});

Deno.test("thousands are remembered, and all are forgotten at once", () => {
  const seen = new OnceSeen();
  for (let label = 0; label < 2000; label += 2) seen.isSecond(5, label);
  let remembered = 0;
  for (let label = 0; label < 2000; label += 2) if (seen.isSecond(5, label)) remembered++;
  assert.ok(remembered > 750, `${remembered} of 1000`);
  seen.isSecond(0, 4);
  seen.clear();
  assert.equal(seen.isSecond(0, 4), false);
});
