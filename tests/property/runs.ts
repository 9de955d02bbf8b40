/**
 * How often a property is tried. Chance begins anew each time: many short runs find what a long one finds. PROPERTY_FACTOR
 * multiplies the numbers in the tests; 1 is as often as they say, and CI's weekly run takes more.
 */
const DEFAULT_FACTOR = 1 / 4;

/** So few tries are always made: they aren't what takes time. */
const LEAST = 60;

const factor = Number(Deno.env.get("PROPERTY_FACTOR") ?? DEFAULT_FACTOR);
if (!(factor > 0)) throw new Error("PROPERTY_FACTOR must be a number above 0");

/** The tries for a property that is tried `count` times in a thorough run. */
export function runs(count: number): number {
  return Math.max(Math.min(count, LEAST), Math.ceil(count * factor));
}
