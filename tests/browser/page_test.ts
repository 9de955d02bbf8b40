/** The live page in Chromium, over an app with a fake watcher: what a reader sees and does. */

import assert from "node:assert/strict";
import { Column, EventKind, OUTCOMES, Stat } from "../../fingerprint/mod.ts";
import { busyRow } from "../unit/metrics/fake_watcher.ts";
import { poll } from "../live/exporter.ts";
import { CONTAINED, DROPPER, flagColumn, happen, plant, runContained, runDropper } from "./forest.ts";
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
    assert.deepEqual(await tab.cells(PSTREE), ["pstree", "", "1,204", "", "4.1 ms", "3.6 s", "19 d", "0.1", ""]);
    assert.deepEqual((await tab.cells("/random/php-fpm8.2/base/*"))[0], "*random");

    const grown = busyRow(1300, 2, 0.0041);
    grown[Column.FirstSeen] = Date.now() / 1000 - 3 * 86_400;
    server.watcher.set(ids.get(PSTREE)!, grown);
    server.watcher.add(`${PSTREE}/new/below`, busyRow(1, 1, 1));
    happen(server.watcher, ids, Date.now() / 1000);
    await tab.page.waitForSelector("#feed li.runs");
    // A tree without launches of its own stands between.
    await tab.row(`${PSTREE}/new/below`).waitFor({ state: "attached" });
    assert.equal(await tab.row(`${PSTREE}/new`).getAttribute("aria-level"), "7");
    assert.equal(await tab.row(`${PSTREE}/new/below`).getAttribute("aria-level"), "8");
    // A row is written when it comes into sight.
    assert.deepEqual((await tab.cells(PSTREE)).slice(0, 4), ["pstree", "", "1,204", ""]);
    await tab.row(PSTREE).scrollIntoViewIfNeeded();
    await poll("the row's new numbers", async () => (await tab.cells(PSTREE))[2] === "1,300");
    assert.deepEqual((await tab.cells(PSTREE)).slice(0, 4), ["pstree", "2", "1,300", "129"]);
    assert.equal((await tab.cells(PSTREE))[6], "3 d");
    assert.deepEqual((await tab.cells(`${PSTREE}/new/below`)).slice(0, 3), ["below", "1", "1"]);

    const first = tab.page.locator("#feed li").first();
    assert.match(await first.innerText(), /^\d\d:\d\d:\d\d\.\d{3}\s+runs\s+30061\s+\/sshd\/base$/);
    const failed = await tab.page.locator("#feed li.failed").allInnerTexts();
    assert.equal(failed.length, 2);
    assert.match(failed[0]!, /signal · 6\.2 ms · CPU 900 µs/);
    // Launch and ending are one line, and so is what a process ran before.
    const cron = tab.page.locator("#feed li", { hasText: "30018" });
    assert.deepEqual(await cron.locator("code").allInnerTexts(), ["/cron/base", "/cron/base/munin-cron"]);

    server.watcher.skipped = 1234;
    server.watcher.stats[Stat.LostExecs] = 7;
    server.watcher.remove(ids.get("/other")!);
    await tab.page.waitForSelector("#feed li.skipped");
    assert.equal(await tab.page.innerText("#feed li.skipped"), "1,234 events skipped");
    assert.equal(await tab.page.innerText("#health strong"), "7 messages lost: launches are missing");
    assert.equal(await tab.row("/other").count(), 0);
  });
});

/** The badges of a tree in the order shown: class, text, and the title that explains it. */
async function badges(tab: Tab, path: string): Promise<string[]> {
  // At once: a badge may go while the others are looked at.
  return await tab.row(path).evaluate((row) =>
    Array.from(
      (row as unknown as { querySelectorAll(selector: string): Iterable<Record<string, string>> }).querySelectorAll(
        "em",
      ),
      ({ className, textContent, title }) => `${className} ${textContent}: ${title}`,
    )
  );
}

Deno.test(
  { name: "browser: badges of flags, from the server and live, come and go with the tree", ignore },
  async () => {
    const MINER = "/random/php-fpm8.2/base/*/kdevtmpfsi", ABOVE = "/dockerd/containerd";
    await withPage(async (tab, server, ids) => {
      const was = [
        "grave deleted: 1 × its file had been deleted",
        "ordinary temp: 1 × it lies in a folder that everybody may write to",
      ];
      assert.deepEqual(await badges(tab, MINER), was); // the name above it is the machine-made one
      await tab.live();
      const grown = busyRow(3, 1, 1);
      grown[flagColumn("memfd")] = 2;
      grown[flagColumn("deleted")] = 1;
      server.watcher.set(ids.get(MINER)!, grown);
      const now = [was[0]!, "grave memfd: 2 × its file never had a name in a file system"];
      await tab.row(MINER).scrollIntoViewIfNeeded();
      await poll("the new badges", async () => (await badges(tab, MINER)).join() === now.join());

      // A tree that left keeps a place for those below it, without badges; when it comes back it has its own.
      const flagged = busyRow(1, 1, 1);
      flagged[flagColumn("setuid")] = 1;
      server.watcher.set(ids.get(ABOVE)!, flagged);
      await tab.row(ABOVE).scrollIntoViewIfNeeded();
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
      const shown = /runs\s+30055\s+\S+kdevtmpfsi\s*deleted\s*temp/;
      assert.match(await line.innerText(), shown);
      // The page from the server has the same line.
      await tab.page.reload();
      assert.match(await line.innerText(), shown);
    });
  },
);

/** The strip's counts. */
async function strip(tab: Tab): Promise<string[]> {
  return (await tab.page.locator("#strip a").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
}

Deno.test({ name: "browser: what is odd comes first: counts that filter, in the address", ignore }, async () => {
  await withPage(async (tab, server, ids) => {
    server.registry.expect({ verdict: (path) => ({ expected: !path.startsWith("/random/"), reason: "" }) });
    await tab.live();
    const want = ["47 trees", "3 new", "3 unexpected", "1 random", "1 failing", "1 deleted", "1 temp"];
    await poll("the counts", async () => (await strip(tab)).join() === want.join());
    await tab.page.click("#strip a[data-kind=random]");
    assert.deepEqual(await tab.labels(), ["php-fpm8.2", "base", "*"]);
    assert.equal(tab.page.url(), `${server.url}/?kind=random`);
    await tab.page.reload();
    assert.deepEqual(await tab.labels(), ["php-fpm8.2", "base", "*"]);
    await tab.live();
    await tab.page.click("#strip a[data-kind=failing]");
    assert.deepEqual(await tab.labels(), ["php-fpm8.2", "base", "*"]);
    const dropper = busyRow(1, 1, 1);
    dropper[flagColumn("memfd")] = 1;
    server.watcher.set(ids.get("/nginx")!, dropper);
    await tab.page.click("#strip a[data-kind=memfd]");
    assert.deepEqual(await tab.labels(), ["nginx"]);
    await tab.page.click("#strip a[data-kind=memfd]"); // once more: all
    assert.equal((await tab.labels()).length, 47);
    assert.equal(tab.page.url(), `${server.url}/`);
    await tab.page.fill("#filter", "unexpected");
    assert.equal(await tab.page.innerText("#matches"), "3 of 47");
  });
});

/** Whether the name of a tree is seen from its first to its last letter. */
async function isNameSeen(tab: Tab, path: string): Promise<boolean> {
  return await tab.page.evaluate(`
    (([name]) => {
      const { left, right, top, bottom } = name.getBoundingClientRect(), y = (top + bottom) / 2;
      return [left + 1, right - 1].every((x) => document.elementFromPoint(x, y) === name);
    })(document.querySelectorAll('.row[data-path="${path}"] b'))
  `) === true;
}

Deno.test({ name: "browser: sorts by any column, live, and the other way round", ignore }, async () => {
  await withPage(async (tab, server, ids) => {
    await tab.live();
    await poll("all trees", async () => (await strip(tab))[0] === "47 trees");
    const top = async () => (await tab.page.locator("#rows .name a").first().innerText()).trim();
    const sort = (name: string) => tab.page.click(`#head a:text-is("${name}")`);
    for (
      const [name, want] of [
        ["Running", "/base"],
        ["Launches", "/gitlab-runner/base/make/base/cc1"],
        ["Failed", "/gitlab-runner/base/make/base/cc1"],
        ["Run time", "/dockerd/containerd/containerd-shim-runc-v2"],
        ["CPU", "/gitlab-runner/base/make/go/compile"],
        ["Seen", "/random/php-fpm8.2/base/*/kdevtmpfsi"],
      ] as const
    ) {
      await sort(name);
      await poll(`${want} first by ${name}`, async () => await top() === want);
      assert.equal(await tab.page.locator("#head [aria-sort=descending]").innerText(), name);
    }
    await sort("Seen");
    assert.equal(await tab.page.locator("#head [aria-sort=ascending]").innerText(), "Seen");
    assert.equal(tab.page.url(), `${server.url}/?sort=seen.up`);
    await sort("10 min");
    await poll("nothing lately", async () => await top() === "/base");
    await sort("Launches");
    const grown = busyRow(99_000, 0, 1);
    server.watcher.set(ids.get("/nginx")!, grown);
    await tab.page.mouse.move(0, 0); // rows stand still under the pointer
    await poll("the new first", async () => await top() === "/nginx");
    const label = () => tab.row("/nginx").locator("svg").getAttribute("aria-label");
    await poll("its launches of ten minutes", async () => await label() === "98,998 launches in ten minutes");
    // Of a path that is longer than there is room for, the name is seen.
    const deep = `/sshd/${"ancestor/".repeat(20)}guilty`;
    server.watcher.add(deep, busyRow(100_000, 0, 1));
    await tab.row(deep).waitFor();
    await poll("the end of its path", () => isNameSeen(tab, deep));
    assert.match(await tab.page.innerText("#pulse"), /a second$/);
    await sort("Tree");
    assert.equal((await tab.labels())[0], "base");
  });
});

Deno.test({ name: "browser: a row opens: what runs, what was launched last, why; copies", ignore }, async () => {
  await withPage(async (tab, server, ids) => {
    const now = Date.now() / 1000, opened = tab.page.locator("#opened");
    server.registry.expect({
      verdict: () => ({ expected: false, reason: "its nearest expected ancestor is /php-fpm8.2" }),
    });
    runDropper(server.watcher, ids, now);
    runContained(server.watcher, ids, now);
    await tab.live();
    happen(server.watcher, ids, now);
    await tab.row(DROPPER).locator("a").click();
    assert.equal(tab.page.url(), `${server.url}/?open=${encodeURIComponent(DROPPER)}`);
    await opened.locator("td").first().waitFor();
    const texts = await opened.locator("td").allInnerTexts();
    assert.deepEqual(texts.slice(0, 4), ["30055", "www-data", "php8.2-fpm.service", "14 min"]);
    const why = await opened.locator("section[aria-label=Why]").innerText();
    assert.match(why, /deleted 1 × its file had been deleted/);
    assert.match(why, /unexpected its nearest expected ancestor is \/php-fpm8\.2/);
    assert.match(why, /\.Xk29qZ is machine-made, by model \(0\.997\)/);
    await poll("the last launch", async () => /30055/.test(await opened.locator(".lines").innerText()));

    // It is what is below the row, after whatever comes.
    const below = tab.page.locator(`.row[data-path="${DROPPER}"] + #opened`);
    assert.equal(await below.count(), 1);
    server.watcher.add("/aaa", busyRow(1, 1, 1));
    await tab.row("/aaa").waitFor({ state: "attached" });
    assert.equal(await below.count(), 1);

    await tab.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    for (
      const [name, want] of [
        ["Path", DROPPER],
        ["PromQL", `rate(cnproc_tree_launches_total{tree="${DROPPER}"}[5m])`],
        ["Baseline", "- /random/php-fpm8.2/base/\\*/kdevtmpfsi"],
      ] as const
    ) {
      await opened.getByRole("button", { name: `Copy: ${name}` }).click();
      await poll(`${name} copied`, async () => await tab.page.evaluate("navigator.clipboard.readText()") === want);
    }
    assert.deepEqual(await tab.accessibilityProblems(), []);
    assert.deepEqual(await tab.smallTargets(24), []);

    // The page from the server has it too; Enter closes it.
    await tab.page.reload();
    assert.equal(await opened.locator("td").first().innerText(), "30055");
    await tab.live();
    await tab.row(DROPPER).focus();
    await tab.page.keyboard.press("Enter");
    await opened.waitFor({ state: "hidden" });
    assert.equal(tab.page.url(), `${server.url}/`);

    await tab.row(CONTAINED).locator("a").click();
    await opened.locator("td", { hasText: "30039" }).waitFor();
    assert.equal(await opened.locator("td").nth(2).innerText(), "docker-4f8a1c0de3b2.scope · web");
  });
});

Deno.test({ name: "browser: the filter, and what it hides", ignore }, async () => {
  await withPage(async (tab, server) => {
    await tab.live();
    await poll("all trees", async () => (await strip(tab))[0] === "47 trees");
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("PSTree");
    assert.deepEqual(await tab.labels(), ["sshd", "base", "server.sh", "sudo", "base", "pstree"]);
    assert.equal(await tab.page.innerText("#matches"), "1 of 47");
    server.watcher.add("/nginx/pstree", busyRow(1, 0, 1));
    server.watcher.add("/nginx/hidden", busyRow(1, 0, 1));
    await poll("the new match", async () => await tab.page.innerText("#matches") === "2 of 49");
    assert.deepEqual((await tab.labels()).slice(0, 2), ["nginx", "pstree"]);
    await tab.page.keyboard.press("Escape");
    assert.equal((await tab.labels()).length, 49);
    assert.equal(tab.page.url(), `${server.url}/`);
  });
});

Deno.test({ name: "browser: the feed follows the filter, and pauses", ignore }, async () => {
  await withPage(async (tab, server, ids) => {
    await tab.live();
    happen(server.watcher, ids, Date.now() / 1000);
    await tab.page.waitForSelector("#feed li.runs");
    const lines = () => tab.page.locator("#feed li:not(.calm)").count();
    const all = await lines();
    await tab.page.fill("#filter", "kdevtmpfsi");
    await poll("one line", async () => await lines() === 1);
    await tab.page.fill("#filter", "");
    await poll("all lines", async () => await lines() === all);
    await tab.page.click("#pause");
    assert.equal(await tab.page.getAttribute("#pause", "aria-pressed"), "true");
    server.watcher.event(EventKind.Launch, ids.get("/nginx")!, 77, Date.now() / 1000);
    server.watcher.set(ids.get("/nginx")!, busyRow(77, 77, 1));
    await tab.row("/nginx").scrollIntoViewIfNeeded();
    await poll("the launch in the forest", async () => (await tab.cells("/nginx"))[1] === "77");
    assert.equal(await lines(), all);
    await tab.page.click("#pause");
    await poll("the launch in the feed", async () => await lines() === all + 1);
  });
});

Deno.test({ name: "browser: the keyboard walks and folds the forest, with one stop of Tab", ignore }, async () => {
  await withPage(async (tab) => {
    await tab.live();
    await poll("all trees", async () => (await strip(tab))[0] === "47 trees");
    const at = () => tab.page.evaluate("document.activeElement.dataset.path ?? document.activeElement.id");
    const press = async (...keys: string[]) => {
      for (const key of keys) await tab.page.keyboard.press(key);
      return await at();
    };
    await tab.page.focus("#filter");
    assert.equal(await press("ArrowDown"), "/base");
    assert.equal(await press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"), "/cron/base/backup.sh/base");
    assert.equal(await press("ArrowDown", "ArrowLeft"), "/cron/base/backup.sh");
    const before = (await tab.labels()).length;
    assert.equal(await press("ArrowLeft"), "/cron/base/backup.sh");
    assert.equal((await tab.labels()).length, before - 2);
    assert.equal(await tab.row("/cron/base/backup.sh").getAttribute("aria-expanded"), "false");
    assert.equal(await press("ArrowDown"), "/cron/base/certbot");
    assert.equal(await press("ArrowUp", "ArrowRight"), "/cron/base/backup.sh");
    assert.equal((await tab.labels()).length, before);
    assert.equal(await press("ArrowRight"), "/cron/base/backup.sh/base");
    assert.equal(await press("End"), "/unknown");
    assert.equal(await press("Home"), "/base");
    assert.equal(await press("PageDown", "PageUp"), "/base");
    // The grid is left and entered by one Tab, where it was left.
    assert.equal(await tab.page.locator('#rows [tabindex="0"]').count(), 1);
    assert.equal(await press("ArrowDown", "Tab"), "pause");
    assert.equal(await press("Shift+Tab"), "/cron");
    assert.equal(await tab.page.locator("#rows a:not([tabindex='-1'])").count(), 0);
    await tab.page.click("#collapse");
    assert.equal((await tab.labels()).length, 9);
    await tab.page.click("#expand");
    assert.equal((await tab.labels()).length, before);
    await tab.page.click('.row[data-path="/cron"] .fold');
    assert.equal((await tab.labels()).length, before - 8);
  });
});

Deno.test(
  { name: "browser: without JavaScript it shows the same, and filters and sorts by its address", ignore },
  async () => {
    await withPage(async (tab, server) => {
      assert.equal((await tab.labels()).length, 47);
      assert.deepEqual((await tab.cells(PSTREE)).slice(0, 3), ["pstree", "", "1,204"]);
      assert.equal(await tab.page.innerText("#state"), "as of the last load");
      await tab.page.click("#strip a[data-kind=random]");
      await tab.page.waitForURL(`${server.url}/?kind=random`);
      assert.deepEqual(await tab.labels(), ["php-fpm8.2", "base", "*"]);
      await tab.page.fill("#filter", "php");
      await tab.page.press("#filter", "Enter");
      await tab.page.waitForURL(`${server.url}/?kind=random&q=php`);
      await tab.page.click("#strip a[data-kind='']");
      await tab.page.click('#head a:text-is("Launches")');
      await tab.page.waitForURL(`${server.url}/?q=php&sort=launches`);
      assert.deepEqual((await tab.labels()).slice(0, 3), ["base", "convert", "base"]);
      await tab.row("/php-fpm8.2/base").locator("a").click();
      assert.ok(await tab.page.locator("#opened .copies code").first().isVisible());
      assert.equal(await tab.page.locator("button:visible").count(), 0, "nothing that would do nothing");
      assert.equal(server.feed.subscribers, 0);
    }, { javaScriptEnabled: false });
  },
);

Deno.test(
  { name: "browser: nothing that axe-core complains of, light and dark, wide and narrow", ignore },
  async () => {
    await using server = new PageServer();
    await using browser = await Chromium.start();
    const ids = plant(server.watcher, Date.now() / 1000);
    server.registry.expect({ verdict: (path) => ({ expected: !path.startsWith("/random/"), reason: "" }) });
    server.watcher.stats[Stat.LostExecs] = 7;
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1280, 360]) {
        const tab = await browser.open(server.url, { colorScheme, viewport: { width, height: 740 } });
        await tab.live();
        happen(server.watcher, ids, Date.now() / 1000);
        await tab.page.waitForSelector("#feed li.failed");
        await tab.page.waitForSelector("#health strong");
        assert.deepEqual(await tab.accessibilityProblems(), [], `${colorScheme}, ${width} pixels`);
        assert.deepEqual(await tab.smallTargets(24), [], `${colorScheme}, ${width} pixels`);
        tab.assertNoComplaint();
        await tab.close();
      }
    }
  },
);

Deno.test({ name: "browser: dark, and 360 pixels wide without scrolling sideways", ignore }, async () => {
  const luminance =
    "(c => c[0] + c[1] + c[2])(getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number))";
  for (const colorScheme of ["light", "dark"] as const) {
    await withPage(async (tab, server) => {
      server.watcher.add(`/sshd/${"long-name-".repeat(6)}/x`, busyRow(1, 0, 1));
      await tab.live();
      await tab.page.waitForSelector('.row[data-path$="/x"]');
      assert.equal(await tab.page.evaluate("document.documentElement.scrollWidth"), 360);
      const light = Number(await tab.page.evaluate(luminance));
      assert.ok(colorScheme === "dark" ? light < 150 : light > 650, `${colorScheme}: ${light}`);
    }, { colorScheme, viewport: { width: 360, height: 740 } });
  }
});

Deno.test({ name: "browser: a name has room beside its badges, however wide the page is", ignore }, async () => {
  for (const width of [360, 800, 1000]) {
    await withPage(async (tab, server, ids) => {
      server.registry.expect({ verdict: (path) => ({ expected: !path.startsWith("/random/"), reason: "" }) });
      runDropper(server.watcher, ids, Date.now() / 1000);
      await tab.live();
      await tab.page.click("#strip a[data-kind=deleted]");
      await tab.row(DROPPER).locator("em.unexpected").waitFor();
      assert.ok(await isNameSeen(tab, DROPPER), `${width} pixels`);
      assert.equal(await tab.page.evaluate("document.documentElement.scrollWidth"), width);
    }, { viewport: { width, height: 900 } });
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
      assert.equal(await tab.page.locator("#rows img, #rows script, #feed img, svg[onload]").count(), 0);
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
      assert.match(await tab.page.innerText("#state"), /^no connection: as of \d\d:\d\d:\d\d$/);
      server.watcher.remove(ids.get("/nginx")!);
      server.watcher.add("/later", busyRow(1, 1, 1));
      await tab.live();
      await tab.row("/later").waitFor();
      assert.equal(await tab.row("/nginx").count(), 0);
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
  assert.match(await tab.page.innerText("#health"), /^not ready: the start-up scan/);
  plant(server.watcher, Date.now() / 1000);
  server.notReady = undefined;
  await tab.row(PSTREE).waitFor();
  assert.equal(await tab.page.locator("#health strong").count(), 0);
  assert.equal(await tab.page.isVisible("#none"), false);
  tab.assertNoComplaint();
});
