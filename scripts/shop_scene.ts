/**
 * The scene of the pictures in `docs`: a web server runs its scripts, a baseline of them is learned, and somebody finds a way to
 * launch a program with a made-up name. Everything in it is a real run, on the machine that the pictures are taken on, as root.
 *
 * What else that machine runs is counted as one tree each, and not shown: the page's filter is the web server.
 *
 * @module
 */

import { ORDINARY_SCRIPTS, Shop } from "../tests/documents/shop.ts";
import { Chromium } from "../tests/browser/page.ts";
import { Exporter, FROM_SOURCE, poll } from "../tests/live/exporter.ts";

/** What the machine is called in a picture. */
const HOST = "web-01:9501";
/** Not a machine-made name, which would mark everything below it. */
const FOLDER = "/opt/cnproc-exporter-picture";
/** The page's filter, and the first label of all that is shown. */
const SERVER = "http.server";
/** How long a busy machine may take. */
const PATIENCE_MS = 60_000;
/** End of the tree of the dropped program. */
export const DROPPED = "/pay.sh/*";

/** The folder, the web server and the baseline. Use it with `await using`. */
export class ShopScene implements AsyncDisposable {
  readonly #shop: Shop;
  readonly #flags: readonly string[];
  /** When the dropped program has ended, by `performance.now`. */
  #ends = 0;

  private constructor(shop: Shop, flags: readonly string[]) {
    this.#shop = shop;
    this.#flags = flags;
  }

  /** Starts the web server and learns its scripts' trees. */
  static async start(): Promise<ShopScene> {
    await Deno.mkdir(FOLDER, { mode: 0o755 });
    try {
      const shop = await Shop.start(FOLDER), baseline = `${FOLDER}/baseline.yml`, config = `${FOLDER}/config.yml`;
      const scene = new ShopScene(shop, [
        `--config.file=${config}`,
        `--baseline.file=${baseline}`,
        `--web.allowed-hosts=${HOST.split(":")[0]}`,
      ]);
      try {
        const first = await firstProcess();
        await Deno.writeTextFile(config, configOf(first, []));
        await Deno.writeTextFile(config, configOf(first, await scene.#learn(config, baseline)));
        return scene;
      } catch (error) {
        await shop[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      await removeFolder();
      throw error;
    }
  }

  /** Writes a baseline; gives the first programs' trees, but not the web server's. */
  async #learn(config: string, baseline: string): Promise<string[]> {
    await using exporter = await Exporter.start({ command: FROM_SOURCE, flags: [`--config.file=${config}`] });
    const trees = await poll("the scripts' trees", async () => {
      for (const script of ORDINARY_SCRIPTS) await this.#shop.ask(script);
      const paths = [...(await exporter.scrape()).trees.keys()];
      const isThere = (end: string) => paths.some((path) => path.endsWith(end));
      return [...ORDINARY_SCRIPTS.map((script) => `/${SERVER}/${script}`), "/order.sh/base", "/stock.sh"].every(isThere)
        ? paths
        : undefined;
    }, PATIENCE_MS);
    const args = [...FROM_SOURCE.slice(1), "baseline", "learn", baseline, `--exporter.url=${exporter.url}`];
    const { success, stderr } = await new Deno.Command(FROM_SOURCE[0]!, { args }).output();
    if (!success) throw new Error(`Cannot learn a baseline: ${new TextDecoder().decode(stderr)}`);
    const firsts = trees.map((path) => /^(?:\/random)?\/[^/]+/.exec(path)![0]);
    return [...new Set(firsts)].filter((tree) => tree !== `/${SERVER}` && tree !== "/other");
  }

  /** An exporter that knows the baseline. */
  async exporter(...flags: readonly string[]): Promise<Exporter> {
    return await Exporter.start({ command: FROM_SOURCE, flags: [...this.#flags, ...flags] });
  }

  /** A browser that finds the exporter at {@link address}. */
  async browser(exporter: Exporter): Promise<Chromium> {
    return await Chromium.start(`--host-resolver-rules=MAP ${HOST} ${new URL(exporter.url).host}`);
  }

  /** The page's address; `parameters` beside the filter. */
  address(parameters: Readonly<Record<string, string>> = {}): string {
    return `http://${HOST}/?${new URLSearchParams({ q: SERVER, ...parameters })}`;
  }

  /** Somebody asks for a page. */
  async ask(script: string): Promise<void> {
    await this.#shop.ask(script);
  }

  /** Customers come, more and fewer of them, for some seconds. */
  async serve(seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000;
    for (let i = 0; performance.now() < end; i++) {
      await this.ask(ORDINARY_SCRIPTS[i % ORDINARY_SCRIPTS.length]!);
      if (i % 25 === 24) await this.ask("basket.sh?sold-out");
      await new Promise((resolve) => setTimeout(resolve, 150 + 400 * Math.sin(performance.now() / 15_000) ** 2));
    }
  }

  /** Somebody finds a way, when the program of the one before has ended; theirs runs for some seconds. */
  async drop(seconds: number): Promise<void> {
    await poll("the end of what was dropped", () => performance.now() > this.#ends);
    this.#ends = performance.now() + (seconds + 0.5) * 1000;
    await this.ask(`pay.sh?${seconds}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shop[Symbol.asyncDispose]();
    await removeFolder();
  }
}

/** What isn't systemd there is left out as systemd is. */
async function firstProcess(): Promise<string> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "comm=", "-p", "1"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** The text of a configuration; `ignored` are trees that have none below them. */
function configOf(root: string, ignored: readonly string[]): string {
  return JSON.stringify({ roots: [root], ignore: ignored.map((tree) => `${tree}/**`) });
}

async function removeFolder(): Promise<void> {
  await Deno.remove(FOLDER, { recursive: true });
}
