/**
 * Draws words of other languages and identifiers of C headers, which the training shows beside the corpora, and writes
 * them to `words.tsv.gz`.
 *
 *     apt-get download wngerman … linux-libc-dev … && for deb in *.deb; do dpkg-deb -x $deb ROOT; done
 *     deno run -A scripts/randomness/collect_words.ts ROOT
 *
 * `ROOT` is where Debian's word lists (packages `w*`), spelling dictionaries (`hunspell-*`, `myspell-*`) and the headers
 * of libgl-dev, libgtk-3-dev, libssl-dev and linux-libc-dev lie, as a package installs them. The words are single words, drawn by a hash of each, without accents and without those of
 * other letters than Latin: as a program's name would have them. The same lists give the same file.
 *
 * @module
 */

import { fnv } from "./corpora.ts";

/** Words of each language. */
const WORDS = 3000;

/** Language → its list below `usr/share`. */
const LISTS: Readonly<Record<string, string>> = {
  br: "hunspell/br_FR.dic",
  ca: "dict/catalan",
  cs: "hunspell/cs_CZ.dic",
  da: "dict/danish",
  de: "dict/ngerman",
  eo: "dict/esperanto",
  es: "dict/spanish",
  et: "hunspell/et_EE.dic",
  eu: "hunspell/eu.dic",
  fo: "dict/faroese",
  fr: "dict/french",
  ga: "dict/irish",
  gd: "hunspell/gd_GB.dic",
  hr: "hunspell/hr_HR.dic",
  hu: "hunspell/hu_HU.dic",
  id: "hunspell/id_ID.dic",
  is: "hunspell/is_IS.dic",
  it: "dict/italian",
  lt: "hunspell/lt_LT.dic",
  lv: "hunspell/lv_LV.dic",
  nb: "dict/bokmaal",
  nl: "dict/dutch",
  pl: "dict/polish",
  pt: "dict/portuguese",
  ro: "hunspell/ro_RO.dic",
  sk: "hunspell/sk_SK.dic",
  sl: "hunspell/sl_SI.dic",
  sq: "hunspell/sq_AL.dic",
  sv: "dict/swedish",
  sw: "hunspell/sw_TZ.dic",
  tr: "hunspell/tr_TR.dic",
};

/** What a header defines or declares, in capitals or with some. */
const IDENTIFIERS: Readonly<Record<string, RegExp>> = {
  macro: /^#\s*define\s+([A-Z][A-Z0-9_]{3,39})\b/gm,
  camel: /\b([A-Za-z]+[a-z][A-Z][A-Za-z0-9_]{2,38})(?=\s*[(;])/g,
};

/** Letters that lose more than an accent. */
const PLAIN: Readonly<Record<string, string>> = { ł: "l", đ: "d", ø: "o", æ: "ae", ı: "i", ß: "ss", þ: "th", ð: "d" };

/** A list's text, in the encoding that its `.aff` file names. */
async function read(root: string, list: string): Promise<string> {
  const path = `${root}/usr/share/${list}`;
  const bytes = await Deno.readFile(path);
  if (!list.endsWith(".dic")) return new TextDecoder().decode(bytes);
  const rules = new TextDecoder("latin1").decode(await Deno.readFile(path.replace(/dic$/, "aff")));
  const encoding = /^SET\s+(\S+)/m.exec(rules)?.[1] ?? "utf-8";
  return new TextDecoder(encoding.replace(/^ISO8859/, "iso-8859")).decode(bytes);
}

/** The text of every header below a folder, in the order of their paths. */
async function headers(folder: string): Promise<string> {
  const entries = (await Array.fromAsync(Deno.readDir(folder))).sort((a, b) => a.name < b.name ? -1 : 1);
  let text = "";
  for (const { name, isDirectory, isFile } of entries) {
    if (isDirectory) text += await headers(`${folder}/${name}`);
    else if (isFile && name.endsWith(".h")) text += await Deno.readTextFile(`${folder}/${name}`);
  }
  return text;
}

/** As many as {@link WORDS} of them, drawn by their hashes, in alphabetical order. */
function draw(words: Iterable<string>, source: string): string[] {
  return [...new Set(words)].map((word) => ({ word, order: fnv(`${source}/${word}`) }))
    .sort((a, b) => a.order - b.order || (a.word < b.word ? -1 : 1))
    .slice(0, WORDS).map(({ word }) => word).sort();
}

/** The words of a list, as a name would have them. */
function wordsOf(text: string): string[] {
  const words = new Set<string>();
  for (const line of text.split("\n")) {
    const word = line.split(/[/\t ]/, 1)[0]!.trim()
      .replace(/[łđøæıßþð]/g, (letter) => PLAIN[letter]!)
      .normalize("NFD").replace(/\p{M}/gu, "");
    if (/^[A-Z]?[a-z]{3,27}$/.test(word)) words.add(word);
  }
  return [...words];
}

if (import.meta.main) {
  const root = Deno.args[0];
  if (root === undefined) {
    console.error("Cannot collect words: give the folder that the word lists were unpacked to");
    Deno.exit(2);
  }
  let text = "";
  const add = (source: string, words: Iterable<string>) => {
    const drawn = draw(words, source);
    for (const word of drawn) text += `${source}\t${word}\n`;
    console.log(`${source}  ${drawn.length}`);
  };
  for (const [language, list] of Object.entries(LISTS)) add(language, wordsOf(await read(root, list)));
  const header = await headers(`${root}/usr/include`);
  for (const [source, form] of Object.entries(IDENTIFIERS)) {
    add(source, header.matchAll(form).map(([, identifier]) => identifier!));
  }
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(
    new URL("words.tsv.gz", import.meta.url),
    new Uint8Array(await new Response(packed).arrayBuffer()),
  );
}
