import assert from "node:assert/strict";
import { BUNDLE_FILE, pageBundle } from "../../../scripts/bundle_page.ts";

Deno.test("the page's script is what its modules make", async () => {
  assert.equal(await Deno.readTextFile(BUNDLE_FILE), await pageBundle(), "run deno task page");
});
