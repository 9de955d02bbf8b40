import assert from "node:assert/strict";
import { unpackModel } from "../../../../fingerprint/randomness/codec.ts";
import { Candidates, FEATURES } from "../../../../fingerprint/randomness/features.ts";
import { MODEL } from "../../../../fingerprint/randomness/model.ts";
import { Network, PARAMETERS } from "../../../../fingerprint/randomness/network.ts";
import { forward, layersOf } from "../../../../scripts/randomness/network.ts";

const SAMPLE = new URL("../../../fixtures/randomness", import.meta.url).pathname;
const CORPORA = new URL("../../../../../shared/corpora", import.meta.url).pathname;

/** Log odds may differ by this much, since the reference rounds its sums to 32 bits. */
const ROUNDING = 1e-4;

const { weights, network, thresholds } = unpackModel(Uint8Array.from(atob(MODEL), (char) => char.charCodeAt(0)));

for (const [title, folder] of [["a sample of the corpora", SAMPLE], ["the whole corpora", CORPORA]] as const) {
  const ignore = !await Deno.stat(`${folder}/random.txt`).then(() => true, () => false);

  Deno.test({ name: `the fast network says what the plain one says, on ${title}`, ignore }, async () => {
    const reference = layersOf(network.parameters), candidates = new Candidates();
    let judged = 0;
    for (const file of ["names.txt", "random.txt"]) {
      for (const line of (await Deno.readTextFile(`${folder}/${file}`)).split("\n")) {
        const name = line.slice(line.indexOf("\t") + 1);
        candidates.find(name, weights);
        for (let i = 0; i < candidates.count; i++) {
          const row = candidates.describe(i);
          const odds = network.judge(row), want = forward(reference, row, 0);
          assert.ok(Math.abs(odds - want) < ROUNDING, `${name}: ${odds}, not ${want}`);
          for (const threshold of Object.values(thresholds)) {
            assert.equal(odds >= threshold, want >= threshold, `${name}: ${odds} and ${want}`);
          }
          judged++;
        }
      }
    }
    assert.ok(judged > 3000, `${judged} candidates`);
  });
}

Deno.test("a network of other numbers, and rows of zeros, of negative numbers and without zeros", () => {
  const parameters = Float32Array.from({ length: PARAMETERS }, (_, i) => Math.sin(i * i + 1));
  const reference = layersOf(parameters), fast = new Network(parameters);
  const rows = [() => 0, () => -1, (i: number) => i - 20, (i: number) => i % 3 === 0 ? 0.5 : 0];
  for (const row of [...rows, rows[0]!].map((value) => Float32Array.from({ length: FEATURES }, (_, i) => value(i)))) {
    const odds = fast.judge(row), want = forward(reference, row, 0);
    assert.ok(Math.abs(odds - want) < ROUNDING * Math.max(1, Math.abs(want)), `${odds}, not ${want}`);
  }
});
