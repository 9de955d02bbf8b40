/**
 * Tells machine-made names from names that people chose: `tmp.X3kQ9ZbT1a`, `0883569a23a4bd16`, `ZW50cm9weQo`.
 *
 * @module
 */

import { unpackModel } from "./codec.ts";
import { Detector } from "./detector.ts";
import { MODEL } from "./model.ts";
import { DesignedElements, type Place, placesOf } from "./paths.ts";

export type { Place } from "./paths.ts";

/** What is known about one element of a path. */
export interface ElementVerdict {
  readonly name: string;
  /** Whether a machine made the name, or a part of it. */
  readonly random: boolean;
  /** The name with each machine-made part as `*`; the name itself when it is not random. */
  readonly collapsed: string;
  /** 0 (a person chose it) to 1 (a machine made it); the place does not change it. */
  readonly score: number;
  /** The rule that decided: `template:TOOL`, `uuid`, `hash`, `number`, `model`, `ordinary`, or `path:…`. */
  readonly rule: string;
}

/** What is known about the path of a program. */
export interface PathVerdict {
  /** Whether any element is random. */
  readonly random: boolean;
  readonly elements: readonly ElementVerdict[];
  /** The last element, collapsed. */
  readonly name: string;
}

let detector: Detector | undefined;

/** The detector with the committed model, unpacked when it is first needed (some milliseconds). */
function theDetector(): Detector {
  return detector ??= new Detector(unpackModel(Uint8Array.from(atob(MODEL), (char) => char.charCodeAt(0))));
}

/** Judges one path element. Never throws; characters after the 256th are not looked at. */
export function judgeElement(name: string, place: Place): ElementVerdict {
  const judge = theDetector();
  const { odds, rule } = judge.measure(name);
  const threshold = judge.thresholds[place];
  const random = odds >= threshold;
  return {
    name,
    random,
    collapsed: random ? judge.collapse(name, threshold) : name,
    score: 1 / (1 + Math.exp(-odds)),
    rule,
  };
}

/**
 * Judges every element of a program's path, absolute, relative or a bare name. Elements that are hashes by design
 * (`/nix/store/<hash>-name`) collapse without being random. Never throws.
 */
export function judgePath(path: string): PathVerdict {
  const names = path.split("/").filter((element) => element !== "");
  const places = placesOf(names, path.startsWith("/"));
  const designed = path.startsWith("/") ? new DesignedElements() : undefined;
  let random = false;
  const elements = names.map((name, i): ElementVerdict => {
    const byDesign = designed?.next(name);
    if (byDesign !== undefined) return { name, random: false, score: 0, ...byDesign };
    const verdict = judgeElement(name, places[i]!);
    random ||= verdict.random;
    return verdict;
  });
  return { random, elements, name: elements.at(-1)?.collapsed ?? "" };
}
