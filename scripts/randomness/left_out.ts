/**
 * How the detector does on what it has never seen: whole families and whole sources are kept out of its training.
 *
 * @module
 */

import { Detector } from "../../fingerprint/randomness/detector.ts";
import { type Chosen, type Corpora, type Made, tenth } from "./corpora.ts";
import { alarmsAt, macroRecall, oddsByFamily, percent, rank, thresholdFor } from "./evaluation.ts";
import { measureOutside, type Outside } from "./outside.ts";
import { modelOf, QUICK, train } from "./training.ts";

/** Families that are kept out together, with the generator's alphabets that they draw from. */
const FAMILIES: readonly { title: string; families: RegExp; alphabets: readonly string[] }[] = [
  { title: "lower case", families: /^(lower|dot-lower)/, alphabets: ["lower"] },
  { title: "upper case", families: /^(upper|HEX)/, alphabets: ["upper", "hexUpper", "base36Upper"] },
  { title: "both cases", families: /^letters52/, alphabets: ["letters"] },
  {
    title: "base 36 and 32",
    families: /^(base3|dot-base36|cuid2|py-|ruby|random-ext)/,
    alphabets: ["base36", "base36underscore", "base32", "consonants"],
  },
  {
    title: "base 62",
    families: /^(base62|dot-base62|gitlab|perl|nanoid|shortid|mktemp|node|npm|cargo|rust-temp|appimage)/,
    alphabets: ["base62", "base64url"],
  },
  {
    title: "hexadecimal",
    families: /^(hex|HEX|docker|md5|sha|mongo|uuid|guid|overlay2|git-pack|webpack|jenkins|rust-target|real)/,
    alphabets: ["hex", "hexUpper"],
  },
  { title: "base 64", families: /^b64/, alphabets: ["base64Text", "base64url"] },
  { title: "prefixed", families: /-(prefix|embedded|temp|mkdtemp|pip|tempfile|suffix|ext)$/, alphabets: [] },
];

/** Alphabets of the generator whose strings can be spoken. */
const SPOKEN = ["alternating", "syllables"];

/** Sources that are kept out together. */
const SOURCES: readonly { title: string; sources: RegExp }[] = [
  { title: "programs", sources: /^deb-(bin|libexec)$/ },
  { title: "package names", sources: /^pkg-names$/ },
  { title: "libraries", sources: /^deb-lib-/ },
  { title: "Python", sources: /python$/ },
  { title: "Perl and PHP", sources: /^deb-(perl|php)$/ },
  { title: "Go", sources: /-go$/ },
  { title: "Java, OCaml, Rust", sources: /-(java|ocaml|rust|cargo)$/ },
  { title: "shared files", sources: /^deb-(share-.*|include-dirs|locale)$/ },
  { title: "kernel, systemd, /etc", sources: /^(deb-(kmod|etcvar|systemd|opt)|fs-(sys|system))$/ },
  { title: "curated and versions", sources: /^(curated|versions)$/ },
  { title: "words: Slavic, Baltic", sources: /^words-(pl|cs|sk|sl|hr|lt|lv)$/ },
  { title: "words: Germanic", sources: /^words-(de|nl|da|nb|sv|is|fo)$/ },
  { title: "words: others", sources: /^words-(eu|et|hu|tr|sw|id|eo|br|ga|gd|sq)$/ },
  { title: "identifiers", sources: /^words-(macro|camel)$/ },
  { title: "desktop programs", sources: /^desktop-/ },
];

/** Thresholds of a model that is only measured. */
const NONE = { temporary: 0, system: 0, other: 0 };

/** False alarms that the thresholds are set for: on names of known sources that the training has not seen. */
const SHARES = [0.01, 0.001, 0.0005] as const;

/** Trains once for each group that is kept out and prints what becomes of it. */
export function leaveOut(corpora: Corpora, outside: Outside, progress: (text: string) => void): void {
  const isTest = ({ name }: { name: string }) => tenth(name) < 2;
  const all = [...corpora.chosen, ...corpora.words, ...corpora.programs];
  const chosen = all.filter((row) => !isTest(row));
  const unseen = corpora.chosen.filter(isTest);
  const made = corpora.made.filter((row) => !isTest(row));
  const unseenMade = corpora.made.filter(isTest);

  console.log("\n## Families that the training has not seen");
  console.log("kept out          families   macro recall at 1 / 0.1 / 0.05 % false alarms");
  for (const { title, families, alphabets } of FAMILIES) {
    const kept = made.filter(({ family }) => !families.test(family));
    const detector = new Detector(modelOf(train(chosen, kept, QUICK, new Set(alphabets)), NONE).model);
    const ranking = rank(detector, unseen);
    const odds = oddsByFamily(detector, corpora.made.filter(({ family }) => families.test(family)));
    const recalls = SHARES.map((share) => percent(macroRecall(odds, thresholdFor(ranking, share))).padStart(7));
    console.log(`${title.padEnd(20)} ${String(odds.size).padStart(4)}  ${recalls.join(" ")}`);
    progress(`without ${title}`);
  }

  console.log("\n## Sources that the training has not seen");
  console.log(
    "kept out                  names  their false alarms, and macro recall, at thresholds for 1 / 0.1 / 0.05 %",
  );
  for (const { title, sources } of SOURCES) {
    const kept = chosen.filter(({ source }) => !sources.test(source));
    const detector = new Detector(modelOf(train(kept, made, QUICK), NONE).model);
    const ranking = rank(detector, unseen.filter(({ source }) => !sources.test(source)));
    const left = rank(detector, all.filter(({ source }) => sources.test(source)));
    const odds = oddsByFamily(detector, unseenMade);
    const thresholds = SHARES.map((share) => thresholdFor(ranking, share));
    const alarms = thresholds.map((threshold) => percent(alarmsAt(left, threshold), 3).padStart(6));
    const recalls = thresholds.map((threshold) => percent(macroRecall(odds, threshold)).padStart(6));
    console.log(
      `${title.padEnd(24)} ${String(left.names.length).padStart(6)}  ${alarms.join(" ")}   ${recalls.join(" ")}`,
    );
    progress(`without ${title}`);
  }
  leaveOutside(chosen, made, unseen, outside, progress);
}

/** Trains without what is shown of the kinds that lie outside the corpora, and prints what becomes of those. */
export function leaveOutside(
  chosen: readonly Chosen[],
  made: readonly Made[],
  unseen: readonly Chosen[],
  outside: Outside,
  progress: (text: string) => void,
): void {
  console.log("\n## Names from outside, without what is shown of their kind");
  console.log("kept out              false alarms and macro recall, at thresholds for 1 / 0.1 / 0.05 %");
  const outsideWithout = (title: string, sources: RegExp, alphabets: readonly string[]) => {
    const kept = chosen.filter(({ source }) => !sources.test(source));
    const detector = new Detector(modelOf(train(kept, made, QUICK, new Set(alphabets)), NONE).model);
    const ranking = rank(detector, unseen), outcome = measureOutside(detector, outside);
    const thresholds = SHARES.map((share) => thresholdFor(ranking, share));
    const alarms = thresholds.map((threshold) => percent(outcome.alarms(threshold), 3).padStart(6));
    const recalls = thresholds.map((threshold) => percent(outcome.recall(threshold)).padStart(6));
    console.log(`${title.padEnd(24)} ${alarms.join(" ")}   ${recalls.join(" ")}`);
    progress(`outside without ${title}`);
  };
  outsideWithout("nothing", /^$/, []);
  outsideWithout("desktop programs", /^desktop-/, []);
  outsideWithout("spoken strings", /^$/, SPOKEN);
  outsideWithout("both", /^desktop-/, SPOKEN);
}
