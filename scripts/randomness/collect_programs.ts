/**
 * Draws names of desktop programs and games and of what programs keep in home folders, which the training shows beside the
 * corpora, and writes them to `programs.tsv.gz`.
 *
 *     deno run -A scripts/randomness/collect_programs.ts DETECTABLE.json TITLES.md HOME RULES
 *
 * `DETECTABLE.json` is Discord's list of applications as arRPC carries it (headassbtw/arrpc,
 * `src/process/detectable.json`), `TITLES.md` the games of mtkennerly/ludusavi-manifest (`data/missing.md`), `HOME` the
 * folder of b3nj5m1n/xdg-ninja that says what programs keep in home folders (`programs`), and `RULES` a checkout of CachyOS/ananicy-rules: what has a name in it, whatever its case and extension, is left out, since the
 * detector is measured on those names (`outside.tsv`). The same lists give the same file.
 *
 * @module
 */

import { fnv } from "./corpora.ts";
import { formsOf } from "./titles.ts";

/** Names of each source that are kept, at most. */
const KEPT = 8000;

/** What is compared when names of {@link excluded} are left out. */
function key(name: string): string {
  return name.toLowerCase().replace(/\.(?:exe|x86_64|x86|sh|bin)$/, "").replace(/-win64-shipping$/, "");
}

/** The names that rules of ananicy are for, as {@link key} has them. */
async function excluded(folder: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) { for (const below of await excluded(path)) keys.add(below); }
    else if (name.endsWith(".rules")) {
      for (const [, rule] of (await Deno.readTextFile(path)).matchAll(/"name"\s*:\s*"([^"]+)"/g)) keys.add(key(rule!));
    }
  }
  return keys;
}

/** The path elements of all programs in Discord's list. */
function programs(list: readonly { readonly executables?: readonly { readonly name: string }[] }[]): string[] {
  return list.flatMap(({ executables = [] }) => executables)
    .flatMap(({ name }) => name.replace(/^>/, "").split(/[/\\]/))
    .filter((element) => /^[\x20-\x7e]{3,60}$/.test(element));
}

/** Names with a dot that programs have in home folders. */
async function hidden(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    names.push(...text.matchAll(/"path":\s*"(?:\$HOME|~)\/(\.[\w.-]+)/g).map(([, path]) => path!));
  }
  return names;
}

if (import.meta.main) {
  const [detectable, titlesFile, home, rules] = Deno.args;
  if (detectable === undefined || titlesFile === undefined || home === undefined || rules === undefined) {
    console.error("Cannot collect names of programs: give the two lists, HOME and the names to leave out");
    Deno.exit(2);
  }
  const without = await excluded(rules);
  const list = JSON.parse(await Deno.readTextFile(detectable));
  const games = (await Deno.readTextFile(titlesFile)).matchAll(/^\* \[(.*?)\]\(https/gm).map(([, title]) => title!);
  const titles = [...new Set([...list.map(({ name }: { name: string }) => name), ...games])].sort();
  const sources = new Map<string, string[]>([["desktop-file", programs(list)], ["home", await hidden(home)]]);
  for (const title of titles) {
    for (const [form, name] of formsOf(title)) {
      const source = `desktop-${form}`;
      sources.set(source, [...sources.get(source) ?? [], name]);
    }
  }
  let text = "";
  for (const [source, names] of sources) {
    const drawn = [...new Set(names)].filter((name) => !without.has(key(name)))
      .map((name) => ({ name, order: fnv(`${source}/${name}`) }))
      .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1)).slice(0, KEPT).map(({ name }) => name).sort();
    for (const name of drawn) text += `${source}\t${name}\n`;
    console.log(`${source}  ${drawn.length}`);
  }
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(
    new URL("programs.tsv.gz", import.meta.url),
    new Uint8Array(await new Response(packed).arrayBuffer()),
  );
}
