import assert from "node:assert/strict";
import { takeVerdicts, Verdict, VERDICT_BYTES, writeVerdict } from "../../../../fingerprint/verification/mod.ts";

Deno.test("answers arrive once and in their order; where there is no room, it is said", () => {
  const words = new Int32Array(new SharedArrayBuffer(VERDICT_BYTES)), taken: [number, number][] = [];
  const take = () => takeVerdicts(words, (key, verdict) => taken.push([key, verdict]));
  let written = 0;
  while (writeVerdict(words, written, Verdict.Modified)) written++;
  assert.equal(written, 1024);
  take();
  assert.equal(taken.length, written);
  assert.deepEqual(taken.at(-1), [written - 1, Verdict.Modified]);
  assert.ok(writeVerdict(words, 7, Verdict.Unchanged));
  take();
  take();
  assert.deepEqual(taken.slice(written), [[7, Verdict.Unchanged]]);
});
