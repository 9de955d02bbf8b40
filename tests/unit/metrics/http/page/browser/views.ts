/**
 * Views in short, for the tests of the page's parts.
 *
 * @module
 */

import type { View } from "../../../../../../metrics/http/page/browser/mod.ts";

/** All text in a view. */
export function textOf(view: View): string {
  return typeof view === "string" ? view : view.children.map(textOf).join("");
}

/** The elements in a view with this tag, itself included. */
export function elementsOf(view: View, tag: string): Exclude<View, string>[] {
  if (typeof view === "string") return [];
  return [...view.tag === tag ? [view] : [], ...view.children.flatMap((child) => elementsOf(child, tag))];
}
