import assert from "node:assert/strict";
import fc from "fast-check";
import { bundleRecord, dockerRecord, storageRecord } from "../../fingerprint/containers/records.ts";
import { runs } from "./runs.ts";

const ID = "e".repeat(64);

/** Values at the places that are read, of any form. */
const TEXTS = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("web", "/web", "a/b:1", "{}"), fc.jsonValue());
const RECORDS = fc.oneof(
  fc.jsonValue(),
  fc.record({
    Name: TEXTS,
    Config: fc.oneof(TEXTS, fc.record({ Image: TEXTS, Labels: fc.dictionary(TEXTS.map(String), TEXTS) })),
  }),
  fc.record({
    annotations: fc.dictionary(
      fc.constantFrom("nerdctl/name", "io.kubernetes.cri.image-name", "io.kubernetes.pod.name", "__proto__"),
      TEXTS,
    ),
  }),
  fc.array(fc.oneof(TEXTS, fc.record({ id: fc.constantFrom(ID, "x"), names: fc.array(TEXTS), metadata: TEXTS }))),
);

Deno.test("any record gives short names without anything to escape, or none", () => {
  fc.assert(
    fc.property(RECORDS, fc.nat(), (record, cut) => {
      const text = JSON.stringify(record);
      for (const read of [dockerRecord, bundleRecord, storageRecord]) {
        for (const part of [text, text.slice(0, cut % (text.length + 1))]) {
          for (const [field, name] of Object.entries(read(part, ID) ?? {})) {
            assert.ok(["name", "image", "pod", "namespace"].includes(field));
            assert.match(name, /^[A-Za-z0-9][A-Za-z0-9_.:/@+-]{0,511}$/);
          }
        }
      }
    }),
    { numRuns: runs(400) },
  );
});
