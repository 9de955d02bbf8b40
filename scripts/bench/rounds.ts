/**
 * What a round of the benchmark measured, and the summary of several.
 *
 * @module
 */

/** Least, median and greatest of some figures. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Summarizes figures, of which there is at least one. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** One round of one program: its figures by their names, each a number of its own unit. */
export type Round = Readonly<Record<string, number>>;

/** The figures of several rounds, by name; one that a round lacks is left out of that round. */
export function spreads(rounds: readonly Round[]): Record<string, Spread> {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries(
    [...names].map((name) => [name, spread(rounds.map((round) => round[name]).filter((value) => value !== undefined))]),
  );
}

/** CPU time of a program by that of another, round by round: rounds of one number were measured after each other. */
export function ratios(rounds: readonly Round[], floor: readonly Round[]): Spread {
  return spread(rounds.map((round, i) => round[CPU]! / floor[i]![CPU]!));
}

/** Names of figures. */
export const CPU = "CPU µs per launch";
/** The BPF program's own time, which the launching process pays. */
export const LAUNCHING = "in the launching process, µs per launch";
export const LOST = "events lost";
export const ANONYMOUS = "RssAnon, MiB";
export const RESIDENT = "VmRSS, MiB";

export const MEBIBYTE = 1 << 20;

/** A number with as many digits as are worth reading. */
export function fixed(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** Tells on standard error how far it is. */
export function progress(text: string): void {
  console.error(text);
}
