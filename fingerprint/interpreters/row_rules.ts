/**
 * A row of the tables, made ready to be asked.
 *
 * @module
 */
import type { Before, Command, Effect, Interpreter } from "./grammar.ts";

/** A row with its lists made into look-ups. */
export interface Rules {
  readonly letters: ReadonlyMap<string, Effect> | undefined;
  readonly words: ReadonlyMap<string, Effect>;
  readonly commands: ReadonlyMap<string, Command>;
  readonly before: ReadonlyMap<string, Before>;
  /** Whether there are words whose value stands behind `:`. */
  readonly hasColons: boolean;
  readonly settings: ReadonlySet<string>;
}

const rulesOf = new Map<Interpreter, Rules>();

/** The look-ups of a row: made once, when it is first asked. */
export function rulesFor(interpreter: Interpreter): Rules {
  let rules = rulesOf.get(interpreter);
  if (rules === undefined) {
    const words = invert<Effect>(interpreter.words ?? {}, " ");
    rules = {
      letters: interpreter.letters && invert<Effect>(interpreter.letters, ""),
      words,
      hasColons: [...words.keys()].some((word) => word.endsWith(":")),
      commands: invert<Command>(interpreter.commands ?? {}, " "),
      before: invert<Before>(interpreter.before ?? {}, " "),
      settings: new Set(interpreter.settings?.split(" ")),
    };
    rulesOf.set(interpreter, rules);
  }
  return rules;
}

/** `{ value: "WX" }` → `W` → value, `X` → value. */
function invert<T extends string>(lists: { readonly [meaning in T]?: string }, separator: string): Map<string, T> {
  const map = new Map<string, T>();
  for (const meaning of Object.keys(lists) as T[]) {
    for (const name of lists[meaning]!.split(separator)) map.set(name, meaning);
  }
  return map;
}

/** No shorter word is taken for one that was cut short: those are listed. */
const MIN_ABBREVIATION = 4;

/** What an option means that was written in another case, with two hyphens, or cut short. */
export function abbreviated(words: ReadonlyMap<string, Effect>, name: string): Effect | undefined {
  const wanted = name.toLowerCase().replace(/^--/, "-"), exact = words.get(wanted);
  if (exact !== undefined || wanted.length < MIN_ABBREVIATION) return exact;
  for (const [word, effect] of words) if (word.startsWith(wanted)) return effect;
  return undefined;
}
