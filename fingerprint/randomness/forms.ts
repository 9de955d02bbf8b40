/**
 * Forms of runs that tell by themselves: UUIDs, hashes and long numbers, which machines draw; dates and code points,
 * which people write.
 *
 * @module
 */

import { DIGITS, Kind, LOWER, type Scan, UPPER } from "./scan.ts";

/** UTF-16 units of the signs between the parts of a name. */
export const DOT = 46, HYPHEN = 45, UNDERSCORE = 95, PLUS = 43, EQUALS = 61;

/** Whether a sign is one that base64 texts and ids have inside. */
export function isJoint(unit: number): boolean {
  return unit === HYPHEN || unit === UNDERSCORE || unit === PLUS || unit === EQUALS;
}

/** Runs of a UUID: their lengths. */
const UUID = [8, 4, 4, 4, 12] as const;

/** Whether the runs from `run` on are a UUID. */
export function isUuid(scan: Scan, run: number): boolean {
  if (run + UUID.length > scan.runs) return false;
  const sign = scan.unit[scan.runEnd[run]!]!;
  if (sign !== HYPHEN && sign !== UNDERSCORE) return false;
  for (let part = 0; part < UUID.length; part++) {
    const start = scan.runStart[run + part]!;
    const end = scan.runEnd[run + part]!;
    if (end - start !== UUID[part] || !isHex(scan, start, end)) return false;
    if (part > 0 && (scan.unit[start - 1] !== sign || scan.runEnd[run + part - 1] !== start - 1)) return false;
  }
  return true;
}

/** Whether a run is a hash in hexadecimal digits: 12 or more of them, or just 8. */
export function isHash(scan: Scan, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 8 && length < 12) return false;
  let digits = 0, lower = 0, upper = 0, distinct = 0, same = 0, longestSame = 0, ascending = 0, changes = 0;
  for (let i = start; i < end; i++) {
    const code = scan.unit[i]!;
    const is = scan.kind[i]!;
    if (is === Kind.Digit) digits++;
    else if ((code | 32) > 102) return false;
    else if (is === Kind.Lower) lower++;
    else upper++;
    distinct |= 1 << (is === Kind.Digit ? code - 48 : (code | 32) - 87);
    const before = i > start ? scan.unit[i - 1]! : 0;
    same = code === before ? same + 1 : 1;
    if (same > longestSame) longestSame = same;
    if (code === before + 1) ascending++;
    if (i > start && is !== scan.kind[i - 1]) changes++;
  }
  if (digits === 0 || lower + upper === 0 || (lower > 0 && upper > 0)) return false;
  // `0000041d`, `b1234567`, `adc12138` and `e20241219` were counted or dated, not drawn.
  if (longestSame > 4 || ascending * 2 > length || (lower + upper < 3 && isDate(scan, start, end))) return false;
  return length === 8 ? digits > 1 && changes > 1 && longestSame < 4 : popCount(distinct) > 4;
}

/** Start of the long number (9 digits or more) that a run ends with, or −1: Go's and Java's random numbers, times. */
export function longNumber(scan: Scan, run: number): number {
  const end = scan.runEnd[run]!;
  const runStart = scan.runStart[run]!;
  let start = end;
  let same = 0, steps = 0;
  while (start > runStart && scan.kind[start - 1] === Kind.Digit) {
    start--;
    if (start + 1 < end) {
      const difference = scan.unit[start + 1]! - scan.unit[start]!;
      if (difference === 0) same++;
      if (difference === 1 || difference === -1) steps++;
    }
  }
  const digits = end - start;
  if (digits < 9 || isDate(scan, start, end) || same * 2 > digits || steps > digits * 0.7) return -1;
  if (scan.unit[start] === 48 && scan.unit[start + 1] === 48) return -1;
  // A time of day after a date: `20231215_101530123`, `20201021T145510206`.
  for (let i = start - 1; i > start - 3 && i > 7; i--) {
    if (scan.kind[i] !== Kind.Digit && scan.kind[i - 1] === Kind.Digit && isDate(scan, i - 8, i)) return -1;
  }
  return start;
}

/** Digits of a number inside a run that are too many to be counted: the JVM's random names have up to 19. */
const INNER_NUMBER = 15;

/** Start of a number of 15 digits or more with letters behind it (`gradle5141729103856418853bin`), or −1. */
export function innerNumber(scan: Scan, start: number, end: number): number {
  let from = start;
  for (let i = start; i < end; i++) {
    if (scan.kind[i] === Kind.Digit) continue;
    if (i - from >= INNER_NUMBER && !isDate(scan, from, i)) return from;
    from = i + 1;
  }
  return -1;
}

/**
 * A commit as versions have it, which people and packagers choose. After a version and the name of a version control
 * system: `0.0~git20151117.0.6a9aea3`, `20211215.gitf4fb3f5`. As `git describe` prints it: `1.4-23-g335dbec`. As the
 * local part of a version: `2.1.0+a1b2c3d`, `0.3+g1a2b3c4.d20240131`. As its last number: `2.1.10.1.f1e05b7a`. In Go's
 * pseudo-versions: `v0.0.0-20170915032832-14c0d48ead0c`.
 */
const COMMIT = new RegExp(
  "(?:" + [
    String.raw`(?:\d[-+.~_]?|[+~])(?:git|hg|svn|bzr|darcs)[-+.~_]?(?:r?\d{1,14}[-+.~_]){0,4}(?:master[-+.~_])?`,
    String.raw`\d[-+.~]\d{1,5}[-.](?=g)`,
    String.raw`\d\+(?:\d{1,8}[.~]){0,3}`,
    String.raw`[-.]\d{14}-`,
    String.raw`(?:\d\.\d+|(?<!\d)(?:19|20)\d{6})\.(?=\d*[a-f])(?=[a-f]*\d)(?=[0-9a-f]{7,10}(?![0-9A-Za-z]))`,
  ].join("|") + String.raw`)(g?[0-9a-f]{6,40})(?![0-9A-Za-z])`,
);

/** Start and end of the run with the commit that a name's version has, or `undefined`. */
export function commitOf(name: string): readonly [start: number, end: number] | undefined {
  const match = COMMIT.exec(name);
  if (match === null) return undefined;
  const end = match.index + match[0].length;
  let start = end - match[1]!.length;
  while (start > 0 && /[0-9A-Za-z]/.test(name[start - 1]!)) start--;
  return [start, end];
}

/** What a version control system's revision or date begins with: `0.0+git200150803`. */
const REVISION = /(?:git|svn|hg|bzr)$/;

/** Whether the digits from `digits` on, in the run from `start` on, are a revision. */
export function isRevision(name: string, start: number, digits: number): boolean {
  return digits - start < 6 && digits > start && REVISION.test(name.slice(start, digits));
}

function isHex(scan: Scan, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (scan.kind[i] !== Kind.Digit && (scan.unit[i]! | 32) > 102) return false;
  }
  return true;
}

/** Number of bits that are set. */
export function popCount(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Whether digits within the range are a date (`20241219`, `201912`, `191219`), perhaps with a time after it. */
export function isDate(scan: Scan, start: number, end: number): boolean {
  const { unit, kind } = scan;
  let from = start;
  while (from < end && kind[from] !== Kind.Digit) from++;
  let to = from;
  while (to < end && kind[to] === Kind.Digit) to++;
  const digits = to - from;
  if (digits < 6) return false;
  const pair = (at: number) => (unit[from + at]! - 48) * 10 + unit[from + at + 1]! - 48;
  const month = (at: number) => pair(at) >= 1 && pair(at) <= 12;
  const day = (at: number) => pair(at) >= 1 && pair(at) <= 31;
  const century = pair(0) === 19 || pair(0) === 20;
  if (digits === 6) return (century && month(4)) || (month(2) && day(4)) || (day(0) && month(2));
  return century && month(4) && day(6);
}

/** Whether a short run can be a code point or a colour: `1F4E0`, `u1f4cb`, `98FB98`. */
export function isCodePoint(scan: Scan, start: number, end: number): boolean {
  const from = scan.unit[start] === 117 /* u */ ? start + 1 : start;
  const letters = from > start ? LOWER : UPPER;
  return (scan.kinds(from, end) & ~(DIGITS | letters)) === 0 && isHex(scan, from, end);
}
