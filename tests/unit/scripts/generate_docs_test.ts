import assert from "node:assert/strict";
import { FAMILIES } from "../../../metrics/exposition/families.ts";
import { metricsDocument, withHashedFolders } from "../../../scripts/generate_docs.ts";

Deno.test("docs/metrics.md is what the families say", async () => {
  const file = new URL("../../../docs/metrics.md", import.meta.url);
  assert.equal(await Deno.readTextFile(file), metricsDocument(), "run deno task docs");
});

Deno.test("every family has its row, counters under the name that is queried", () => {
  const text = metricsDocument();
  for (const { name, type } of FAMILIES) {
    const suffix = type === "counter" ? "_total" : type === "info" ? "_info" : "";
    assert.equal(text.split(`| \`${name}${suffix}\` |`).length, 2, name);
  }
  assert.match(text, /`cnproc_tree_exits_total` \| counter \| exits \| `tree`; `outcome` = `success`, `error`/);
});

Deno.test("docs/randomness.md lists the folders that are hashed by design", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/randomness.md", import.meta.url));
  assert.equal(text, withHashedFolders(text), "run deno task docs");
  assert.match(text, /\| poetry \| `~\/\.cache\/pypoetry\/virtualenvs\/shop-\{base64-8\}-py3\.11` \| python-poetry/);
});
