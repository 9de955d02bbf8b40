/**
 * Badges: what the page says of each flag, and which are only ordinary. The browser has no other list: nothing of the
 * fingerprints is part of its script.
 *
 * @module
 */

import type { FlagName } from "../../../../fingerprint/mod.ts";
import type { EventJson, TreeJson } from "../../api/mod.ts";
import { isMisplaced, kindOfFlag, KINDS } from "./facts.ts";
import { countText } from "./format.ts";
import { element, type ElementView } from "./view.ts";

/** In one line each, what is true of a launch with the flag; `docs/flags.md` says the same, and more. */
export const FLAG_MEANINGS: Readonly<Record<FlagName, string>> = {
  deleted: "its file had been deleted",
  memfd: "its file never had a name in a file system",
  unconfirmed: "its path leads to another file, or to none",
  modified: "a file of the base system that isn't what its package brought",
  namesake: "it has the name of a program of the system, and lies where anybody may put it",
  setuid: "its file changed the user",
  inline: "an interpreter ran code from its command line, its input or a descriptor",
  preload: "its environment or its options had it load other code first",
  socket: "a shell or an interpreter whose standard input is a network connection",
  temp: "it lies in a folder that everybody may write to",
  new: "its file was less than a minute old",
  upper: "it lies in the writable layer of a container",
  unparsed: "an interpreter ran something, and nobody knows what",
  loader: "the dynamic linker, an emulator or Wine mapped and ran it",
};

/** The flags that only inform; the others are grave. */
const ORDINARY_FLAGS: ReadonlySet<string> = new Set<FlagName>(["inline", "temp", "new", "loader"]);

/** A badge behind a tree's name or a launch. */
export interface Badge {
  readonly text: string;
  readonly kind: "random" | "grave" | "ordinary" | "unexpected";
  /** What it means, for a pointer that rests on it. */
  readonly title: string;
}

export function badgeViews(badges: readonly Badge[]): ElementView[] {
  return badges.map(({ text, kind, title }) => element("em", { class: kind, title }, text));
}

/** How a flag is taken: as one that wants an explanation, or as one that only informs. */
export function weightOf(flag: FlagName): "grave" | "ordinary" {
  return ORDINARY_FLAGS.has(flag) ? "ordinary" : "grave";
}

export function flagBadges(flags: readonly FlagName[]): Badge[] {
  return flags.map((flag) => ({ text: kindOfFlag(flag), kind: weightOf(flag), title: FLAG_MEANINGS[flag] }));
}

const RANDOM: Badge = { text: "random", kind: "random", title: KINDS.random! };
const UNEXPECTED: Badge = { text: "unexpected", kind: "unexpected", title: "the baseline doesn't have it" };

/** The badges of a tree. What is only launched below a machine-made name has no badge for that. */
export function treeBadges(
  tree: Pick<TreeJson, "random_name" | "flagged_launches" | "expected" | "unexpected_flags" | "launched_in">,
): Badge[] {
  const counts = tree.flagged_launches, flags = Object.keys(counts) as FlagName[], news = tree.unexpected_flags;
  return [
    ...tree.random_name ? [RANDOM] : [],
    ...flagBadges(flags).map((badge, i) => ({ ...badge, title: `${countText(counts[flags[i]!]!)} × ${badge.title}` })),
    ...tree.expected === false ? [UNEXPECTED] : [],
    ...news.length > 0 ? [{ ...UNEXPECTED, title: `the baseline has it without ${news.join(", ")}` }] : [],
    ...isMisplaced(tree) ? [{ ...UNEXPECTED, title: "the baseline has it in other units or images" }] : [],
  ];
}

export function launchBadges({ flags = [], expected }: Pick<EventJson, "flags" | "expected">): Badge[] {
  return [
    ...flagBadges(flags),
    ...expected === false ? [{ ...UNEXPECTED, title: "the baseline doesn't expect it" }] : [],
  ];
}
