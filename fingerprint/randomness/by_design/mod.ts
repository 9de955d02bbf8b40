/**
 * Folders and files that carry a hash or a number by design, each anchored to where its tool puts it: they collapse
 * without being random. Elsewhere, in `/tmp` say, the same names are what they look like. One row for each form, with the
 * source that says where it lies; docs/randomness.md lists them (`deno task docs`).
 *
 * @module
 */

import { AGENTS } from "./agents.ts";
import { BUILDERS } from "./builders.ts";
import { IN_CONTAINERS } from "./containers.ts";
import { EDITORS } from "./editors.ts";
import { KERNEL } from "./kernel.ts";
import { PYTHON } from "./python.ts";
import type { ByDesign } from "./row.ts";
import { SCRIPTS } from "./scripts.ts";
import { STORES } from "./systems.ts";
import { OUTPUTS } from "./outputs.ts";

export type { ByDesign } from "./row.ts";

/** All rows. */
export const BY_DESIGN: readonly ByDesign[] = [
  ...STORES,
  ...KERNEL,
  ...IN_CONTAINERS,
  ...AGENTS,
  ...EDITORS,
  ...PYTHON,
  ...SCRIPTS,
  ...BUILDERS,
  ...OUTPUTS,
];
