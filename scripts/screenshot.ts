/**
 * Takes `docs/live-page.png`: the live page in Chromium with the forest of `tests/browser`.
 *
 * @module
 */

import { Stat } from "../fingerprint/mod.ts";
import { happen, plant } from "../tests/browser/forest.ts";
import { Chromium, PageServer } from "../tests/browser/page.ts";

const [output = `${import.meta.dirname}/../docs/live-page.png`, ...wishes] = Deno.args;
await using server = new PageServer();
await using browser = await Chromium.start(`--host-resolver-rules=MAP web-01:9501 ${new URL(server.url).host}`);
const ids = plant(server.watcher, Date.now() / 1000);
server.watcher.stats.set([3, 143, ids.size], Stat.Boost);
server.registry.expect({ verdict: (path) => ({ expected: !path.startsWith("/random/"), reason: "" }) });
const tab = await browser.open("http://web-01:9501/", {
  viewport: wishes.includes("narrow") ? { width: 360, height: 740 } : { width: 1280, height: 1020 },
  colorScheme: wishes.includes("dark") ? "dark" : "light",
});
await tab.live();
happen(server.watcher, ids, Date.now() / 1000);
await tab.page.waitForSelector("#feed li.runs");
await tab.page.locator('.row[data-path="/dockerd"] .fold').click(); // so that more of the forest is seen
await tab.page.mouse.move(0, 0);
await tab.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
await tab.page.screenshot({ path: output });
await tab.close();
