/** The live page of a real exporter in Chromium: a launch on this machine shows. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { requireRoot } from "../require.ts";
import { Chromium, requireChromium } from "./page.ts";

Deno.test({ name: "browser: a launch on this machine shows", ignore: requireChromium() || requireRoot() }, async () => {
  await using exporter = await Exporter.start();
  await using browser = await Chromium.start();
  const folder = await Deno.makeTempDir({ prefix: "browser-" });
  try {
    const program = `${folder}/seen-by-the-page`;
    await Deno.copyFile("/bin/true", program);
    const tab = await browser.open(exporter.url);
    await tab.live();
    assert.equal(await tab.page.locator("b", { hasText: "seen-by-the-page" }).count(), 0);
    await new Deno.Command(program).output();
    const row = tab.page.locator("#forest li", {
      has: tab.page.locator(":scope > .row b", { hasText: "seen-by-the-page" }),
    });
    await row.waitFor({ state: "attached" });
    const line = tab.page.locator("#feed li", { hasText: "seen-by-the-page" });
    await poll("launch and ending in the feed", async () => await line.count() >= 2);
    assert.deepEqual((await line.locator("b").allTextContents()).sort(), ["launch", "success"]);
    tab.assertNoComplaint();
    await tab.close();
    await poll("the end of the recording's stream", async () => {
      const { status } = await exporter.stop("SIGTERM").then((status) => ({ status: status.code }));
      return status === 0;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
