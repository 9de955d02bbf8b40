/**
 * The first half of the detector of machine-made names: cuts a name into runs of letters and digits and gives every
 * character a weight from five tables of n-grams (high: machine-made). Training and judging share this file, so they
 * can't disagree about it.
 *
 * @module
 */

/** Longest name that is looked at, in UTF-16 units; a path element of Linux has at most 255 bytes. */
export const LONGEST = 256;

/** Symbols of the letter tables are 28: 0 is a border, 1–26 are letters without case, 27 is any digit. */
const DIGIT = 27;

/** Cells of each table: trigrams (28³), hashed 4-grams, hashed 5-grams, six sound classes (5⁶), six case classes (4⁶). */
export const TABLE_CELLS = [21952, 49152, 16384, 15625, 4096] as const;
/** Number of tables, which is the number of weights of a character. */
export const TABLES = TABLE_CELLS.length;

/** Where each table begins in the weight array. */
export const TABLE_STARTS: readonly number[] = TABLE_CELLS.map((_, table) =>
  TABLE_CELLS.slice(0, table).reduce((sum, cells) => sum + cells, 0)
);
/** All weights. The weight array has one cell more, always 0, for "no n-gram here". */
export const WEIGHTS = TABLE_CELLS.reduce((sum, cells) => sum + cells, 0);

/** The last cell of the case classes, whose number is a power of two. */
const LAST_CASE = TABLE_CELLS[4] - 1;

const [, FOUR_START = 0, FIVE_START = 0, SOUND_START = 0, CASE_START = 0] = TABLE_STARTS;

/** What a character is: a separator, or the case class of a letter or digit. */
export const Kind = { Separator: 0, Lower: 1, Upper: 2, Digit: 3 } as const;
/** Bits of {@link Scan.kinds}. */
export const LOWER = 1 << Kind.Lower, UPPER = 1 << Kind.Upper, DIGITS = 1 << Kind.Digit;

/** UTF-16 unit below 128 → {@link Kind}. */
const KIND_OF = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit >= 97 && unit <= 122) return Kind.Lower;
  if (unit >= 65 && unit <= 90) return Kind.Upper;
  return unit >= 48 && unit <= 57 ? Kind.Digit : Kind.Separator;
});

/** UTF-16 unit below 128 → symbol of the letter tables. */
const SYMBOL_OF = Uint8Array.from(KIND_OF, (kind, unit) => {
  if (kind === Kind.Separator) return 0;
  return kind === Kind.Digit ? DIGIT : (unit | 32) - 96;
});

/** Symbol → sound class: border and digit, vowel, sonorant, stop, rare letter. */
const SOUND_OF = Uint8Array.from(`0abcdefghijklmnopqrstuvwxyz0`, (letter) => {
  if (letter === "0") return 0;
  if ("aeiou".includes(letter)) return 1;
  if ("lmnrs".includes(letter)) return 2;
  return "jkqvwxyz".includes(letter) ? 4 : 3;
});

/**
 * The buffers of a scan, used again for every name. After {@link Scan.cut}, run `r` is the characters
 * `runStart[r]`–`runEnd[r]` (its end not included), and `index` has the weights of character `i` at `i * TABLES`;
 * those at a run's end belong to its right border.
 */
export class Scan {
  /** Characters looked at. */
  length = 0;
  runs = 0;
  /** Digits in the name. */
  digits = 0;
  readonly runStart = new Int32Array(LONGEST);
  readonly runEnd = new Int32Array(LONGEST);
  readonly kind = new Uint8Array(LONGEST + 1);
  readonly unit = new Uint16Array(LONGEST + 1);
  readonly index = new Int32Array((LONGEST + 1) * TABLES);
  /** Sums over the characters before `i`: letters and sounds, and case pattern. */
  readonly letterSum = new Float64Array(LONGEST + 2);
  readonly soundSum = new Float64Array(LONGEST + 2);
  readonly caseSum = new Float64Array(LONGEST + 2);

  /** Cuts a name into runs and finds the cells of its characters. */
  cut(name: string): void {
    // Written out here, since a division by a number that the compiler knows takes half the time.
    const fourCells: typeof TABLE_CELLS[1] = 49152;
    const fiveCells: typeof TABLE_CELLS[2] = 16384;
    const soundCells: typeof TABLE_CELLS[3] = 15625;
    const { kind, unit, index, runStart, runEnd } = this;
    const length = Math.min(name.length, LONGEST);
    this.length = length;
    let runs = 0, digits = 0;
    // The four symbols before, their sound and case classes, and how many there are; −1 outside of runs.
    let s1 = 0, s2 = 0, s3 = 0, s4 = 0, sounds = 0, cases = 0, before = -1;
    for (let i = 0, at = 0; i <= length; i++, at += TABLES) {
      const code = i < length ? name.charCodeAt(i) : 0;
      const is = code < 128 ? KIND_OF[code]! : Kind.Separator;
      kind[i] = is;
      unit[i] = code;
      if (before < 0) {
        if (is === Kind.Separator) {
          for (let table = 0; table < TABLES; table++) index[at + table] = WEIGHTS;
          continue;
        }
        runStart[runs] = i;
        s1 =
          s2 =
          s3 =
          s4 =
            0;
        sounds = cases = before = 0;
      }
      if (is === Kind.Digit) digits++;
      const symbol = code < 128 ? SYMBOL_OF[code]! : 0;
      const three = (s2 * 28 + s1) * 28 + symbol;
      const four = s3 * 21952 + three;
      sounds = (sounds * 5 + SOUND_OF[symbol]!) % soundCells;
      cases = (cases << 2 | is) & LAST_CASE;
      index[at] = three;
      index[at + 1] = before < 2 ? WEIGHTS : FOUR_START + hash(four) % fourCells;
      index[at + 2] = before < 3 ? WEIGHTS : FIVE_START + hash(s4 * 614656 + four + 1) % fiveCells;
      index[at + 3] = SOUND_START + sounds;
      index[at + 4] = CASE_START + cases;
      before++;
      s4 = s3;
      s3 = s2;
      s2 = s1;
      s1 = symbol;
      if (is === Kind.Separator) {
        runEnd[runs++] = i;
        before = -1;
      }
    }
    this.runs = runs;
    this.digits = digits;
  }

  /** Adds up the weights of the characters. */
  weigh(weights: Float32Array): void {
    const { index, letterSum, soundSum, caseSum, length } = this;
    let letters = 0, sounds = 0, cases = 0;
    for (let i = 0, at = 0; i <= length; i++, at += TABLES) {
      letters += weights[index[at]!]! + weights[index[at + 1]!]! + weights[index[at + 2]!]!;
      sounds += weights[index[at + 3]!]!;
      cases += weights[index[at + 4]!]!;
      letterSum[i + 1] = letters;
      soundSum[i + 1] = sounds;
      caseSum[i + 1] = cases;
    }
  }

  /** The kinds of the characters from `start` up to `end`, a bit each. */
  kinds(start: number, end: number): number {
    let kinds = 0;
    for (let i = start; i < end; i++) kinds |= 1 << this.kind[i]!;
    return kinds;
  }

  /** Sum of all weights of the characters from `start`, the border at `end` included. */
  sum(start: number, end: number): number {
    return this.letterSum[end + 1]! - this.letterSum[start]! + this.soundSum[end + 1]! - this.soundSum[start]! +
      this.caseSum[end + 1]! - this.caseSum[start]!;
  }
}

/** Spreads n-grams over a table's cells. */
function hash(gram: number): number {
  const mixed = Math.imul(gram ^ (gram >>> 13), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
