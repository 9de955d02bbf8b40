/**
 * Reads the corpora that the detector of machine-made names is trained and tested on.
 *
 * @module
 */

/** A name that people chose. */
export interface Chosen {
  readonly name: string;
  readonly source: string;
  /** How many names of `names.txt` it stands for; the weights of all names add up to the length of `names.txt`. */
  readonly weight: number;
}

/** A name that a machine made. */
export interface Made {
  readonly name: string;
  readonly family: string;
}

/** A name and what the detector should make of it. */
export interface Pair {
  readonly name: string;
  readonly collapsed: string;
}

export interface Corpora {
  /** `names_full.tsv.gz`, weighted so that each source counts as it does in `names.txt`. */
  readonly chosen: readonly Chosen[];
  /** Words of other languages and identifiers (sources `words-…`), which together weigh {@link WORDS_SHARE} of them. */
  readonly words: readonly Chosen[];
  /**
   * Names of desktop programs and games (sources `desktop-…`), which together weigh {@link PROGRAMS_SHARE}, what programs keep
   * in home folders (`home`), and other chosen names behind a dot, as they may (`hidden`).
   */
  readonly programs: readonly Chosen[];
  /** `names.txt` as it is. */
  readonly sample: readonly Chosen[];
  readonly made: readonly Made[];
  readonly pairs: readonly Pair[];
}

/** What the words of other languages and identifiers weigh against the names of the corpora: names are seldom such words. */
const WORDS_SHARE = 0.04;

/** What the names of desktop programs and games weigh against the names of the corpora. */
const PROGRAMS_SHARE = 0.1;

/** What a name in home folders weighs: more than other programs' names, since everybody has some of them. */
const HOME_WEIGHT = 0.3;

/** One of so many chosen names is shown behind a dot as well. */
const HIDDEN = 64;

/** Reads all files of a corpora folder. */
export async function readCorpora(folder: string): Promise<Corpora> {
  const sample = rows(await text(folder, "names.txt")).map(([source, name]) => ({ name, source, weight: 1 }));
  const full = rows(await text(folder, "names_full.tsv.gz"));
  const inSample = count(sample.map((row) => row.source));
  const inFull = count(full.map(([source]) => source));
  const chosen = full.map(([source, name]) => ({
    name,
    source,
    weight: (inSample.get(source) ?? 0) / (inFull.get(source) ?? 1),
  }));
  const here = new URL(".", import.meta.url).pathname;
  const beside = async (file: string, share: number, prefix: string) => {
    const lines = rows(await text(here, file));
    const weight = share * sample.length / lines.length;
    return lines.map(([source, name]) => ({ name, source: `${prefix}${source}`, weight }));
  };
  const words = await beside("words.tsv.gz", WORDS_SHARE, "words-");
  const hidden = chosen.filter(({ name }) => /^[a-z]/.test(name) && fnv(`.${name}`) % HIDDEN === 0);
  const desktop = await beside("programs.tsv.gz", PROGRAMS_SHARE, "");
  const programs = [
    ...desktop.map((row) => row.source === "home" ? { ...row, weight: HOME_WEIGHT } : row),
    ...hidden.map(({ name }) => ({ name: `.${name}`, source: "hidden", weight: desktop[0]!.weight })),
  ];
  const made = rows(await text(folder, "random.txt")).map(([family, name]) => ({ name, family }));
  const pairs = rows(await text(folder, "pairs.tsv")).map(([name, collapsed]) => ({ name, collapsed }));
  return { chosen, words, programs, sample, made, pairs };
}

async function text(folder: string, file: string): Promise<string> {
  const path = `${folder}/${file}`;
  try {
    if (!file.endsWith(".gz")) return await Deno.readTextFile(path);
    const { readable } = await Deno.open(path);
    return await new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
  } catch (cause) {
    throw new Error(
      `Cannot read corpus ${path}: ${(cause as Error).message}; give the folder of the corpora as the argument`,
      { cause },
    );
  }
}

function rows(tsv: string): [string, string][] {
  return tsv.split("\n").filter((line) => line !== "").map((line) => {
    const tab = line.indexOf("\t");
    return [line.slice(0, tab), line.slice(tab + 1)];
  });
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A number of 32 bits for a text, always the same for the same one (FNV-1a, mixed once more). */
export function fnv(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** A fixed number from 0 to 9 for a name: the tenth of the corpora that it belongs to. */
export function tenth(name: string): number {
  return fnv(name) % 10;
}
