/** The live page with a thousand trees: how long it takes to load and to follow, and how much of it is sent. */

import assert from "node:assert/strict";
import { brotliCompressSync } from "node:zlib";
import { poll } from "../live/exporter.ts";
import { busyRow } from "../unit/metrics/fake_watcher.ts";
import { Chromium, PageServer, requireChromium } from "./page.ts";

const TREES = 1000;
/**
 * Bounds of time that hold where ten others want each of two processors (5.2 s and 0.48 s were seen); what is usual is printed: on a
 * quiet machine it is live after 0.7 to 1.2 s, and 2 s are wanted. Whatever the others do, the page answers for the processor time
 * of its main thread: of a task (20 to 106 ms; a tenth of a second is where people notice), and of all of them together.
 */
const MOST_LOAD_MS = 10_000;
const MOST_UPDATE_MS = 2000;
const MOST_TASK_MS = 250;
const MOST_TASKS_MS = 2000;
const MOST_BYTES = 750_000;

Deno.test({ name: "browser: a thousand trees without lag", ignore: requireChromium() }, async () => {
  await using server = new PageServer();
  await using browser = await Chromium.start();
  const ids: number[] = [];
  for (let i = 0; i < TREES; i++) {
    const path = ["", `daemon-${i % 40}`, `script-${i % 200}.sh`, "base", `tool-${i}`].slice(0, 2 + i % 4).join("/");
    ids.push(server.watcher.add(i < 40 ? `/daemon-${i}` : `${path}/t${i}`, busyRow(100 + i, i % 3, 0.001 * i)));
  }
  const html = await (await fetch(server.url, { headers: { accept: "text/html" } })).text();
  assert.equal([...html.matchAll(/ data-path="\//g)].length >= TREES, true);
  assert.ok(html.length < MOST_BYTES, `${html.length} bytes, want ${MOST_BYTES}`);

  // The fastest of three: others may want the processors for a while.
  const load = async () => {
    const start = performance.now(), tab = await browser.open(server.url);
    await tab.live();
    return { tab, ms: performance.now() - start };
  };
  let { tab, ms: loaded } = await load();
  for (let again = 0; again < 2 && loaded >= MOST_LOAD_MS; again++) {
    await tab.page.close();
    const { tab: other, ms } = await load();
    tab = other;
    loaded = Math.min(loaded, ms);
  }
  // Nothing waits for a task that is short of a processor: the processor time of each counts, of another load and of changes.
  const tasks = await browser.tasks(server.url, async () => {
    const { tab } = await load();
    await poll("the trees", async () => await tab.page.innerText("#strip b") === "1,000");
    ids.forEach((id, i) => server.watcher.set(id, busyRow(50 + i, i % 3, 0.001 * i)));
    await poll("the change", async () => (await tab.cells("/daemon-0"))[2] === "50");
    await tab.close();
  });
  const longest = Math.max(...tasks), all = tasks.reduce((sum, ms) => sum + ms, 0);
  // The slowest frame while every tree changes, second for second.
  await tab.page.evaluate(`
    window.slowest = 0;
    let last = performance.now();
    const frame = (now) => { window.slowest = Math.max(window.slowest, now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame((now) => { last = now; frame(now); });
  `);
  for (let round = 1; round <= 3; round++) {
    ids.forEach((id, i) => server.watcher.set(id, busyRow(100 + i + round, i % 3, 0.001 * i)));
    await poll("the change", async () => (await tab.cells("/daemon-0"))[2] === String(100 + round));
  }
  const slowest = Number(await tab.page.evaluate("window.slowest"));
  // A row out of sight is written when it comes into sight.
  const last = '[...document.querySelectorAll("#rows .row")].at(-1)';
  await tab.page.evaluate(`${last}.scrollIntoView()`);
  await poll("a row that comes into sight", async () => await tab.page.evaluate(`${last}.classList.contains("flash")`));

  console.log(
    `1,000 trees: ${html.length} bytes (${brotliCompressSync(html).length} compressed), live after ${
      Math.round(loaded)
    } ms, ` +
      `slowest frame while all change ${Math.round(slowest)} ms, longest task ${Math.round(longest)} of ${
        Math.round(all)
      } ms of a processor`,
  );
  assert.ok(loaded < MOST_LOAD_MS, `live after ${loaded} ms, want ${MOST_LOAD_MS}`);
  assert.ok(longest < MOST_TASK_MS, `longest task ${longest} ms, want ${MOST_TASK_MS}`);
  assert.ok(all < MOST_TASKS_MS, `tasks of ${all} ms in all, want ${MOST_TASKS_MS}`);
  assert.ok(slowest < MOST_UPDATE_MS, `slowest frame ${slowest} ms, want ${MOST_UPDATE_MS}`);
  tab.assertNoComplaint();
});
