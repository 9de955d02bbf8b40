import assert from "node:assert/strict";
import { countUsing } from "../../../scripts/compile.ts";

Deno.test("what a bundle closes at the end of a block is counted, whatever its names and blanks", () => {
  const bundle = "using a=f();await using $b = await g();for(using c2 of h());// using it\nlet using_ = 1; x.using";
  assert.equal(countUsing(bundle), 2);
});
