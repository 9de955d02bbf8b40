/**
 * Writes views as HTML: Hono escapes texts and attributes.
 *
 * @module
 */

import { jsx } from "hono/jsx";
import type { View } from "./browser/mod.ts";

/** A view as an element of Hono's. */
export function Shown({ view }: { readonly view: View }) {
  return <>{nodeOf(view)}</>;
}

function nodeOf(view: View): ReturnType<typeof jsx> | string {
  return typeof view === "string" ? view : jsx(view.tag, view.attributes, ...view.children.map(nodeOf));
}
