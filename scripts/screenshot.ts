/**
 * Takes the pictures of the live page in `docs`, in Chromium with the forest of `tests/browser`: what is odd, a row opened, 360
 * pixels wide, without some of its sources, without a connection. With names as arguments, only these.
 *
 * @module
 */

import { Stat } from "../fingerprint/mod.ts";
import { DROPPER, happen, happenFor10Minutes, plant, runDropper } from "../tests/browser/forest.ts";
import { Chromium, PageServer, type Tab } from "../tests/browser/page.ts";

const DOCS = `${import.meta.dirname}/../docs`;

/** A picture. */
interface Picture {
  readonly address?: string;
  readonly height: number;
  readonly isNarrow?: boolean;
  readonly isDark?: boolean;
  /** Makes the exporter so before the page is opened. */
  readonly prepare?: (server: PageServer) => void;
  /** Makes the page so after it has gone live. */
  readonly then?: (tab: Tab, server: PageServer) => Promise<void>;
}

const PICTURES: Readonly<Record<string, Picture>> = {
  "live-page": { height: 1020 },
  "live-page-opened": {
    address: `/?kind=deleted&open=${encodeURIComponent(DROPPER)}`,
    height: 620,
    isDark: true,
    then: (tab) => tab.page.locator("#opened td").first().waitFor(),
  },
  "live-page-narrow": { height: 740, isNarrow: true },
  "live-page-degraded": {
    height: 420,
    prepare({ watcher }) {
      watcher.stats[Stat.ConnectorUp] = watcher.stats[Stat.TaskstatsUp] = 0;
      watcher.stats[Stat.LostExecs] = 1234;
    },
  },
  "live-page-away": {
    height: 420,
    async then(tab, server) {
      await server.stop();
      await tab.page.waitForSelector("#state.away");
    },
  },
};

async function take(name: string, { address = "/", height, isNarrow, isDark, prepare, then }: Picture): Promise<void> {
  await using server = new PageServer();
  await using browser = await Chromium.start(`--host-resolver-rules=MAP web-01:9501 ${new URL(server.url).host}`);
  const now = Date.now() / 1000, ids = plant(server.watcher, now);
  server.watcher.stats.set([3, 143, ids.size], Stat.Boost);
  server.registry.expect({
    verdict: (path) => ({
      expected: !path.startsWith("/random/"),
      reason: "no rule covers it; its nearest expected ancestor is /php-fpm8.2/base",
    }),
  });
  runDropper(server.watcher, ids, now);
  await (await fetch(`${server.url}/api/v1/trees`)).body?.cancel(); // what was launched before isn't of these minutes
  happenFor10Minutes(server.registry.recent, ids, now);
  prepare?.(server);
  const tab = await browser.open(`http://web-01:9501${address}`, {
    viewport: { width: isNarrow === true ? 360 : 1280, height },
    colorScheme: isDark === true ? "dark" : "light",
  });
  await tab.live();
  happen(server.watcher, ids, Date.now() / 1000);
  await tab.page.waitForSelector("#feed li:not(.calm)");
  await then?.(tab, server);
  await tab.page.mouse.move(0, 0);
  await tab.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
  await tab.page.screenshot({ path: `${DOCS}/${name}.png` });
}

for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(PICTURES)) await take(name, PICTURES[name]!);
