/**
 * What the benchmark measures, from its command line.
 *
 * @module
 */

import { FROM_SOURCE } from "../../tests/live/exporter.ts";

/** The ways to see launches, by the flag that tells them apart; each is an exporter of its own. */
export const WAYS = {
  "capture=bpf": ["--source=connector", "--capture=bpf"],
  "capture=proc": ["--source=connector", "--capture=proc"],
  "source=bpf": ["--source=bpf"],
} as const satisfies Record<string, readonly string[]>;
export type Way = keyof typeof WAYS;
const ALL_WAYS = Object.keys(WAYS) as readonly Way[];

export interface Options {
  /** Launches of a round. */
  readonly launches: number;
  /** Warm rounds at each rate. */
  readonly rounds: number;
  /** Launches right after a start that are measured, while V8 still compiles; and starts at each rate. 0 of either: none. */
  readonly cold: number;
  readonly coldRounds: number;
  /** Launches before the first warm round: the exporter's code is compiled while it runs. Their cost is printed too. */
  readonly warmUp: number;
  /** Launches per second; 0 is as fast as it goes. */
  readonly rates: readonly number[];
  readonly ways: readonly Way[];
  /** Command that runs the exporter. */
  readonly command: readonly string[];
  readonly floorSource: string;
  /** Whether scrapes and starts are measured too. */
  readonly isWhole: boolean;
  readonly json: boolean;
}

const USAGE = "want --launches=N --rounds=N --cold=N --cold-rounds=N --warm-up=N --rates=N,… " +
  `--ways=${ALL_WAYS} --exporter=FILE --floor=FILE.c --launches-only --json`;

/** An argument that can't be read; the message says what was wanted. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the arguments. Throws {@link UsageError}. */
export function parseOptions(args: readonly string[]): Options {
  const options = {
    launches: 5000,
    rounds: 7,
    cold: 3000,
    coldRounds: 3,
    warmUp: 60_000,
    rates: [1000, 0],
    ways: ALL_WAYS,
    command: FROM_SOURCE,
    floorSource: `${import.meta.dirname}/floor.c`,
    isWhole: true,
    json: false,
  };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2), count = /^\d+$/.test(value) ? Number(value) : -1;
    if (name === "--launches" && count > 0) options.launches = count;
    else if (name === "--rounds" && count >= 0) options.rounds = count;
    else if (name === "--cold" && count >= 0) options.cold = count;
    else if (name === "--cold-rounds" && count >= 0) options.coldRounds = count;
    else if (name === "--warm-up" && count >= 0) options.warmUp = count;
    else if (name === "--rates" && /^\d+(,\d+)*$/.test(value)) options.rates = value.split(",").map(Number);
    else if (name === "--ways" && value.split(",").every((way) => way in WAYS)) {
      options.ways = value.split(",") as Way[];
    } else if (name === "--exporter" && value !== "") options.command = [value];
    else if (name === "--floor" && value !== "") options.floorSource = value;
    else if (arg === "--launches-only") options.isWhole = false;
    else if (arg === "--json") options.json = true;
    else throw new UsageError(`Cannot read ${arg}: ${USAGE}`);
  }
  return options;
}
