/**
 * Whose launches are shown, and where: `--user`, `--unit`, `--container`.
 *
 * @module
 */

import { PatternError, PatternSet } from "../../fingerprint/mod.ts";
import { type ContextOptions, shown, UsageError } from "../command_line/mod.ts";
import type { ContextJson } from "../registry/mod.ts";

/** Tells whether what has a context is shown. */
export type ContextFilter = (context: Partial<ContextJson>) => boolean;

/** Asks for what is in no unit, or no container, or of which nobody knows. */
const NONE = "none";

/** Types of units (systemd.unit(5)) that are groups of processes: a name that ends with none of them is a service's, as for systemctl(1). */
const TYPED = /\.(?:service|scope|socket|mount|swap)$/;

/** Tells whether a text is wanted, and with `none` null; undefined where everything is. */
function matcherOf(flag: string, globs: readonly string[]): ((text: string | null) => boolean) | undefined {
  if (globs.length === 0) return undefined;
  try {
    // A pattern of trees: a user's unit has two labels, as in user@1000.service/mail.service.
    const patterns = new PatternSet(globs.map((glob) => `/${glob}`)), hasNone = globs.includes(NONE);
    return (text) => text === null ? hasNone : patterns.matches(`/${text}`);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const glob = globs[error.index]!;
    throw new UsageError(glob, `Cannot use ${shown(glob)} for --${flag}: it begins or ends with /, or has // in it`);
  }
}

/** The filter that options say; undefined where they say none. Of several values of a flag one must match. Throws a `UsageError`. */
export function contextFilterOf({ users, units, containers }: ContextOptions): ContextFilter | undefined {
  const services = units.filter((unit) => !TYPED.test(unit)).map((unit) => `${unit}.service`);
  const isUser = matcherOf("user", users), isUnit = matcherOf("unit", [...units, ...services]);
  const isContainer = matcherOf("container", containers);
  if (isUser === undefined && isUnit === undefined && isContainer === undefined) return undefined;
  return ({ uid = null, user = null, unit = null, container = null, container_name: name }) =>
    (isUser === undefined || isUser(user) || uid !== null && isUser(String(uid))) && (isUnit?.(unit) ?? true) &&
    (isContainer === undefined || isContainer(container) || name !== undefined && isContainer(name));
}
