/**
 * What a reader looks at: the filter, the order and the opened tree. It stands in the page's address, so that it can be
 * linked to, and works without the script.
 *
 * @module
 */

import { type Facts, type SortKey, SORTS } from "./facts.ts";

export interface Selection {
  /** Part of the paths that are looked for, or a kind; empty for all. */
  readonly text: string;
  /** The kind of trees that are looked for, such as `unexpected`; empty for all. */
  readonly kind: string;
  readonly sort: SortKey;
  /** Whether the least comes first. */
  readonly isRising: boolean;
  /** Path of the tree that is opened; empty for none. */
  readonly open: string;
}

/** Characters of a value that are taken; a path may have 4096 bytes. */
const MOST_TEXT = 200, MOST_PATH = 4096;

/** What is looked at first. */
export const ALL: Selection = { text: "", kind: "", sort: "tree", isRising: false, open: "" };

/** The selection of an address. What isn't understood is left out. */
export function selectionOf(parameter: (name: string) => string | null | undefined): Selection {
  const [sort = "", order] = (parameter("sort") ?? "").split(".");
  return {
    text: (parameter("q") ?? "").slice(0, MOST_TEXT),
    kind: (parameter("kind") ?? "").slice(0, MOST_TEXT),
    sort: Object.hasOwn(SORTS, sort) ? sort as SortKey : "tree",
    isRising: order === "up",
    open: (parameter("open") ?? "").slice(0, MOST_PATH),
  };
}

export function addressOf({ text, kind, sort, isRising, open }: Selection): string {
  const parameters = Object.entries({
    q: text,
    kind,
    sort: sort === "tree" && !isRising ? "" : sort + (isRising ? ".up" : ""),
    open,
  }).filter(([, value]) => value !== "").map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parameters.length === 0 ? "/" : `/?${parameters.join("&")}`;
}

/** Whether everything is looked at, in whichever order. */
export function isEverything({ text, kind }: Selection): boolean {
  return text.trim() === "" && kind === "";
}

export function isSelected({ text, kind }: Selection, { path, kinds }: Pick<Facts, "path" | "kinds">): boolean {
  if (kind !== "" && !kinds.includes(kind)) return false;
  const wanted = text.trim().toLowerCase();
  return path.toLowerCase().includes(wanted) || kinds.includes(wanted);
}
