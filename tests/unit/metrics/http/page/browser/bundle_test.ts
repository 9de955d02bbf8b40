import assert from "node:assert/strict";
import { SCRIPT } from "../../../../../../metrics/http/page/browser/bundle.ts";

Deno.test("the script is what a browser can run, and can't end its element", () => {
  assert.doesNotMatch(SCRIPT, /<\/script|<!--|\bimport\b|\bDeno\b|innerHTML/i);
  new Function(SCRIPT);
});
