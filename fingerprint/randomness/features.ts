/**
 * The second half of the detector of machine-made names: the parts of a name that may be random, and the row of
 * numbers about each that the network judges. Training and judging share this file, which is longer
 * than others for it: a feature that stood elsewhere could be judged as it wasn't trained.
 *
 * @module
 */

import { commitOf, DOT, HYPHEN, isCodePoint, isDate, isJoint, popCount, UNDERSCORE } from "./forms.ts";
import { Extension, extensionKind, isTemporaryExtension } from "./extensions.ts";
import { DIGITS, Kind, Scan, UPPER } from "./scan.ts";

/** Numbers about one candidate. */
export const FEATURES = 55;

/** Shortest run that is judged: four random characters look like a word or a version too often. */
const SHORTEST = 5;

/** Runs whose weights add up to less are names beyond doubt and cost no further time. */
const NAMELIKE = -3;

/** Most candidates of a name; further ones are not looked at. */
const MOST = 10;

/** Longest extension that is looked at, its dot included. */
const LONGEST_EXTENSION = 12;

/** What kind of part a candidate is. */
export const Part = {
  /** A run of letters and digits. */
  Run: 0,
  /** Several runs joined by `-`, `_`, `+` or `=`, as base64 has them: the name without its dot and its extension. */
  Stem: 1,
  /** The eight characters of Python's `tempfile` after a sign, underscores among them. */
  Underscored: 2,
  /** The end of a run that begins with a word: `install5sEKb5`. */
  Tail: 3,
} as const;

/** Candidates of a name, and the numbers about each. */
export class Candidates {
  readonly scan = new Scan();
  count = 0;
  readonly start = new Int32Array(MOST);
  readonly end = new Int32Array(MOST);
  readonly part = new Uint8Array(MOST);
  readonly row = new Float32Array(FEATURES);
  /** Where the name's stem begins and ends: without leading dots, without an extension. */
  stemStart = 0;
  stemEnd = 0;
  /** Whether the extension is that of a temporary file. */
  isTemporary = false;
  /** What the extension is: one of {@link Extension}. */
  extension: number = Extension.None;
  /** The commit of the version that the name has in it, which is no candidate. */
  commit: readonly [start: number, end: number] | undefined;
  #name = "";

  /** Finds the candidates of a name. */
  find(name: string, weights: Float32Array): void {
    const { scan } = this;
    scan.cut(name);
    scan.weigh(weights);
    this.#name = name;
    this.count = 0;
    this.stemStart = scan.unit[0] === DOT ? 1 : 0;
    this.stemEnd = scan.length;
    this.extension = Extension.None;
    this.commit = scan.digits > 2 && scan.runs > 2 ? commitOf(name) : undefined;
    const { unit } = scan;
    for (let run = 0; run < scan.runs && this.count < MOST - 3; run++) {
      const start = scan.runStart[run]!;
      const end = scan.runEnd[run]!;
      // Letters beyond ASCII are no separators: a word that they cut apart is no candidate.
      if (end - start < SHORTEST || unit[end]! > 127 || (start > 0 && unit[start - 1]! > 127)) continue;
      if (end - start < 7 && isCodePoint(scan, start, end)) continue;
      if (this.isCommit(start, end)) continue;
      const sum = scan.sum(start, end);
      if (sum > NAMELIKE) this.#add(start, end, Part.Run);
      if (end - start >= 9 && end - start <= 24) this.#addTail(start, end);
    }
    if (scan.runs > 1 && scan.length >= 8) this.#addJoined();
    if (this.count > 0 || scan.digits > 8) this.#readExtension();
  }

  /** Whether the extension is one of files that never run: fonts, images, sources. */
  get isData(): boolean {
    return this.extension === Extension.Data || this.extension === Extension.Media;
  }

  /** Whether a run is the commit of the name's version, or a part of it. */
  isCommit(start: number, end: number): boolean {
    return this.commit !== undefined && start >= this.commit[0] && end <= this.commit[1];
  }

  #add(start: number, end: number, part: number): void {
    this.start[this.count] = start;
    this.end[this.count] = end;
    this.part[this.count++] = part;
  }

  /**
   * The last 6, 8 or 10 characters, whichever are the unlikeliest, where a word of letters stands before them. Among
   * capitals, two small letters between the word and six random characters are the word's.
   */
  #addTail(start: number, end: number): void {
    const { scan } = this;
    let best = 2, at = -1;
    for (let length = 6; length <= 10 && end - start - length >= 3; length += 2) {
      const cut = end - length;
      const kinds = scan.kinds(cut, end);
      if (scan.kind[cut - 1] !== Kind.Lower || (kinds & (DIGITS | UPPER)) === 0) continue;
      if (at >= 0 && (kinds & UPPER) !== 0 && (scan.kinds(cut, cut + 2) & (DIGITS | UPPER)) === 0) continue;
      const word = scan.sum(start, cut - 1);
      if (word > 0.4 * (start - cut)) continue;
      const sum = scan.sum(cut, end) - 0.3 * word;
      if (sum > best) {
        best = sum;
        at = cut;
      }
    }
    if (at >= 0) this.#add(at, end, Part.Tail);
  }

  /** Parts that have signs inside: the whole stem, and what Python's tempfile put behind a sign. */
  #addJoined(): void {
    const { scan } = this;
    const { unit, length } = scan;
    const dot = this.#name.lastIndexOf(".", length - 1);
    const end = this.stemEnd = dot > 1 ? dot : length;
    const start = this.stemStart;
    let joins = 0;
    for (let i = start; i < end; i++) {
      if (scan.kind[i] !== Kind.Separator) continue;
      if (!isJoint(unit[i]!)) return;
      joins++;
    }
    if (joins === 0) return;
    const size = end - start;
    if (size >= 8 && size <= 90 && this.commit === undefined && scan.sum(start, end) > NAMELIKE) {
      this.#add(start, end, Part.Stem);
    }
    this.#addUnderscored(end);
  }

  /** The last eight characters of the stem, if they have underscores in them, as Python's `tempfile` draws them. */
  #addUnderscored(end: number): void {
    const { scan } = this;
    const { unit, kind } = scan;
    const start = end - 8;
    if (start < 1 || kind[start - 1] !== Kind.Separator) return;
    let underscores = 0;
    for (let i = start; i < end; i++) {
      if (unit[i] === UNDERSCORE) underscores++;
      else if (kind[i] === Kind.Upper || kind[i] === Kind.Separator) return;
    }
    if (underscores > 0 && scan.sum(start, end) > NAMELIKE) this.#add(start, end, Part.Underscored);
  }

  #readExtension(): void {
    const { length } = this.scan;
    const dot = this.#name.lastIndexOf(".", length - 1);
    this.extension = Extension.None;
    this.isTemporary = false;
    if (dot <= 1 || length - dot > LONGEST_EXTENSION) return;
    const extension = this.#name.slice(dot + 1, length);
    this.isTemporary = isTemporaryExtension(extension);
    this.extension = extensionKind(extension);
    if (this.extension === Extension.Media) this.#keepLong();
  }

  /** In images, fonts and sounds, which never run, only long random strings count. */
  #keepLong(): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.end[i]! - this.start[i]! < 12) continue;
      this.start[kept] = this.start[i]!;
      this.end[kept] = this.end[i]!;
      this.part[kept++] = this.part[i]!;
    }
    this.count = kept;
  }

  /** Fills {@link Candidates.row} with the numbers about a candidate. */
  describe(candidate: number): Float32Array {
    const { scan, row } = this;
    const { kind, unit, letterSum, soundSum, caseSum } = scan;
    const start = this.start[candidate]!;
    const end = this.end[candidate]!;
    const part = this.part[candidate]!;
    row.fill(0);

    let lower = 0, upper = 0, digits = 0, changes = 0, vowels = 0, hexLetters = 0, otherLetters = 0, separators = 0;
    let digitRun = 0, longestDigits = 0, upperRun = 0, longestUpper = 0, ascending = 0, seenLetters = 0, seenDigits = 0;
    let before: number = Kind.Separator;
    let last = 0;
    for (let i = start; i < end; i++) {
      const is = kind[i]!;
      const code = unit[i]!;
      if (is !== before && i > start && is !== Kind.Separator && before !== Kind.Separator) changes++;
      if (is === Kind.Digit) {
        digits++;
        if (++digitRun > longestDigits) longestDigits = digitRun;
        seenDigits |= 1 << (code - 48);
        if (code === last + 1 || code === last) ascending++;
      } else digitRun = 0;
      if (is === Kind.Upper) {
        upper++;
        if (++upperRun > longestUpper) longestUpper = upperRun;
      } else upperRun = 0;
      if (is === Kind.Lower) lower++;
      if (is === Kind.Lower || is === Kind.Upper) {
        const letter = (code | 32) - 97;
        seenLetters |= 1 << letter;
        if (letter < 6) hexLetters++;
        else otherLetters++;
        if (letter === 0 || letter === 4 || letter === 8 || letter === 14 || letter === 20) vowels++;
      }
      if (is === Kind.Separator) separators++;
      before = is;
      last = code;
    }
    const length = end - start;
    const letters = lower + upper;
    const sum = scan.sum(start, end);

    // The part of the candidate whose weights add up to most.
    let here = 0, from = start, bestSum = 0, bestLength = 0;
    for (let i = start; i <= end; i++) {
      const weight = letterSum[i + 1]! - letterSum[i]! + soundSum[i + 1]! - soundSum[i]! + caseSum[i + 1]! -
        caseSum[i]!;
      if (here <= 0) {
        here = 0;
        from = i;
      }
      here += weight;
      if (here > bestSum) {
        bestSum = here;
        bestLength = i - from + 1;
      }
    }

    // What stands beside the candidate: runs of words speak for a chosen name, random ones for a made one.
    let others = 0, othersLength = 0, othersSum = 0, othersHighest = -40, left = 0, right = 0;
    for (let run = 0; run < scan.runs; run++) {
      const a = scan.runStart[run]!;
      const b = scan.runEnd[run]!;
      if (a >= start && a < end) continue;
      if (b <= start) left++;
      else if (b < scan.length || this.extension === Extension.None) right++;
      const other = scan.sum(a, b);
      others++;
      othersLength += b - a;
      othersSum += other;
      if (b - a > 3 && other > othersHighest) othersHighest = other;
    }

    const sign = start > 0 ? unit[start - 1]! : 0;
    row[0] = (letterSum[end + 1]! - letterSum[start]!) / 8;
    row[1] = (soundSum[end + 1]! - soundSum[start]!) / 8;
    row[2] = (caseSum[end + 1]! - caseSum[start]!) / 8;
    row[3] = sum / length;
    row[4] = sum / 10;
    row[5] = bestSum / 8;
    row[6] = bestLength / length;
    row[7] = scan.sum(Math.max(start, end - 6), end) / 8;
    row[8] = length / 16;
    row[9 + lengthClass(length)] = 1;
    row[16] = digits / length;
    row[17] = upper / length;
    row[18] = lower / length;
    row[19] = changes / length;
    row[20] = otherLetters === 0 && separators === 0 && digits > 0 && upper === 0 ? 1 : 0;
    row[21] = otherLetters === 0 && separators === 0 && digits > 0 && lower === 0 ? 1 : 0;
    row[22] = row[20] + row[21] > 0 && hexLetters > 0 && length >= 7 && length % 4 !== 1 ? length / 16 : 0;
    row[23] = digits === length ? 1 : 0;
    row[24] = longestDigits >= 6 && isDate(scan, start, end) ? 1 : 0;
    row[25] = (popCount(seenLetters) + popCount(seenDigits)) / length;
    row[26] = letters > 0 ? vowels / letters : 0.4;
    row[27] = upper === 1 && digits === 0 && kind[start] === Kind.Upper ? 1 : 0;
    row[28] = changes === 1 && digits > 0 && kind[end - 1] === Kind.Digit ? 1 : 0;
    row[29] = changes === 1 && digits > 0 && kind[start] === Kind.Digit ? 1 : 0;
    row[30] = left === 0 ? 1 : 0;
    row[31] = right === 0 ? 1 : 0;
    row[32] = left + right === 0 ? 1 : 0;
    row[33] = sign === HYPHEN ? 1 : 0;
    row[34] = sign === UNDERSCORE ? 1 : 0;
    row[35] = sign === DOT ? 1 : 0;
    row[36] = this.stemStart;
    row[37] = this.extension === Extension.None ? 1 : 0;
    row[38] = this.extension === Extension.Program ? 1 : 0;
    row[39] = this.isData ? 1 : 0;
    row[40] = others / 4;
    row[41] = othersLength > 0 ? othersSum / othersLength : 0;
    row[42] = othersHighest / 10;
    row[43] = part === Part.Stem ? 1 : 0;
    row[44] = part === Part.Stem ? separators / length * 4 : 0;
    row[45] = part === Part.Underscored ? 1 : 0;
    row[46] = part === Part.Tail ? 1 : 0;
    row[47] = part === Part.Tail ? Math.min(0, scan.sum(runStart(scan, start), start - 1)) / 8 : 0;
    row[48] = longestDigits / 8;
    row[49] = longestUpper / length;
    row[50] = ascending / length;
    row[51] = digits > 0 && upper > 0 && lower > 0 ? 1 : 0;
    row[52] = letters === length && upper > 0 && lower > 0 ? changes / length : 0;
    row[53] = digits === 0 && upper === 0 ? sum / 10 : 0;
    row[54] = this.isTemporary ? 1 : 0;
    return row;
  }
}

function lengthClass(length: number): number {
  if (length <= 8) return length - SHORTEST;
  return length <= 10 ? 4 : length <= 13 ? 5 : 6;
}

/** Start of the run that a position lies in. */
function runStart(scan: Scan, position: number): number {
  let start = position;
  while (start > 0 && scan.kind[start - 1] !== Kind.Separator) start--;
  return start;
}
