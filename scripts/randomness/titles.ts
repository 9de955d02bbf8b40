/**
 * Names that a program with a title gets: the title in one word, its initials, its first word with the initials of the
 * others, and all in capitals. Which of several ways it is, a hash of the title draws.
 *
 * @module
 */

import { fnv } from "./corpora.ts";

const SMALL = /^(?:a|an|and|at|by|for|from|in|of|on|or|the|to|vs|with)$/i;
const NUMBER = /^\d{1,4}$/;
const ROMAN: Readonly<Record<string, string>> = { II: "2", III: "3", IV: "4", VI: "6", VII: "7", VIII: "8", IX: "9" };

/** What programs carry behind their names; mostly nothing. */
const SUFFIXES = " | | | | | |64|_x64|-Win64-Shipping|SP|MP|VR|HD|Win|DX11|Demo|Launcher|_s|PC|Ex".split("|")
  .map((suffix) => suffix.trim());
const EXTENSIONS = [".exe", ".exe", ".exe", ".exe", ".EXE", "", "", ".x86_64"];

/** Words of a title, Roman numbers as digits if `digits`. */
function wordsOf(title: string, digits: boolean): string[] {
  const plain = title.normalize("NFD").replace(/[\p{M}'’]/gu, "");
  if (/[^\x20-\x7e]/.test(plain.replace(/[™®–—:]/g, ""))) return [];
  return (plain.match(/[A-Za-z0-9]+/g) ?? []).map((word) => digits ? ROMAN[word] ?? word : word);
}

/** First letters; those of small words are small or left out now and then, numbers stay whole. */
function initials(words: readonly string[], draw: number): string {
  return words.map((word) => {
    if (NUMBER.test(word)) return word;
    if (SMALL.test(word)) return [word[0]!.toLowerCase(), word[0]!.toUpperCase(), ""][draw % 3]!;
    return word[0]!.toUpperCase();
  }).join("");
}

/** The names that a title gives, each with what kind of name it is. */
export function formsOf(title: string): [form: string, name: string][] {
  const draw = fnv(title);
  const words = wordsOf(title, draw % 4 > 0);
  const behind = SUFFIXES[(draw >>> 4) % SUFFIXES.length]! + EXTENSIONS[(draw >>> 9) % EXTENSIONS.length]!;
  const forms: [string, string][] = [];
  const add = (form: string, name: string) => {
    if (name.length >= 3 && name.length <= 28) {
      forms.push([form, (draw >>> 14) % 8 === 0 ? `${name}${behind}`.toLowerCase() : `${name}${behind}`]);
    }
  };
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  add("joined", joined);
  if (words.length > 2) add("initials", initials(words, draw >>> 17));
  if (words.length > 2) {
    add("first", (draw & 8 ? words[0]!.toUpperCase() : words[0]!) + initials(words.slice(1), draw >>> 17));
  }
  if (joined.length <= 14) add("capitals", joined.toUpperCase());
  return forms;
}
