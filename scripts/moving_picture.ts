/**
 * Makes docs/live-page.webp, twenty seconds of the live page, from a real run (as root, with Chromium):
 *
 *     deno task moving-picture
 *
 * @module
 */

import type { Tab } from "../tests/browser/page.ts";
import { DROPPED, ShopScene } from "./shop_scene.ts";
import { animatedWebp, type Frame } from "./webp.ts";

const PICTURE = `${import.meta.dirname}/../docs/live-page.webp`;
const SIZE = { width: 1120, height: 480 };
const LENGTH_MS = 20_000;
/** Of WebP, in percent: letters stay sharp, and the picture below a megabyte. */
const QUALITY = 60;

/** What happens while the page is watched, and after how many milliseconds. */
type Scene = readonly (readonly [atMs: number, happens: () => Promise<unknown>])[];

/** Takes still after still, each with the time until the next one, while the scene is played. */
async function film({ page }: Tab, scene: Scene): Promise<Frame[]> {
  const session = await page.context().newCDPSession(page);
  const take = async () => {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  };
  const frames: Frame[] = [], begin = performance.now(), waiting = [...scene];
  for (let at = 0; at < LENGTH_MS;) {
    while (waiting[0] !== undefined && waiting[0][0] <= at) await waiting.shift()![1]();
    const still = await take();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = performance.now() - begin;
    frames.push({ still, ms: now - at });
    at = now;
  }
  return frames;
}

async function main(): Promise<void> {
  await using scene = await ShopScene.start();
  await using exporter = await scene.exporter();
  await using browser = await scene.browser(exporter);
  const tab = await browser.open(scene.address(), { viewport: SIZE });
  await tab.live();
  const { page } = tab, dropped = page.locator(`.row[data-path$="${DROPPED}"]`);
  const frames = await film(tab, [
    [1000, () => scene.ask("order.sh")],
    [3000, () => scene.ask("basket.sh")],
    [5000, () => scene.drop(LENGTH_MS / 1000)], // somebody found a way
    [7000, () => scene.ask("order.sh")],
    [9000, () => page.click("#strip a[data-kind=unexpected]")],
    [12_000, () => dropped.locator("a").click()],
    [15_000, () => scene.ask("order.sh")],
  ]);
  const picture = animatedWebp(frames, SIZE.width, SIZE.height);
  await Deno.writeFile(PICTURE, picture);
  console.log(`${frames.length} stills, ${picture.length} bytes`);
}

if (import.meta.main) await main();
