/**
 * Takes the pictures of the live page in `docs` from real runs (as root, with Chromium): what is odd, a row opened, 360 pixels wide,
 * without a connection, and where `/proc` is all there is to look at. With names as arguments, only these:
 *
 *     deno task screenshot [live-page …]
 *
 * @module
 */

import type { Chromium, Tab } from "../tests/browser/page.ts";
import type { Exporter } from "../tests/live/exporter.ts";
import { DROPPED, ShopScene } from "./shop_scene.ts";

const DOCS = `${import.meta.dirname}/../docs`;
/** How long the web server works before it is looked at: some bars of ten seconds. */
const ORDINARY_SECONDS = 75;
/** How long the dropped program runs: longer than it takes to look at it. */
const DROPPED_SECONDS = 8;

/** A picture. */
interface Picture {
  readonly height: number;
  /** What the page's address has beside the filter. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly isNarrow?: boolean;
  readonly isDark?: boolean;
  /** Whether nobody finds a way in, where it wouldn't be seen. */
  readonly isCalm?: boolean;
  /** Makes the page so. */
  readonly then?: (tab: Tab, exporter: Exporter) => Promise<void>;
}

/** Pictures of an exporter that hears of every launch; the last one ends it. */
const PICTURES: Readonly<Record<string, Picture>> = {
  "live-page": { height: 560 },
  "live-page-opened": {
    height: 720,
    parameters: { kind: "random" },
    isDark: true,
    async then({ page }) {
      await page.locator(`.row[data-path$="${DROPPED}"] a`).click();
      await page.locator("#opened .lines li").first().waitFor();
    },
  },
  "live-page-narrow": { height: 740, isNarrow: true },
  "live-page-away": {
    height: 560,
    async then({ page }, exporter) {
      await exporter.stop();
      await page.waitForSelector("#state.away");
    },
  },
};

/** Pictures of one that polls. */
const POLLING: typeof PICTURES = { "live-page-degraded": { height: 480, isCalm: true } };

async function take(
  [name, picture]: readonly [string, Picture],
  scene: ShopScene,
  exporter: Exporter,
  browser: Chromium,
): Promise<void> {
  const { height, parameters, isNarrow, isDark, isCalm, then } = picture;
  const tab = await browser.open(scene.address(parameters), {
    viewport: { width: isNarrow === true ? 360 : 1280, height },
    colorScheme: isDark === true ? "dark" : "light",
    reducedMotion: "reduce", // nothing is caught in mid flash
  });
  await tab.live();
  const { page } = tab;
  if (isCalm !== true) {
    await scene.drop(DROPPED_SECONDS);
    await page.locator(`.row[data-path$="${DROPPED}"].up`).waitFor();
  }
  await scene.serve(3);
  await then?.(tab, exporter);
  await page.mouse.move(0, 0);
  await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
  await page.screenshot({ path: `${DOCS}/${name}.png` });
  await tab.close();
}

async function takeAll(pictures: typeof PICTURES, scene: ShopScene, ...flags: readonly string[]): Promise<void> {
  const wanted = Object.entries(pictures).filter(([name]) => Deno.args.length === 0 || Deno.args.includes(name));
  if (wanted.length === 0) return;
  await using exporter = await scene.exporter(...flags);
  await using browser = await scene.browser(exporter);
  await scene.serve(ORDINARY_SECONDS);
  for (const picture of wanted) await take(picture, scene, exporter, browser);
}

if (import.meta.main) {
  await using scene = await ShopScene.start();
  await takeAll(PICTURES, scene);
  await takeAll(POLLING, scene, "--source=poll");
}
