import assert from "node:assert/strict";
import { BaseWatch } from "../../../../fingerprint/base/watch.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { MapFiles } from "../map_files.ts";

const packageOf = (name: string) => `Package: ${name}\nStatus: install ok installed\nPriority: required\n\n`;

function scene() {
  const files = new MapFiles({
    "/var/lib/dpkg/status": packageOf("first"),
    "/var/lib/dpkg/info/first.list": "/usr/bin/first\n",
    "/var/lib/dpkg/info/second.list": "/usr/bin/second\n",
  });
  const labeller = new Labeller(BasePaths.load(files));
  const relabels: number[] = [];
  const watch = new BaseWatch(files, labeller, () => relabels.push(labeller.base.size));
  return { files, labeller, relabels, watch };
}

Deno.test("a changed database is read in steps, and its labels are taken when it is read", () => {
  const { files, labeller, relabels, watch } = scene();
  const label = () => labeller.executable("/usr/bin/second").label;
  watch.check(1e9);
  assert.equal(watch.isReading, false);
  files.set("/var/lib/dpkg/status", packageOf("first") + packageOf("second"));
  watch.check(1.5e9);
  assert.equal(watch.isReading, false); // not so soon after the last look
  watch.check(2e9);
  assert.equal(watch.isReading, true);
  assert.equal(label(), "second");
  let steps = 0, nowNs = 2e9;
  const now = () => nowNs += 1e6;
  for (; watch.isReading; steps++) watch.step(now, nowNs); // the time is up at once: one step each
  assert.ok(steps > 2, `${steps} steps`);
  assert.equal(label(), "base");
  assert.deepEqual([relabels, watch.refreshes], [[2], 1]);
  watch.check(nowNs + 60e9);
  assert.equal(watch.isReading, false);
});

Deno.test("a database that changes all the time takes a small share of the time", () => {
  const { files, watch } = scene();
  let nowNs = 0, costNs = 0;
  const now = () => {
    costNs += 1e6;
    return nowNs += 1e6;
  };
  for (let second = 1; second <= 600; second++) {
    nowNs = second * 1e9;
    files.set("/var/lib/dpkg/status", packageOf("first"));
    watch.check(nowNs);
    while (watch.isReading) watch.step(now, nowNs + 5e6);
  }
  assert.ok(watch.refreshes > 10, `${watch.refreshes} refreshes`);
  assert.ok(costNs < 600e9 / 50, `${costNs / 1e9} s of 600`);
});

Deno.test("overrides count at once, and still after the database was read", () => {
  const { files, labeller, relabels, watch } = scene();
  watch.check(1e9);
  files.set("/var/lib/dpkg/status", packageOf("first") + packageOf("second"));
  watch.check(2e9);
  watch.override({ adds: () => false, removes: (path) => path === "/usr/bin/second" });
  assert.equal(relabels.length, 1);
  watch.step(() => 2e9, Infinity);
  assert.deepEqual(["first", "second"].map((name) => labeller.executable(`/usr/bin/${name}`).label), [
    "base",
    "second",
  ]);
  assert.equal(labeller.base.size, 2);
});

Deno.test("a script's label follows too", () => {
  const { files, labeller, watch } = scene();
  files.set("/var/lib/dpkg/info/first.list", "/usr/bin/first\n/usr/bin/dash\n");
  watch.read();
  watch.step(() => 0, Infinity);
  const shell = labeller.executable("/usr/bin/dash");
  const label = () => labeller.program(shell, ["sh", "/usr/bin/second"], () => undefined).label;
  assert.equal(label(), "second");
  files.set("/var/lib/dpkg/status", packageOf("first") + packageOf("second"));
  watch.check(2e9);
  watch.step(() => 0, Infinity);
  assert.equal(label(), "base");
});
