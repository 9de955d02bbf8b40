/**
 * Reads the values of flags: durations, sizes, numbers, choices. Each reader gives undefined for a text that isn't one.
 *
 * @module
 */

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Milliseconds of `250ms`, `1.5s`, `2m`, `24h`, `7d`, also together: `1h30m`. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) total += Number(count) * DURATION_UNITS[unit!]!;
  return total;
}

/** Bytes of `65536`, `64KiB`, `80MiB`, `1.5GB`. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(|B|kB|MB|GB|KiB|MiB|GiB)$/.exec(text);
  return match === null ? undefined : Math.round(Number(match[1]) * SIZE_UNITS[match[2]!]!);
}

/** A whole number, 0 or more. */
export function parseCount(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Number of insertions, deletions, replacements, and exchanges of neighbours, that make one text of the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1]!;
    const row = rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (exchanged) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

/** The candidate that was probably meant: one that ends like the text, or differs in a third of its characters or less. */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  if (text.length > 100) return undefined;
  const ending = candidates.filter((candidate) => candidate.endsWith(`.${text}`));
  if (ending.length === 1) return ending[0];
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(text, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= best.candidate.length / 3 ? best.candidate : undefined;
}
