/**
 * The techniques of tests/live/evasion that begin while an exporter watches: those that were there before it launch nothing.
 *
 * @module
 */

import type { Technique } from "../../../tests/live/evasion/technique.ts";
import { CONTEXTS } from "../../../tests/live/evasion/techniques/contexts.ts";
import { FILES } from "../../../tests/live/evasion/techniques/files.ts";
import { INTERPRETERS } from "../../../tests/live/evasion/techniques/interpreters.ts";
import { NAMES } from "../../../tests/live/evasion/techniques/names.ts";
import { NAMESPACES } from "../../../tests/live/evasion/techniques/namespaces.ts";
import { PROCESSES } from "../../../tests/live/evasion/techniques/processes.ts";

export function evasions(): readonly Technique[] {
  return [...FILES, ...NAMES, ...PROCESSES, ...NAMESPACES, ...INTERPRETERS, ...CONTEXTS]
    .filter(({ isStanding }) => !isStanding);
}
