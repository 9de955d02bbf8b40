import assert from "node:assert/strict";
import { billOfMaterials, type Library } from "../../../scripts/sbom.ts";

const BUILD = { version: "1.2.3", revision: "0123", commitTime: 1_700_000_000 };
const LIBRARIES: readonly Library[] = [
  {
    name: "@a/b",
    version: "1.0.0",
    dependencies: ["c@2.0.0"],
    integrity: `sha512-${btoa("\x00\xff")}`,
    licence: "MIT",
  },
  { name: "c", version: "2.0.0", dependencies: [], integrity: `sha512-${btoa("x")}`, licence: "ISC" },
];

Deno.test("a bill names each package by its purl, with the hash of the lock file, and what uses what", async () => {
  const bill = await billOfMaterials(BUILD, LIBRARIES, "2.6.8");
  assert.equal(bill.metadata.timestamp, "2023-11-14T22:13:20.000Z");
  assert.deepEqual(bill.components.map(({ purl }) => purl), [
    "pkg:github/denoland/deno@v2.6.8",
    "pkg:npm/%40a/b@1.0.0",
    "pkg:npm/c@2.0.0",
  ]);
  assert.deepEqual(bill.components.map((component) => "hashes" in component ? component.hashes[0]!.content : ""), [
    "",
    "00ff",
    "78",
  ]);
  assert.deepEqual(bill.dependencies[1], { ref: "pkg:npm/%40a/b@1.0.0", dependsOn: ["pkg:npm/c@2.0.0"] });
});

Deno.test("two builds of a commit have the same bill, two commits have not", async () => {
  const first = await billOfMaterials(BUILD, LIBRARIES, "2.6.8");
  assert.deepEqual(await billOfMaterials(BUILD, LIBRARIES, "2.6.8"), first);
  const other = await billOfMaterials({ ...BUILD, revision: "4567" }, LIBRARIES, "2.6.8");
  assert.notEqual(other.serialNumber, first.serialNumber);
  assert.match(first.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
