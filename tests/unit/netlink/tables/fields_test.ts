import assert from "node:assert/strict";
import { fields } from "../../../../netlink/tables/fields.ts";

Deno.test("fields stand one behind the other, wide ones over several places", () => {
  const { place, width } = fields(["a", ["b", 3], "c"]);
  assert.deepEqual(place, { a: 0, b: 1, c: 4 });
  assert.equal(width, 5);
  assert.equal(fields([]).width, 0);
});

Deno.test("two fields of one name are a defect", () => {
  assert.throws(() => fields(["a", "b", "a"]), /two fields are called a/);
});
