/**
 * The page in a real Chromium, served by the real app over a fake watcher.
 *
 * @module
 */

import assert from "node:assert/strict";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import type { Scraper } from "../../metrics/exposition/mod.ts";
import { createApp } from "../../metrics/http/mod.ts";
import type { Feed } from "../../metrics/http/api/mod.ts";
import { findTool, skipUnless } from "../require.ts";
import { FakeWatcher, feeding, KeptLog } from "../unit/metrics/fake_watcher.ts";

/** Value for `ignore` of a test that needs a browser. */
export function requireChromium(): boolean {
  return skipUnless(findTool("chromium") !== undefined, "needs chromium in PATH: install the package chromium");
}

/** Nothing of a browser that talks to others, or keeps anything. */
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A server of the page. Use it with `await using`. */
export class PageServer implements AsyncDisposable {
  readonly watcher = new FakeWatcher();
  readonly url: string;
  readonly feed: Feed;
  readonly registry: Scraper["registry"];
  notReady: string | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const notReady = () => this.notReady;
    const { scraper, registry, feed } = feeding(this.watcher, { notReady });
    this.registry = registry;
    this.feed = feed;
    const app = createApp({
      scraper,
      feed: this.feed,
      health: { notReady, unhealthy: () => Promise.resolve(undefined) },
      log: new KeptLog(),
      telemetryPath: "/metrics",
      version: "1.2.3",
    });
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Stops answering. */
  async stop(): Promise<void> {
    this.feed.close();
    await this.#server.shutdown();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What is used of an event of Chromium's trace; `tdur` is the thread's processor time, microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly documentLoaderURL?: string } };
}

/** A browser with a profile of its own. Use it with `await using`. */
export class Chromium implements AsyncDisposable {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** `flags` are further ones of Chromium. */
  static async start(...flags: readonly string[]): Promise<Chromium> {
    return new Chromium(
      await chromium.launch({ executablePath: findTool("chromium")!, args: [...QUIET, ...flags], timeout: 60_000 }),
    );
  }

  /** Opens a page and hears what it complains of and asks for. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Tab> {
    const page = await (await this.#browser.newContext(options)).newPage();
    const tab = new Tab(page, new URL(url).origin);
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return tab;
  }

  /**
   * The tasks, while something is done, of the main threads that load pages from `url`, each in milliseconds of processor time.
   * Chromium has pages of its own, whose tasks are longer.
   */
  async tasks(url: string, work: () => Promise<void>): Promise<number[]> {
    const browser = this.#browser;
    await browser.startTracing(undefined, { categories: ["toplevel", "__metadata", "blink.user_timing"] });
    await work();
    const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
    const main = new Set(
      traceEvents.filter(({ name, args }) =>
        name === "navigationStart" && args?.data?.documentLoaderURL?.startsWith(url) === true
      ).map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith("RunTask") && main.has(`${pid} ${tid}`));
    if (tasks.length === 0) throw new Error("Cannot find the tasks of the page's main thread in the trace");
    return tasks.map(({ tdur = 0 }) => tdur / 1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** A page in the browser. */
export class Tab {
  /** Errors, refusals of the policy, and requests to others. */
  readonly complaints: string[] = [];
  readonly requests: string[] = [];

  constructor(readonly page: Page, origin: string) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => {
      this.requests.push(request.url());
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== "data:") this.complaints.push(`asks ${request.url()}`);
    });
  }

  /** Waits until the events come. */
  async live(): Promise<void> {
    await this.page.waitForSelector("#state.live", { timeout: 30_000 });
  }

  /** Texts of the rows' labels that can be seen. */
  async labels(): Promise<string[]> {
    return await this.page.locator("#rows b:visible").allTextContents();
  }

  /** The row of a tree. */
  row(path: string): Locator {
    return this.page.locator(`.row[data-path=${JSON.stringify(path)}]`);
  }

  /** Texts of a row's cells. */
  async cells(path: string): Promise<string[]> {
    return await this.row(path).evaluate((row) =>
      Array.from(
        (row as unknown as { children: ArrayLike<{ textContent: string }> }).children,
        (cell) => cell.textContent.trim(),
      )
    );
  }

  /** What axe-core complains of, each with where. */
  async accessibilityProblems(): Promise<string[]> {
    // Not a script of the page: the browser's own interface runs it, whatever the page's policy is.
    await this.page.evaluate(axe.source);
    return await this.page.evaluate(`
      axe.run(document).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))
    `) as string[];
  }

  /** What can be clicked, can be seen, and is smaller than so many pixels in width or height. */
  async smallTargets(pixels: number): Promise<string[]> {
    return await this.page.evaluate(`
      [...document.querySelectorAll("a, button, input, [aria-expanded] .fold")].flatMap((target) => {
        const { width, height } = target.getBoundingClientRect();
        return width > 0 && Math.min(width, height) < ${pixels} ? [target.outerHTML + " " + width + " × " + height] : [];
      })
    `) as string[];
  }

  assertNoComplaint(): void {
    assert.deepEqual(this.complaints, []);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
