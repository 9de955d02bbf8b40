import assert from "node:assert/strict";
import { launchesAt, pulseView, sparkline, totalOf } from "../../../../../../metrics/http/page/browser/sparkline.ts";
import { elementsOf, textOf } from "./views.ts";

const full = (...newest: number[]) => [...new Array<number>(60 - newest.length).fill(0), ...newest];

Deno.test("the last ten minutes go on: what was counted until another time moves to the left", () => {
  const launches = full(4, 2);
  assert.deepEqual(launchesAt(launches, 1010, 1000), launches);
  assert.deepEqual(launchesAt(launches, 1010, 1009.9), launches);
  assert.deepEqual(launchesAt(launches, 1010, 1010), full(4, 2, 0));
  assert.deepEqual(launchesAt(launches, 1010, 1035), full(4, 2, 0, 0, 0));
  assert.deepEqual(launchesAt(launches, 1010, 9999), full());
  assert.deepEqual(launchesAt(launches, 1010, 900), launches); // a reader's clock that is late
  assert.deepEqual(launchesAt([], 1010, 1000), []);
  assert.deepEqual(launchesAt(launches, null, 1000), []);
});

Deno.test("a plot has its number in words; where nothing was launched there is none", () => {
  const plot = sparkline(full(1, 2.5, 2.5))!;
  assert.equal(plot.attributes["aria-label"], "6 launches in ten minutes");
  assert.equal(elementsOf(plot, "path")[0]!.attributes.d, "M57 16v-6.5h1v6.5zM58 16v-16h1v16zM59 16v-16h1v16z");
  assert.equal(sparkline(full()), undefined);
  assert.equal(sparkline([]), undefined);
  assert.equal(totalOf([0.4, 0.4]), 1);
});

Deno.test("the machine's launches a second are those of the last whole minute", () => {
  const text = (launches: readonly number[], until: number | null = 1010) =>
    textOf(pulseView({ launches, until }, 1005));
  assert.equal(text(full(9999, 60, 60, 60, 60, 60, 60, 7)), "6.0 a second");
  assert.equal(text(full(6000, 0)), "100 a second");
  assert.equal(text(full()), "0.0 a second");
  assert.equal(text([], null), "");
});
