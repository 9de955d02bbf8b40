/** The live page in Chromium, over an app with a fake watcher: what a reader sees and does. */

import assert from "node:assert/strict";
import { Column, EventKind, OUTCOMES, Stat } from "../../fingerprint/mod.ts";
import { busyRow } from "../unit/metrics/fake_watcher.ts";
import { poll } from "../live/exporter.ts";
import { flagColumn, happen, plant } from "./forest.ts";
import { Chromium, PageServer, requireChromium, type Tab } from "./page.ts";

const ignore = requireChromium();
const PSTREE = "/sshd/base/server.sh/sudo/base/pstree";

/** A server with the forest, and its page in a browser. */
async function withPage(
  work: (tab: Tab, server: PageServer, ids: Map<string, number>) => Promise<void>,
  options: Parameters<Chromium["open"]>[1] = {},
): Promise<void> {
  await using server = new PageServer();
  await using browser = await Chromium.start();
  const ids = plant(server.watcher, Date.now() / 1000);
  const tab = await browser.open(server.url, options);
  await work(tab, server, ids);
  tab.assertNoComplaint();
}

Deno.test({ name: "browser: it loads, goes live, and shows launches, endings and new trees", ignore }, async () => {
  await withPage(async (tab, server, ids) => {
    await tab.live();
    assert.deepEqual(await tab.cells(PSTREE), ["pstree", "", "1,204", "", "4.1 ms", "3.6 s", "19 d"]);
    assert.deepEqual((await tab.cells("/random/php-fpm8.2/base/*"))[0], "*random");

    const grown = busyRow(1300, 2, 0.0041);
    grown[Column.FirstSeen] = Date.now() / 1000 - 3 * 86_400;
    server.watcher.set(ids.get(PSTREE)!, grown);
    server.watcher.add(`${PSTREE}/new/below`, busyRow(1, 1, 1));
    happen(server.watcher, ids, Date.now() / 1000);
    await tab.page.waitForSelector("#feed li.launch");
    // A tree without launches of its own stands between.
    await tab.page.waitForSelector(
      `li[data-path="${PSTREE}"] li[data-path="${PSTREE}/new"] li[data-path$="/below"]`,
      { state: "attached" },
    );
    // A row is written when it comes into sight.
    assert.deepEqual((await tab.cells(PSTREE)).slice(0, 4), ["pstree", "", "1,204", ""]);
    await tab.page.locator(`li[data-path="${PSTREE}"] .row`).first().scrollIntoViewIfNeeded();
    await poll("the row's new numbers", async () => (await tab.cells(PSTREE))[2] === "1,300");
    assert.deepEqual((await tab.cells(PSTREE)).slice(0, 4), ["pstree", "2", "1,300", "129"]);
    assert.equal((await tab.cells(PSTREE))[6], "3 d");
    assert.deepEqual((await tab.cells(`${PSTREE}/new/below`)).slice(0, 3), ["below", "1", "1"]);

    const first = tab.page.locator("#feed li").first();
    assert.match(await first.innerText(), /^\d\d:\d\d:\d\d\.\d{3}\s+launch\s+30061\s+\/sshd\/base$/);
    const failed = await tab.page.locator("#feed li.failed").allInnerTexts();
    assert.equal(failed.length, 2);
    assert.match(failed[0]!, /signal · 6\.2 ms · CPU 900 µs/);

    server.watcher.skipped = 1234;
    server.watcher.stats[Stat.LostExecs] = 7;
    server.watcher.remove(ids.get("/other")!);
    await tab.page.waitForSelector("#feed li.skipped");
    assert.equal(await tab.page.innerText("#feed li.skipped"), "1,234 events skipped");
    assert.equal(await tab.page.innerText("dd.bad"), "7");
    assert.equal(await tab.page.locator('li[data-path="/other"]').count(), 0);
  });
});

/** The badges of a tree in the order shown: class, text, and the title that explains it. */
async function badges(tab: Tab, path: string): Promise<string[]> {
  const found = tab.page.locator(`li[data-path="${path}"] .row`).first().locator("em");
  const list = await found.all();
  return await Promise.all(
    list.map(async (em) =>
      `${await em.getAttribute("class")} ${await em.textContent()}: ${await em.getAttribute("title")}`
    ),
  );
}

Deno.test(
  { name: "browser: badges of flags, from the server and live, come and go with the tree", ignore },
  async () => {
    const MINER = "/random/php-fpm8.2/base/*/kdevtmpfsi", ABOVE = "/dockerd/containerd";
    const random = "random random: a name or place in it is machine-made";
    await withPage(async (tab, server, ids) => {
      const was = [
        random,
        "grave deleted: 1 × its file had been deleted",
        "ordinary temp: 1 × it lies in a folder that everybody may write to",
      ];
      assert.deepEqual(await badges(tab, MINER), was);
      await tab.live();
      const grown = busyRow(3, 1, 1);
      grown[flagColumn("memfd")] = 2;
      grown[flagColumn("deleted")] = 1;
      server.watcher.set(ids.get(MINER)!, grown);
      const now = [random, was[1]!, "grave memfd: 2 × its file never had a name in a file system"];
      await tab.page.locator(`li[data-path="${MINER}"] .row`).first().scrollIntoViewIfNeeded();
      await poll("the new badges", async () => (await badges(tab, MINER)).join() === now.join());

      // A tree that left keeps a place for those below it, without badges; when it comes back it has its own.
      const flagged = busyRow(1, 1, 1);
      flagged[flagColumn("setuid")] = 1;
      server.watcher.set(ids.get(ABOVE)!, flagged);
      await tab.page.locator(`li[data-path="${ABOVE}"] .row`).first().scrollIntoViewIfNeeded();
      await poll(
        "a badge above",
        async () => (await badges(tab, ABOVE)).join() === "grave setuid: 1 × its file changed the user",
      );
      server.watcher.remove(ids.get(ABOVE)!);
      await poll("no badge", async () => (await badges(tab, ABOVE)).length === 0);
      server.watcher.add(ABOVE, busyRow(1, 1, 1));
      await poll("the tree is back", async () => (await tab.cells(ABOVE))[1] === "1");
      assert.deepEqual(await badges(tab, ABOVE), []);

      happen(server.watcher, ids, Date.now() / 1000);
      await tab.page.waitForSelector("#feed em.grave");
      const line = tab.page.locator("#feed li", { has: tab.page.locator("em") });
      assert.match(await line.innerText(), /launch\s*deleted\s*temp\s+30055/);
      // The page from the server has the same line.
      await tab.page.reload();
      assert.match(await line.innerText(), /launch\s*deleted\s*temp\s+30055/);
    });
  },
);

Deno.test({ name: "browser: the filter, and what it hides", ignore }, async () => {
  await withPage(async (tab, server) => {
    await tab.live();
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("PSTree");
    assert.deepEqual(await tab.labels(), ["sshd", "base", "server.sh", "sudo", "base", "pstree"]);
    assert.equal(await tab.page.innerText("#matches"), "1 of 49");
    server.watcher.add("/nginx/pstree", busyRow(1, 0, 1));
    server.watcher.add("/nginx/hidden", busyRow(1, 0, 1));
    await poll("the new match", async () => await tab.page.innerText("#matches") === "2 of 51");
    assert.deepEqual((await tab.labels()).slice(0, 2), ["nginx", "pstree"]);
    await tab.page.keyboard.press("Escape");
    assert.equal((await tab.labels()).length, 51);
  });
});

Deno.test({ name: "browser: the keyboard walks and folds the forest", ignore }, async () => {
  await withPage(async (tab) => {
    await tab.live();
    const at = () => tab.page.evaluate('document.activeElement.closest("li")?.dataset.path');
    const press = async (...keys: string[]) => {
      for (const key of keys) await tab.page.keyboard.press(key);
      return await at();
    };
    await tab.page.locator('li[data-path="/cron"] > details > summary').focus();
    assert.equal(await press("ArrowDown", "ArrowDown", "ArrowDown"), "/cron/base/backup.sh/base");
    assert.equal(await press("ArrowLeft"), "/cron/base/backup.sh");
    const before = (await tab.labels()).length;
    assert.equal(await press("ArrowLeft"), "/cron/base/backup.sh");
    assert.equal((await tab.labels()).length, before - 2);
    assert.equal(await press("ArrowDown"), "/cron/base/certbot");
    assert.equal(await press("ArrowUp", "Enter"), "/cron/base/backup.sh");
    assert.equal((await tab.labels()).length, before);
    assert.equal(await press("ArrowLeft", "ArrowRight", "ArrowRight"), "/cron/base/backup.sh/base");
    assert.equal(await press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp"), "/base");
    await tab.page.click("#collapse");
    assert.equal((await tab.labels()).length, 10);
    await tab.page.click("#expand");
    assert.equal((await tab.labels()).length, before);
  });
});

Deno.test({ name: "browser: without JavaScript it shows the same, folds, and filters by a form", ignore }, async () => {
  await withPage(async (tab, server) => {
    assert.equal((await tab.labels()).length, 49);
    assert.deepEqual((await tab.cells(PSTREE)).slice(0, 3), ["pstree", "", "1,204"]);
    assert.equal(await tab.page.innerText("#state"), "as of the last load");
    await tab.page.click('li[data-path="/cron"] > details > summary');
    assert.equal((await tab.labels()).length, 41);
    await tab.page.fill("#filter", "pstree");
    await tab.page.press("#filter", "Enter");
    await tab.page.waitForURL(`${server.url}/?q=pstree`);
    assert.deepEqual(await tab.labels(), ["sshd", "base", "server.sh", "sudo", "base", "pstree"]);
    assert.equal(server.feed.subscribers, 0);
  }, { javaScriptEnabled: false });
});

Deno.test({ name: "browser: dark, and 360 pixels wide without scrolling sideways", ignore }, async () => {
  const luminance =
    "(c => c[0] + c[1] + c[2])(getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number))";
  for (const colorScheme of ["light", "dark"] as const) {
    await withPage(async (tab, server) => {
      server.watcher.add(`/sshd/${"long-name-".repeat(6)}/x`, busyRow(1, 0, 1));
      await tab.live();
      await tab.page.waitForSelector('li[data-path$="/x"]');
      assert.equal(await tab.page.evaluate("document.documentElement.scrollWidth"), 360);
      const light = Number(await tab.page.evaluate(luminance));
      assert.ok(colorScheme === "dark" ? light < 150 : light > 650, `${colorScheme}: ${light}`);
    }, { colorScheme, viewport: { width: 360, height: 740 } });
  }
});

Deno.test({ name: "browser: a hostile name is text, from the server and live", ignore }, async () => {
  const hostile = [
    '<img src=x onerror="fail()">',
    "</script><script>fail()</script>",
    "'\"><svg onload=fail()>",
    "${x}",
  ]
    .map((name) => name.replaceAll("/", "\\x2f"));
  await withPage(async (tab, server) => {
    await tab.live();
    const ids = hostile.map((name) => server.watcher.add(`/live/${name}`, busyRow(1, 0, 1)));
    for (const id of ids) server.watcher.event(OUTCOMES.indexOf("error"), id, 1, 1, 1);
    server.watcher.event(EventKind.Launch, ids[0]!, 1, 1);
    await tab.page.waitForSelector("#feed li.failed");
    // Trees follow the events, once a second.
    await poll("the trees", async () => (await tab.labels()).includes(hostile.at(-1)!));
    for (const _ of [1, 2]) {
      const labels = await tab.labels();
      for (const name of hostile) assert.ok(labels.includes(name), name);
      assert.equal(await tab.page.locator("#forest img, #forest script, #feed img, svg[onload]").count(), 0);
      await tab.page.reload();
      await tab.live();
    }
  });
});

Deno.test(
  { name: "browser: it comes back after the exporter was away, and takes everything anew", ignore },
  async () => {
    await withPage(async (tab, server, ids) => {
      await tab.live();
      server.feed.close();
      await tab.page.waitForSelector("#state.away");
      server.watcher.remove(ids.get("/nginx")!);
      server.watcher.add("/later", busyRow(1, 1, 1));
      await tab.live();
      await tab.page.waitForSelector('li[data-path="/later"]');
      assert.equal(await tab.page.locator('li[data-path="/nginx"]').count(), 0);
      tab.complaints.splice(0); // that the connection ended
    });
  },
);

Deno.test({ name: "browser: not ready yet", ignore }, async () => {
  await using server = new PageServer();
  await using browser = await Chromium.start();
  server.notReady = "the start-up scan is under way";
  const tab = await browser.open(server.url);
  await tab.live();
  assert.equal(await tab.page.innerText("#none"), "No launch yet.");
  assert.match(await tab.page.innerText("dd.bad"), /^not ready: the start-up scan/);
  plant(server.watcher, Date.now() / 1000);
  server.notReady = undefined;
  await tab.page.waitForSelector(`li[data-path="${PSTREE}"]`);
  assert.equal(await tab.page.innerText("[data-health=ready]"), "ready");
  assert.equal(await tab.page.isVisible("#none"), false);
  tab.assertNoComplaint();
});
