import assert from "node:assert/strict";
import { matchesText } from "../../../../../../metrics/http/page/browser/mod.ts";

Deno.test("how many of all rows are shown is said where it isn't all", () => {
  assert.equal(matchesText(47, 47), "");
  assert.equal(matchesText(0, 47), "0 of 47");
  assert.equal(matchesText(1042, 1045), "1,042 of 1,045");
});
