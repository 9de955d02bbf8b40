/** How rare a launch is, measured by hand and in a registry. */

import assert from "node:assert/strict";
import { Column } from "../../../../fingerprint/mod.ts";
import { Rarity, type Step } from "../../../../metrics/registry/rarity.ts";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { RARITY } from "../../../../metrics/registry/shown_row.ts";
import { pathAbove } from "../../../../metrics/tree_path/mod.ts";
import { FakeWatcher, row } from "../fake_watcher.ts";

const HOUR = 3600, WEEK = 168 * HOUR;

const near = (is: number, want: number, what = "") =>
  assert.ok(Math.abs(is - want) < 1e-9, `${what} ${is}, not ${want}`);

/** A parent with its launches, and those of its children. */
function family(rarity: Rarity, own: number, launches: readonly number[]): Step[] {
  rarity.count(rarity.add("/p", ""), own);
  return launches.map((count, i) => {
    const step = rarity.add(`/p/${i}`, "/p");
    rarity.count(step, count);
    return step;
  });
}

/** Lets time pass by reports an hour apart. */
function wait(rarity: Rarity, from: number, seconds: number): void {
  for (let at = 0; at <= seconds; at += HOUR) rarity.begin(from + at);
}

Deno.test("−log₂ of (launches + ½) / (chances + ½ · (children + 2))", () => {
  const rarity = new Rarity();
  rarity.begin(0);
  const [often, once] = family(rarity, 10, [88, 1]);
  near(rarity.bits(often!), Math.log2((88 + 1 + 10 + 2) / 88.5));
  near(rarity.bits(once!), Math.log2((88 + 1 + 10 + 2) / 1.5));
});

Deno.test("the probabilities of all children, of nothing and of what is new add up to 1", () => {
  for (const [own, launches, hours] of [[0, [1], 0], [3, [1, 1, 7], 0], [500, [1000, 1, 20, 3], 400]] as const) {
    const rarity = new Rarity();
    rarity.begin(0);
    const steps = family(rarity, own, launches);
    wait(rarity, 0, hours * HOUR);
    const known = steps.reduce((sum, step) => sum + 2 ** -rarity.bits(step), 0);
    assert.ok(known > 0 && known < 1, `${known}`);
    // What is missing is worth ½ for what is new, and ½ and the chances that brought nothing.
    const half = 2 ** (-hours / 168), nothing = own * half + 168 / Math.LN2 * (1 - half);
    const all = launches.reduce((sum, count) => sum + count * half, 0) + nothing + (launches.length + 2) / 2;
    near(1 - known, (nothing + 1) / all);
  }
});

Deno.test("hours in which a parent launches nothing make its first child rare", () => {
  const young = new Rarity(), old = new Rarity();
  young.begin(0);
  const early = family(young, 1, [1])[0]!;
  old.begin(0);
  old.count(old.add("/p", ""), 1);
  wait(old, 0, 240 * HOUR);
  const late = old.add("/p/sh", "/p");
  old.count(late, 1);
  assert.ok(young.bits(early) < 2, `${young.bits(early)}`);
  assert.ok(old.bits(late) > 6, `${old.bits(late)}`);
});

Deno.test("what was a week ago counts half, however old the exporter is", () => {
  const rarity = new Rarity();
  wait(rarity, 0, 60 * WEEK);
  const [before, other] = family(rarity, 0, [64, 64]);
  wait(rarity, 60 * WEEK, WEEK);
  rarity.count(other!, 64);
  // 32 and 96, and the hours of a week.
  near(rarity.bits(before!) - rarity.bits(other!), Math.log2(96.5 / 32.5));
});

Deno.test("a clock that is set, forwards by fifty years or back, makes nothing rare", () => {
  const rarity = new Rarity();
  rarity.begin(0);
  const [step] = family(rarity, 100, [100]), before = rarity.bits(step!);
  for (const now of [50 * 365 * 24 * HOUR, 0, 50 * 365 * 24 * HOUR, 0, NaN, 1]) rarity.begin(now);
  assert.ok(Math.abs(rarity.bits(step!) - before) < 0.1, `${before} → ${rarity.bits(step!)}`);
});

Deno.test("a tree that left counts no more, and its parent is forgotten with its last child", () => {
  const rarity = new Rarity();
  rarity.begin(0);
  const [a, b] = family(rarity, 0, [1, 1e9]);
  rarity.remove(b!);
  near(rarity.bits(a!), Math.log2((1 + 0 + 1.5) / 1.5));
  const again = rarity.add("/p/1", "/p");
  rarity.count(again, 1);
  near(rarity.bits(again), Math.log2((2 + 0 + 2) / 1.5));
});

Deno.test("a machine-made name stands below the tree that launched it", () => {
  for (
    const [path, isOwn, want] of [
      ["/sshd", false, ""],
      ["/sshd/base", false, "/sshd"],
      ["/random/x*", true, ""],
      ["/random/cron/x*", true, "/cron"],
      ["/random/cron/x*/base", false, "/random/cron/x*"],
      ["/random/cron/x*/y*", true, "/cron/x*"],
    ] as const
  ) assert.equal(pathAbove(path, isOwn), want, path);
});

Deno.test("a registry has the rarity of each tree, and writes no tree again of which it hardly changed", async () => {
  const watcher = new FakeWatcher();
  let now = 1_800_000_000;
  const registry = new Registry({}, 0, { now: () => now });
  const apply = async () => registry.apply(await watcher.collect());
  const bits = (path: string) => registry.rows[registry.find(path)!.at + RARITY]!;
  watcher.add("/cron", row({ Launches: 1 }));
  const base = watcher.add("/cron/base", row({ Launches: 1000 })), once = watcher.add("/cron/nc", row({ Launches: 1 }));
  await apply();
  assert.equal(bits("/cron/base"), 0);
  assert.equal(bits("/cron/nc"), Math.round(10 * Math.log2(1004 / 1.5)) / 10);
  const generation = registry.generation;
  now += 3600;
  watcher.set(base, row({ Launches: 1010 }));
  await apply();
  assert.equal(registry.find("/cron/nc")!.changed, generation, "one launch in a hundred is less than a tenth of a bit");
  assert.equal(registry.find("/cron/base")!.changed, registry.generation);
  now += 10;
  watcher.set(base, row({ Launches: 4000 }));
  await apply();
  assert.equal(registry.find("/cron/nc")!.changed, generation, "it is looked at once a minute");
  now += 60;
  await apply();
  assert.ok(bits("/cron/nc") > 11, `${bits("/cron/nc")}`);
  assert.equal(registry.find("/cron/nc")!.changed, registry.generation);
  watcher.set(once, row({ Launches: 4000 }));
  await apply();
  assert.ok(bits("/cron/nc") < 1.5, "a launch tells at once");
  watcher.remove(base);
  await apply();
  watcher.add("/cron/base", row({ Launches: 1 }));
  await apply();
  assert.ok(bits("/cron/base") > 11, "a tree that came again is known by what it has now");
});

Deno.test("the rarity of a row is that of its tree after trees left and rows moved", async () => {
  const watcher = new FakeWatcher(), registry = new Registry({}, 0, { now: () => 1000 });
  const ids = Array.from({ length: 2000 }, (_, i) => watcher.add(`/n${i}`, row({ Launches: 1 })));
  const busy = watcher.add("/zz", row({ Launches: 1_000_000 }));
  registry.apply(await watcher.collect());
  for (const id of ids) watcher.remove(id);
  registry.apply(await watcher.collect());
  assert.equal(registry.trees.length, 1);
  assert.equal(registry.rows[registry.trees[0]!.at + Column.Launches], 1_000_000);
  watcher.set(busy, row({ Launches: 1_000_001 }));
  registry.apply(await watcher.collect());
  assert.equal(registry.rows[registry.trees[0]!.at + RARITY], 0);
});
