/**
 * Checks of data against `docs/api.schema.json`.
 *
 * @module
 */

import { Ajv2020 } from "ajv/dist/2020.js";
import assert from "node:assert/strict";

const SCHEMA = JSON.parse(await Deno.readTextFile(new URL("../../../docs/api.schema.json", import.meta.url)));
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addSchema(SCHEMA, "api");

/** Checks data against a definition of it. */
export function assertSchema(name: string, data: unknown): void {
  const isValid = ajv.validate(`api#/$defs/${name}`, data);
  assert.ok(isValid, `${name}: ${ajv.errorsText()}`);
}
