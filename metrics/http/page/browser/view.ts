/**
 * Parts of the page as plain data: written to HTML by the server, and to the document by the script. Each part is one
 * function, so that both show the same.
 *
 * @module
 */

/** Attributes by name: `true` is one without a value, undefined none. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

/** An element with what is in it. */
export interface ElementView {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly View[];
}

/** An element, or text. */
export type View = ElementView | string;

/** An element. Texts that follow each other are one, as a document has them; empty ones are left out, as is what is undefined. */
export function element(
  tag: string,
  attributes: Attributes,
  ...parts: readonly (View | undefined)[]
): ElementView {
  const children: View[] = [];
  for (const part of parts) {
    if (part === undefined || part === "") continue;
    const before = children.at(-1);
    if (typeof part === "string" && typeof before === "string") children[children.length - 1] = before + part;
    else children.push(part);
  }
  return { tag, attributes, children };
}
