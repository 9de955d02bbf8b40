/**
 * Learning: adds the trees that were seen to a file, and keeps what a person wrote there.
 *
 * @module
 */

import { Document, isMap, isScalar, isSeq, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { type FlagName, flagNames, isTree, ORDINARY, patternOf, PatternSet } from "../../fingerprint/mod.ts";
import { causeOf } from "../settings/mod.ts";
import { ConfigError } from "../text/mod.ts";
import { parseFile, RECORDED, type SectionList, TREES } from "./file.ts";
import { isNamed, type Section, sectionKey, type SectionKind } from "./sections.ts";
import { dayText, isOther, LAST_SEEN, lastSeenIn, latest, mergeSeen, type SeenTree, timeText } from "./seen.ts";

const HEADER = [
  " What is expected to run, for --baseline.file of cnproc-exporter. Review it: whatever stands here is no news any more.",
  " In a tree, * is any text within a label, ** any number of labels, \\* a star: /nginx/** is nginx and all below it.",
].join("\n");
const SECTION_HEADERS: Readonly<Record<SectionKind, string>> = {
  units: " What is expected in one systemd unit only. In a name * is any text.",
  images: " What is expected in containers of one image only. In a name * is any text: redis:*",
};
const FLAGS_HEADER =
  " Grave flags that launches of a tree may have (docs/flags.md): any other one is news. Without this key none is.";

/** What learning did. */
export interface Learned {
  /** The file's new text; the old one, to the byte, where nothing was added. */
  readonly text: string;
  /** Trees that were added, and trees that a rule of the file covered before. */
  readonly added: readonly string[];
  readonly known: number;
  /** Grave flags that were added, each of each tree. */
  readonly addedFlags: number;
  /** Whether flags were seen that the file doesn't want to hear of, because it records none. */
  readonly ignoresFlags: boolean;
  /** What was seen and can't be in a baseline, because it stands for any tree, or is none. */
  readonly skipped: readonly string[];
}

/**
 * Adds trees to the text of a file, undefined for a file that is to be made. Comments, order and patterns stay as they are;
 * what no pattern matches comes at the end. Grave flags that no pattern of theirs has are added too, unless the file has
 * trees and no map of flags: with one, what wasn't seen by now would be news all of a sudden. With `refresh` the days in comments
 * that say when a tree was last seen are renewed. Throws a {@link ConfigError}
 * if the text isn't a baseline.
 */
export function mergeBaseline(
  text: string | undefined,
  name: string,
  seen: Iterable<SeenTree>,
  refresh = false,
): Learned {
  const { document, lists, flags, baseline } = parseFile(text ?? "", name);
  const trees = mergeSeen(seen), hosts = new Set(trees.flatMap(({ instances }) => instances)).size;
  const usable = trees.filter(({ tree }) => !isOther(tree) && isTree(tree));
  const fresh = usable.filter(({ tree, section }) => !baseline.covers(tree, section));
  const recordsFlags = baseline.flagEntries !== undefined || baseline.entries.length === 0;
  const flagsByTree = new Map<string, number>();
  for (const { tree, flags } of usable) flagsByTree.set(tree, (flagsByTree.get(tree) ?? 0) | flags);
  const grave = [...flagsByTree].flatMap(([tree, flags]) => {
    const missing = flags & ~ORDINARY & ~baseline.recordedFlags(tree);
    return missing === 0 ? [] : [{ tree, flags: flagNames(missing) }];
  });
  const flagged = recordsFlags ? grave : [];
  const counts = {
    addedFlags: flagged.reduce((sum, { flags }) => sum + flags.length, 0),
    ignoresFlags: !recordsFlags && grave.length > 0,
    added: fresh.map(({ tree }) => tree),
    known: usable.length - fresh.length,
    skipped: trees.filter((seen) => !usable.includes(seen)).map(({ tree }) => tree),
  };
  const renewed = refresh ? lists.reduce((sum, list) => sum + renewDays(list, trees), 0) : 0;
  if (fresh.length + flagged.length + renewed === 0 && text !== undefined) return { text, ...counts };
  const target = text === undefined ? emptyDocument() : document;
  // A new file has the list of what is expected anywhere, so that it is seen to be empty.
  const isNew: [string, SeenTree[]][] = text === undefined ? [["", []]] : [];
  const bySection = new Map([...isNew, ...Map.groupBy(fresh, ({ section }) => sectionKey(section))]);
  for (const [, trees] of [...bySection].sort(([a], [b]) => a < b ? -1 : 1)) {
    const section = trees[0]?.section;
    const key = sectionKey(section), known = lists.find((list) => sectionKey(list.section) === key);
    const items = known?.list ?? addList(target, section);
    items.flow = items.flow === true && items.items.length > 0 || items.items.length + trees.length === 0;
    for (const tree of trees) items.add(entryOf(tree, hosts));
  }
  if (recordsFlags) {
    const map = flags ?? addFlags(target);
    map.flow = map.flow === true && map.items.length > 0 || flagged.length === 0;
    for (const { tree, flags } of flagged) recordFlags(target, map, patternOf(tree), flags);
  }
  return { text: target.toString({ lineWidth: 0, flowCollectionPadding: false }), ...counts };
}

/** Renews the days in comments; how many. What was seen without a section may have been in any. */
function renewDays({ section, list: { items } }: SectionList, seen: readonly SeenTree[]): number {
  const trees = section === undefined
    ? seen
    : seen.filter(({ section: other }) =>
      other === undefined || other.kind !== section.kind || isNamed(section, other.name)
    );
  let renewed = 0;
  for (const item of items) {
    if (!isScalar(item) || typeof item.value !== "string") continue;
    const before = lastSeenIn(item.comment);
    if (before === undefined) continue;
    const patterns = new PatternSet([item.value]);
    const last = latest(trees.filter(({ tree }) => patterns.matches(tree)).map((tree) => tree.lastSeenSeconds));
    if (last === undefined || last <= before) continue;
    item.comment = item.comment!.replace(LAST_SEEN, `last seen ${dayText(last)}`);
    renewed++;
  }
  return renewed;
}

function emptyDocument(): Document {
  const document = new Document({});
  document.commentBefore = HEADER;
  return document;
}

/** Gives a document a list that it hasn't: that of a section, or of what is expected anywhere. */
function addList(document: Document, section: Section | undefined): YAMLSeq {
  const list = document.createNode([]) as YAMLSeq;
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (section === undefined) {
    document.set(TREES, list);
    return list;
  }
  const sections = document.get(section.kind), map = isMap(sections) ? sections : addMap(document, section.kind);
  map.flow = false;
  map.delete(section.name);
  map.add(document.createPair(section.name, list));
  return list;
}

/** Gives a document that has no sections of a kind an empty map of them. */
function addMap(document: Document, kind: SectionKind): YAMLMap {
  const map = document.createNode({}) as YAMLMap, key = new Scalar(kind);
  if (!document.has(kind)) key.commentBefore = SECTION_HEADERS[kind];
  document.delete(kind);
  document.add(document.createPair(key, map));
  return map;
}

/** Gives a document that has no flags an empty map of them. */
function addFlags(document: Document): YAMLMap {
  const map = document.createNode({}) as YAMLMap, key = new Scalar(RECORDED);
  if (!document.has(RECORDED)) key.commentBefore = FLAGS_HEADER;
  document.delete(RECORDED);
  document.add(document.createPair(key, map));
  return map;
}

/** Adds flags to those of a pattern: `/dockerd/runc: [memfd]`. */
function recordFlags(document: Document, map: YAMLMap, pattern: string, flags: readonly FlagName[]): void {
  const there = map.items.find(({ key }) => isScalar(key) && key.value === pattern);
  if (isSeq(there?.value)) return flags.forEach((flag) => (there.value as YAMLSeq).add(flag));
  const list = document.createNode(flags) as YAMLSeq;
  list.flow = true;
  if (there !== undefined) there.value = list;
  else map.add(document.createPair(pattern, list));
}

/** `/cron/base # first seen 2026-01-02T03:04:05Z, last seen 2026-01-09, 12 launches on 3 of 40 hosts`; of a single host nothing is said. */
function entryOf({ tree, launches, firstSeenSeconds, lastSeenSeconds, instances }: SeenTree, hosts: number): Scalar {
  const entry = new Scalar(patternOf(tree));
  const first = firstSeenSeconds === undefined ? "" : `first seen ${timeText(firstSeenSeconds)}, `;
  const where = hosts > 1 && instances.length > 0 ? ` on ${instances.length} of ${hosts} hosts` : "";
  const last = lastSeenSeconds === undefined ? "" : `last seen ${dayText(lastSeenSeconds)}, `;
  const count = launches === 0 ? "seen" : `${launches} ${launches === 1 ? "launch" : "launches"}`;
  entry.comment = ` ${first}${last}${count}${where}`;
  return entry;
}

/**
 * Merges trees into a file, which is made if there is none. It is replaced as a whole, so that nobody ever reads half of it.
 * Throws a {@link ConfigError}.
 */
export async function learnInto(path: string, seen: Iterable<SeenTree>, refresh = false): Promise<Learned> {
  try {
    // A link stays one: what it leads to is replaced.
    const target = await Deno.realPath(path).catch(() => path);
    const old = await Deno.readTextFile(target).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    const learned = mergeBaseline(old, path, seen, refresh);
    if (learned.text === old) return learned;
    const part = `${target}.${crypto.randomUUID()}.part`;
    try {
      const mode = old === undefined ? undefined : (await Deno.stat(target)).mode ?? undefined;
      await Deno.writeTextFile(part, learned.text, {
        createNew: true,
        ...mode === undefined ? {} : { mode: mode & 0o777 },
      });
      await Deno.rename(part, target);
    } catch (error) {
      await Deno.remove(part).catch(() => {});
      throw error;
    }
    return learned;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(path, undefined, undefined, `it can't be written (${causeOf(error)})`);
  }
}
