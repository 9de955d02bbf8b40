/** The live page of a real exporter in Chromium, from its sources and compiled: a launch on this machine shows. */

import assert from "node:assert/strict";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { Exporter, FROM_SOURCE, poll } from "../live/exporter.ts";
import { requireRoot } from "../require.ts";
import { Chromium, requireChromium } from "./page.ts";
import { Stopwatch } from "../live/stopwatch.ts";

const ignore = requireChromium() || requireRoot();

Deno.test({ name: "browser: a launch on this machine shows", ignore }, () => seesLaunch(FROM_SOURCE));
Deno.test(
  { name: "browser: a launch on this machine shows, compiled", ignore: ignore || requireBinary() },
  async () => {
    await seesLaunch([BINARY]);
  },
);

async function seesLaunch(command: readonly string[]): Promise<void> {
  await using exporter = await Exporter.start({ command });
  await using browser = await Chromium.start();
  const folder = await Deno.makeTempDir({ prefix: "browser-" });
  try {
    const program = `${folder}/seen-by-the-page`;
    await Deno.copyFile("/bin/true", program);
    const tab = await browser.open(exporter.url);
    await tab.live();
    assert.equal(await tab.page.locator("b", { hasText: "seen-by-the-page" }).count(), 0);
    await new Deno.Command(program).output();
    await tab.page.locator("#rows b", { hasText: "seen-by-the-page" }).first().waitFor({ state: "attached" });
    const line = tab.page.locator("#feed li", { hasText: "seen-by-the-page" });
    // Where much else happens at the time the feed has the last events of a second only.
    await poll("a process in the feed, with its launch and how it ended", async () => {
      await new Deno.Command(program).output();
      const texts = await line.allInnerTexts();
      return texts.some((text) => /success · [^]*seen-by-the-page/.test(text));
    });
    tab.assertNoComplaint();
    // A page that is open doesn't keep the exporter from ending.
    using asked = new Stopwatch();
    assert.equal((await exporter.stop("SIGTERM")).code, 0);
    assert.ok(asked.fairMs < 2000, `${asked.fairMs} ms`);
    await tab.page.waitForSelector("#state.away");
    await tab.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
