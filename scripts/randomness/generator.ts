/**
 * Makes random strings for training: any alphabet, any length, alone or beside a name that people chose. These are no
 * copies of the families of the corpora, so that the detector learns what random is rather than who made it.
 *
 * @module
 */

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";

/** Alphabet name → its characters and how often it is drawn. */
export const ALPHABETS: Readonly<Record<string, { readonly characters: string; readonly share: number }>> = {
  lower: { characters: LOWER, share: 5 },
  upper: { characters: UPPER, share: 1.5 },
  letters: { characters: LOWER + UPPER, share: 2.5 },
  base36: { characters: LOWER + DIGITS, share: 4 },
  base36Upper: { characters: UPPER + DIGITS, share: 0.7 },
  base62: { characters: LOWER + UPPER + DIGITS, share: 5 },
  base64url: { characters: LOWER + UPPER + DIGITS + "-_", share: 0.7 },
  base36underscore: { characters: LOWER + DIGITS + "_", share: 1.2 },
  base32: { characters: LOWER + "234567", share: 0.7 },
  base32Upper: { characters: UPPER + "234567", share: 0.5 },
  crockford: { characters: DIGITS + "ABCDEFGHJKMNPQRSTVWXYZ", share: 0.5 },
  base58: { characters: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", share: 0.7 },
  consonants: { characters: "bcdfghjklmnpqrstvwxz2456789", share: 0.7 },
  hex: { characters: DIGITS + "abcdef", share: 2.5 },
  hexUpper: { characters: DIGITS + "ABCDEF", share: 0.5 },
  base64Text: { characters: "", share: 1.5 },
  alternating: { characters: "", share: 2 },
  syllables: { characters: "", share: 2 },
};

/** Consonants and vowels, one after the other in names that are made to be spoken; `y` is both. */
const CONSONANTS = "bcdfghjklmnpqrstvwxyz", VOWELS = "aeiouy";

/** Sounds that pwgen(1) and its like put together: single ones more often than pairs. */
const STARTS = [...CONSONANTS, ...CONSONANTS, "ch", "gh", "ph", "qu", "sh", "th", "st", "tr", "nd"];
const MIDDLES = [..."aeiou", ..."aeiou", "ae", "ai", "ee", "ei", "ie", "oo", "ia", "uo"];

/** What stands right behind a word. */
const GLUED: readonly { readonly characters: string; readonly lengths: readonly number[] }[] = [
  { characters: LOWER + UPPER + DIGITS, lengths: [6, 6, 6, 8, 10] },
  { characters: LOWER + DIGITS + "_", lengths: [8] },
  { characters: LOWER + DIGITS, lengths: [6, 8] },
];

/** A deterministic stream of random numbers (splitmix32). */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 0;
  }
  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  }
  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Makes random strings and names. */
export class Generator {
  readonly #random: Random;
  readonly #alphabets: { name: string; characters: string; upTo: number }[] = [];
  readonly #words: readonly string[];

  /** `words` are names that people chose, for base64 texts and as neighbours; `without` leaves alphabets out. */
  constructor(random: Random, words: readonly string[], without: ReadonlySet<string> = new Set()) {
    this.#random = random;
    this.#words = words;
    const kept = Object.entries(ALPHABETS).filter(([name]) => !without.has(name));
    const total = kept.reduce((sum, [, { share }]) => sum + share, 0);
    let upTo = 0;
    for (const [name, { characters, share }] of kept) {
      upTo += share / total;
      this.#alphabets.push({ name, characters, upTo });
    }
  }

  /** A random string of an alphabet drawn by its share. */
  token(shortest = 5): string {
    const draw = this.#random.next();
    const { name, characters } = this.#alphabets.find(({ upTo }) => draw < upTo) ?? this.#alphabets[0]!;
    if (name === "base64Text") {
      const text = btoa(String.fromCharCode(...new TextEncoder().encode(this.#random.pick(this.#words).slice(0, 24))));
      return this.#random.next() < 0.7 ? text.replace(/=+$/, "") : text;
    }
    if (name === "alternating") return this.#alternating(shortest + 1 + this.#random.below(9));
    if (name === "syllables") return this.#syllables(shortest + 1 + this.#random.below(9));
    const least = name.startsWith("hex") ? Math.max(7, shortest) : name === "base64url" ? 10 : shortest;
    const length = least + Math.floor(this.#random.next() ** 2 * (this.#random.next() < 0.8 ? 9 : 28));
    let token = "";
    for (let i = 0; i < length; i++) token += characters[this.#random.below(characters.length)];
    return token;
  }

  /** Consonants and vowels in turn, each of a part of the alphabet as many generators have it. */
  #alternating(length: number): string {
    const some = (letters: string) => [...letters].filter(() => this.#random.next() < 0.75).join("") || letters;
    const sets = [some(CONSONANTS), some(VOWELS)];
    let set = this.#random.below(2), token = "";
    while (token.length < length) {
      token += this.#random.pick([...sets[set]!]);
      if (this.#random.next() < 0.9) set = 1 - set;
    }
    return token;
  }

  /** Sounds put together as pwgen(1) does. */
  #syllables(length: number): string {
    let isVowel = this.#random.next() < 0.4, token = "";
    while (token.length < length) {
      token += this.#random.pick(isVowel ? MIDDLES : STARTS);
      isVowel = isVowel ? this.#random.next() < 0.15 : this.#random.next() < 0.9;
    }
    return token.slice(0, length);
  }

  /** A word and random characters right behind it, as `mkstemp("sortXXXXXX")` and `mkdtemp(prefix="job")` have them. */
  #glued(): string {
    const word = /^[a-zA-Z]{3,12}/.exec(this.#random.pick(this.#words))?.[0] ?? "tmp";
    const { characters, lengths } = this.#random.pick(GLUED);
    let token = "";
    for (let i = this.#random.pick(lengths); i > 0; i--) token += characters[this.#random.below(characters.length)];
    return `${word}${token}`;
  }

  /** A name that is a random string, or has one in it. */
  name(): string {
    const token = this.token();
    const draw = this.#random.next();
    const separator = this.#random.pick(["-", "-", "_", "."]);
    if (draw < 0.42) return token;
    if (draw < 0.5) return this.#glued();
    if (draw < 0.6) return `.${token}`;
    if (draw < 0.7) {
      return `${token}.${
        this.#random.pick(["tmp", "tmp", "temp", "so", "py", "sh", "exe", "js", "bin", "dat", "lock", "jar"])
      }`;
    }
    const word = this.#random.pick(this.#words).replace(/\.[^.]*$/, "").slice(0, 24);
    if (draw < 0.93) return `${this.#random.next() < 0.1 ? "." : ""}${word}${separator}${token}`;
    if (draw < 0.97) {
      return `${word}${separator}${token}.${this.#random.pick(["so", "js", "sock", "tmp", "map", "rlib"])}`;
    }
    return `${token}${separator}${word}`;
  }
}
