/**
 * What a technique is, and what a launch of it was told as.
 *
 * @module
 */

/** What a launch may be flagged with; docs/flags.md has each. */
export type Flag =
  | "deleted"
  | "inline"
  | "memfd"
  | "modified"
  | "namesake"
  | "new"
  | "preload"
  | "setuid"
  | "socket"
  | "temp"
  | "unconfirmed"
  | "unparsed"
  | "loader"
  | "upper";

/** Ordinary on most machines: they inform, and no alert comes of them. */
const ORDINARY: readonly string[] = ["inline", "loader", "new", "temp"] satisfies Flag[];

/** Whether a flag alerts. */
export function isGrave(flag: string): boolean {
  return !ORDINARY.includes(flag);
}

/** Commands that are tried out below a marker script. */
export interface Trial {
  /** Words with hyphens, once in its table: the marker script's name, below which its launches are found. */
  readonly id: string;
  /** What is tried, in words. */
  readonly what: string;
  /** Commands of sh, run in a folder of its own. {@link Lab} says what they find in the environment. */
  readonly script: string;
  /** Runs as an ordinary user instead of root. */
  readonly asUser?: boolean;
  /** Programs that it needs beside those that every machine has; without them it is left out. */
  readonly needs?: readonly string[];
}

/**
 * A harmless way to run something that doesn't want to be seen as what it is. What is to be hidden says its process id on
 * descriptor 9.
 */
export interface Technique extends Trial {
  /** Where the idea is from: a technique of MITRE ATT&CK, or a collection. */
  readonly idea?: string;
  /** Labels that tell what ran: the own name, or one that says that it isn't known. */
  readonly honest: RegExp;
  /** Flags that its launches must have, whatever their name. */
  readonly flags?: readonly Flag[];
  /** Only the kernel's record tells it for sure; /proc is looked at now and then. */
  readonly byRecordOnly?: boolean;
  /** Flags that would be false. */
  readonly never?: readonly Flag[];
  /** The code has no file: an innocent name of what runs it is true, with the flag `inline`. */
  readonly isInline?: boolean;
  /** Nothing that is looked at can tell it; docs/limits.md says why, by this id. */
  readonly isInvisible?: boolean;
  /**
   * Changes right after its start what /proc says. The kernel's record was made before; by a look at /proc it may be too late, and
   * docs/limits.md says so, by this id.
   */
  readonly isQuick?: boolean;
  /** Waits for the end of its input, and was there before the exporter: the look at /proc at the start has to name it. */
  readonly isStanding?: boolean;
  /** The image that hides isn't the last of its process: any of them may be the one. */
  readonly isPassing?: boolean;
}

/** How the launches of a technique were told. */
export type Verdict =
  /** By a name that says what ran, or that nobody knows. */
  | "named"
  /** By an innocent name, with a flag that alerts. */
  | "flagged"
  /** By an innocent name that is true of the program, with `inline`: what it ran came without a file. */
  | "inline"
  /** By an innocent name that is true of the program, and what else ran in it can't be seen: docs/limits.md says why. */
  | "invisible"
  /** By the name that it took before it was looked at, where the kernel's records weren't to be had: docs/limits.md. */
  | "late"
  /** By the name of an innocent program, with no grave flag. */
  | "misleading"
  /** It didn't run. */
  | "failed";

/** One launch of what hides. */
export interface Sighting {
  readonly tree: string;
  readonly flags: readonly string[];
}

/** The last element of a tree. */
export function labelOf(tree: string): string {
  return tree.slice(tree.lastIndexOf("/") + 1);
}

const ORDER: readonly Verdict[] = ["named", "flagged", "inline", "invisible", "late", "misleading", "failed"];

function verdictOf(technique: Technique, { tree, flags }: Sighting, hasRecords: boolean): Verdict {
  if (technique.honest.test(labelOf(tree))) return "named";
  if (flags.some(isGrave)) return "flagged";
  if (technique.isInline && flags.includes("inline")) return "inline";
  if (technique.isQuick && !hasRecords) return "late";
  return technique.isInvisible ? "invisible" : "misleading";
}

/** The worst verdict of all launches. `hasRecords`: the kernel's own records, made at each exec, named them. */
export function judge(technique: Technique, sightings: readonly Sighting[], hasRecords: boolean): Verdict {
  if (sightings.length === 0) return "failed";
  const verdicts = sightings.map((sighting) => verdictOf(technique, sighting, hasRecords));
  return verdicts.reduce((worst, verdict) => ORDER.indexOf(verdict) > ORDER.indexOf(worst) ? verdict : worst);
}

/** Flags that a technique must have and a launch of it has not. */
export function missingFlags(technique: Technique, sightings: readonly Sighting[]): Flag[] {
  return (technique.flags ?? []).filter((flag) => sightings.some(({ flags }) => !flags.includes(flag)));
}

/** Flags that a launch has and must not have. */
export function falseFlags({ never = [] }: Technique, sightings: readonly Sighting[]): Flag[] {
  return never.filter((flag) => sightings.some(({ flags }) => flags.includes(flag)));
}
