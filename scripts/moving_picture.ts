/**
 * Makes docs/live-page.webp, twenty seconds of the live page, from a real run (as root, with Chromium):
 *
 *     deno task moving-picture
 *
 * A web server runs its scripts; one of them launches a program with a made-up name, which the baseline that was learned before
 * doesn't have. What else the machine runs is counted, and not shown: the page's filter is the web server.
 *
 * @module
 */

import { Shop } from "../tests/documents/shop.ts";
import { Chromium, type Tab } from "../tests/browser/page.ts";
import { Exporter, FROM_SOURCE, poll } from "../tests/live/exporter.ts";
import { animatedWebp, type Frame } from "./webp.ts";

const PICTURE = `${import.meta.dirname}/../docs/live-page.webp`;
/** What the machine is called in the picture. */
const HOST = "web-01";
const SIZE = { width: 1120, height: 480 };
const LENGTH_MS = 20_000;
/** Of WebP, in percent: letters stay sharp, and the picture below a megabyte. */
const QUALITY = 60;

/** What happens while the page is watched, and after how many milliseconds. */
type Scene = readonly (readonly [atMs: number, happens: () => Promise<unknown>])[];

/** Learns what the web server runs on an ordinary day. */
async function learn(shop: Shop, flags: readonly string[], baseline: string): Promise<void> {
  await using exporter = await Exporter.start({ command: FROM_SOURCE, flags });
  await poll("the scripts' trees", async () => {
    const answers = [await shop.ask("order.sh"), await shop.ask("pay.sh")];
    const trees = [...(await exporter.scrape()).trees.keys()];
    return answers.every((answer) => answer !== undefined) &&
      ["order.sh/base", "pay.sh/base"].every((end) => trees.some((tree) => tree.endsWith(`/${end}`)));
  }, 60_000);
  const args = [...FROM_SOURCE.slice(1), "baseline", "learn", baseline, `--exporter.url=${exporter.url}`];
  const { success, stderr } = await new Deno.Command(FROM_SOURCE[0]!, { args }).output();
  if (!success) throw new Error(`Cannot learn a baseline: ${new TextDecoder().decode(stderr)}`);
}

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
  // Not a machine-made name, which would mark everything below it.
  const folder = "/opt/cnproc-exporter-picture";
  await Deno.mkdir(folder, { mode: 0o755 });
  try {
    await using shop = await Shop.start(folder);
    const baseline = `${folder}/baseline.yml`, config = `${folder}/config.yml`;
    // What isn't systemd there is left out as systemd is.
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "comm=", "-p", "1"] }).output();
    await Deno.writeTextFile(config, `roots: [${JSON.stringify(new TextDecoder().decode(stdout).trim())}]\n`);
    const flags = [`--config.file=${config}`, `--web.allowed-hosts=${HOST}`];
    await learn(shop, flags, baseline);
    await using exporter = await Exporter.start({
      command: FROM_SOURCE,
      flags: [...flags, `--baseline.file=${baseline}`],
    });
    await using browser = await Chromium.start(`--host-resolver-rules=MAP ${HOST}:9501 ${new URL(exporter.url).host}`);
    const tab = await browser.open(`http://${HOST}:9501/?q=http.server`, { viewport: SIZE });
    await tab.live();
    const { page } = tab, dropped = page.locator(".row[data-path$='/pay.sh/*']");
    const frames = await film(tab, [
      [1000, () => shop.ask("order.sh")],
      [3000, () => shop.ask("order.sh")],
      [5000, () => shop.ask("pay.sh?8")], // somebody found a way
      [7000, () => shop.ask("order.sh")],
      [9000, () => page.click("#strip a[data-kind=unexpected]")],
      [12_000, () => dropped.locator("a").click()],
      [15_000, () => shop.ask("order.sh")],
    ]);
    const picture = animatedWebp(frames, SIZE.width, SIZE.height);
    await Deno.writeFile(PICTURE, picture);
    console.log(`${frames.length} stills, ${picture.length} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
