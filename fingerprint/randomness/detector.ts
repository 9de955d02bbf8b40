/**
 * Judges single names: templates and forms first, then the network; and finds which parts of a random name to replace.
 *
 * @module
 */

import type { Model } from "./codec.ts";
import { Candidates, Part } from "./features.ts";
import { DOT, EQUALS, innerNumber, isDate, isHash, isJoint, isRevision, isUuid, longNumber, PLUS } from "./forms.ts";
import { findTemplate, type Template } from "./templates.ts";
import { DIGITS, Kind, LOWER, UPPER } from "./scan.ts";

/** Log odds of a name whose form alone tells. */
const CERTAIN = 14;

/** Beside a part that its form gives away, another part must be this much likelier than elsewhere. */
const SURER = 2;

/** A word with a random tail: the word is kept if the tail is at most this much less likely than the whole. */
const TAIL = 2;

/**
 * From this length on, a string whose weights add up to this much is random if the network does not gainsay it, as it
 * does with long words and identifiers of abbreviations.
 */
const LONG = 16;
const UNLIKE = 1.5;
const AGREED = 1.5;

/** Log odds of a name without any candidate. */
const NONE = -14;

/** What the detector found in a name. */
export interface Finding {
  /** Log odds that a machine made the name. */
  readonly odds: number;
  readonly rule: string;
}

const ORDINARY: Finding = { odds: NONE, rule: "ordinary" };

/** Judges names with a model. One name at a time: {@link Detector.collapse} speaks of the name measured last. */
export class Detector {
  readonly #model: Model;
  readonly #candidates = new Candidates();
  readonly #odds = new Float64Array(64);
  /** Start and end of each part that its form gives away, one after the other. */
  readonly #certain: number[] = [];
  #template: Template | undefined;
  /** Start and end of each part to replace, one after the other; only the first {@link Detector.#spanEnds} numbers. */
  readonly #spans: number[] = [];
  #spanEnds = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  get thresholds(): Model["thresholds"] {
    return this.#model.thresholds;
  }

  /** How likely a machine made the name. */
  measure(name: string): Finding {
    const candidates = this.#candidates;
    candidates.find(name, this.#model.weights);
    this.#certain.length = 0;
    this.#template = findTemplate(name, candidates.scan);
    if (this.#template !== undefined) return { odds: CERTAIN, rule: `template:${this.#template.tool}` };

    let form = candidates.scan.digits > 1 ? this.#findForms(name) : undefined;
    let best = NONE;
    for (let i = 0; i < candidates.count; i++) {
      const odds = this.#isGiven(i) ? NONE : this.#model.network.judge(candidates.describe(i));
      this.#odds[i] = odds;
      if (odds > best) best = odds;
      if (odds > AGREED && this.#isLong(i)) form ??= "long";
    }
    if (form !== undefined) return { odds: Math.max(best, CERTAIN), rule: form };
    return best === NONE ? ORDINARY : { odds: best, rule: "model" };
  }

  /** Whether a candidate needs no judging beside parts that their form gives away: it is one of them, or the whole name. */
  #isGiven(candidate: number): boolean {
    const { start, end, part } = this.#candidates;
    if (part[candidate] !== Part.Run) return this.#certain.length > 0 && part[candidate] === Part.Stem;
    for (let i = 0; i < this.#certain.length; i += 2) {
      if (start[candidate]! >= this.#certain[i]! && end[candidate]! <= this.#certain[i + 1]!) return true;
    }
    return false;
  }

  /** Whether a candidate is so long and so unlike words that its length alone decides. */
  #isLong(candidate: number): boolean {
    const { scan, start, end, part } = this.#candidates;
    const from = start[candidate]!, to = end[candidate]!;
    if (to - from < LONG || scan.sum(from, to) <= UNLIKE || isDate(scan, from, to)) return false;
    return part[candidate] !== Part.Stem || (this.#isMixed(from, to) && this.#isAllRandom());
  }

  /** Finds UUIDs, hashes and long numbers; the rule of the first. */
  #findForms(name: string): string | undefined {
    const candidates = this.#candidates, { scan } = candidates;
    let rule: string | undefined;
    for (let run = 0; run < scan.runs; run++) {
      const start = scan.runStart[run]!, end = scan.runEnd[run]!;
      if (end - start < 8 || candidates.isCommit(start, end)) continue;
      if (isUuid(scan, run)) {
        this.#certain.push(start, scan.runEnd[run + 4]!);
        rule ??= "uuid";
        run += 4;
      } else if (isHash(scan, start, end)) {
        this.#certain.push(start, end);
        rule ??= "hash";
      } else {
        if (candidates.isData) continue;
        let from = longNumber(scan, run), to = end;
        if (from < 0) {
          from = to = innerNumber(scan, start, end);
          if (from < 0) continue;
          while (scan.kind[to] === Kind.Digit) to++;
        }
        if (isRevision(name, start, from)) continue;
        this.#certain.push(from, to);
        rule ??= "number";
      }
    }
    return rule;
  }

  /** The name measured last with each random part as `*`, given the threshold that it passed. */
  collapse(name: string, threshold: number): string {
    let text = "";
    if (this.#template !== undefined) text = name.replace(this.#template.form, this.#template.collapsed ?? "$1*");
    else {
      this.#findSpans(threshold);
      const spans = this.#spans;
      let at = 0;
      for (let i = 0; i < this.#spanEnds; i += 2) {
        text += `${name.slice(at, spans[i])}*`;
        at = spans[i + 1]!;
      }
      text += name.slice(at);
    }
    // A star of the name itself beside a random part is taken into it.
    return text.includes("**") ? text.replace(/\*{2,}/g, "*") : text;
  }

  /** Finds the parts to replace, in order and apart from one another. */
  #findSpans(threshold: number): void {
    const { count, part, start, end } = this.#candidates, odds = this.#odds;
    this.#spanEnds = 0;
    for (let i = 0; i < this.#certain.length; i += 2) this.#addSpan(this.#certain[i]!, this.#certain[i + 1]!);
    // The likeliest part counts; others only if they would be random in the strictest place as well.
    const strict = Math.max(threshold, this.thresholds.system);
    const least = this.#spanEnds > 0 ? strict + SURER : strict;
    const best = this.#spanEnds > 0 ? -1 : this.#likeliest();
    const whole = this.#underscored(threshold);
    for (let i = 0; i < count; i++) {
      if (whole >= 0 && start[i]! >= start[whole]! && end[i]! <= end[whole]! && i !== whole) continue;
      if (!this.#counts(i, best, least) && i !== whole) continue;
      if (part[i] === Part.Stem && !this.#isAllRandom()) this.#addRuns();
      else if (this.#isTail(i) && this.#counts(i - 1, best, least)) continue;
      else if (this.#isTail(i + 1) && odds[i + 1]! > odds[i]! - TAIL) this.#addSpan(start[i + 1]!, end[i + 1]!);
      else this.#addSpan(start[i]!, end[i]!);
    }
    if (this.#spanEnds === 0) this.#addSpan(start[best]!, end[best]!);
    this.#join();
  }

  #addSpan(start: number, end: number): void {
    this.#spans[this.#spanEnds++] = start;
    this.#spans[this.#spanEnds++] = end;
  }

  /** Whether a candidate is to be replaced, given the likeliest one and the odds that the others must have. */
  #counts(candidate: number, best: number, least: number): boolean {
    return candidate === best || (this.#candidates.part[candidate] !== Part.Stem && this.#odds[candidate]! >= least);
  }

  /** Whether a candidate is the tail of the one before it. */
  #isTail(candidate: number): boolean {
    const { count, part, end } = this.#candidates;
    return candidate > 0 && candidate < count && part[candidate] === Part.Tail &&
      part[candidate - 1] === Part.Run && end[candidate] === end[candidate - 1];
  }

  /** The candidate of Python's eight characters with underscores among them, if it is random as a whole; or −1. */
  #underscored(threshold: number): number {
    for (let i = 0; i < this.#candidates.count; i++) {
      if (this.#candidates.part[i] === Part.Underscored && this.#odds[i]! >= threshold - TAIL) return i;
    }
    return -1;
  }

  #likeliest(): number {
    let best = 0;
    for (let i = 1; i < this.#candidates.count; i++) if (this.#odds[i]! > this.#odds[best]!) best = i;
    return best;
  }

  /** Whether no run of the stem reads like a word: then the separators belong to the random string. */
  #isAllRandom(): boolean {
    const { scan, stemEnd } = this.#candidates;
    for (let run = 0; run < scan.runs && scan.runStart[run]! < stemEnd; run++) {
      if (this.#isWord(scan.runStart[run]!, scan.runEnd[run]!)) return false;
    }
    return true;
  }

  /** Whether a run looks like a word or an abbreviation beside a random part. */
  #isWord(start: number, end: number): boolean {
    const { scan } = this.#candidates;
    const length = end - start;
    return scan.kinds(start, end) === LOWER ? length > 1 : length > 4 && scan.sum(start, end) < -1;
  }

  /** Adds the runs of the stem that are no words. */
  #addRuns(): void {
    const { scan, stemStart, stemEnd } = this.#candidates;
    for (let run = 0; run < scan.runs; run++) {
      const start = scan.runStart[run]!, end = scan.runEnd[run]!;
      if (start >= stemStart && end <= stemEnd && !this.#isWord(start, end)) this.#addSpan(start, end);
    }
  }

  /** Sorts the parts, widens them over what belongs to them, and joins those that touch. */
  #join(): void {
    const spans = this.#spans;
    let ends = 0;
    for (let from = 0; from < this.#spanEnds; from += 2) {
      let least = from;
      for (let i = from + 2; i < this.#spanEnds; i += 2) if (spans[i]! < spans[least]!) least = i;
      const partStart = spans[least]!, partEnd = spans[least + 1]!;
      for (let i = least; i > from; i -= 2) {
        spans[i] = spans[i - 2]!;
        spans[i + 1] = spans[i - 1]!;
      }
      const start = this.#widenLeft(partStart, partEnd), end = this.#widenRight(partStart, partEnd);
      if (ends > 0 && start <= spans[ends - 1]! + 1) spans[ends - 1] = Math.max(spans[ends - 1]!, end);
      else {
        spans[ends++] = start;
        spans[ends++] = end;
      }
    }
    this.#spanEnds = ends;
  }

  /** Takes in what stands to the left and belongs to the same string: process ids, pieces of a base64 text. */
  #widenLeft(start: number, end: number): number {
    const { scan, stemStart } = this.#candidates;
    let at = start;
    for (let run = scan.runs - 1; run >= 0; run--) {
      const runStart = scan.runStart[run]!, runEnd = scan.runEnd[run]!;
      if (runEnd >= at) continue;
      if (!this.#joins(runEnd, at) || !this.#belongs(runStart, runEnd, runEnd, start, end)) return at;
      at = runStart;
    }
    return at > stemStart && this.#joins(stemStart, at) && this.#isMixed(start, end) ? stemStart : at;
  }

  /** The same to the right; the signs that fill up a base64 text belong to it. */
  #widenRight(start: number, end: number): number {
    const { scan } = this.#candidates;
    let at = end;
    for (let run = 0; run < scan.runs; run++) {
      const runStart = scan.runStart[run]!;
      if (runStart <= at) continue;
      if (!this.#joins(at, runStart) || !this.#belongs(runStart, scan.runEnd[run]!, at, start, end)) break;
      at = scan.runEnd[run]!;
    }
    let tail = at;
    while (tail < scan.length && isJoint(scan.unit[tail]!)) tail++;
    const isEnd = tail === scan.length || scan.unit[tail] === DOT;
    return tail > at && (scan.unit[at] === EQUALS || (isEnd && this.#isMixed(start, end))) ? tail : at;
  }

  /** Whether one to three characters, all of them signs of base64, stand between two positions. */
  #joins(from: number, to: number): boolean {
    if (to <= from || to - from > 3) return false;
    for (let i = from; i < to; i++) if (!isJoint(this.#candidates.scan.unit[i]!)) return false;
    return true;
  }

  /** Whether a run beside a random part, with the sign at `joint` between them, is a piece of it. */
  #belongs(start: number, end: number, joint: number, partStart: number, partEnd: number): boolean {
    const { scan } = this.#candidates;
    if (scan.unit[joint] === PLUS || scan.unit[joint] === EQUALS) return true;
    const length = end - start;
    if (length > 4 && scan.kinds(start, end) === DIGITS) return true;
    return partEnd - partStart + length > 7 && this.#isMixed(partStart, partEnd) && !this.#isWord(start, end);
  }

  /** Whether a part has both cases, as base64 has. */
  #isMixed(start: number, end: number): boolean {
    return (this.#candidates.scan.kinds(start, end) & (LOWER | UPPER)) === (LOWER | UPPER);
  }
}
