/**
 * Parts of the page as plain data: written to HTML by the server, and to the document by the script. Each part is one
 * function, so that both show the same.
 *
 * @module
 */

/** Attributes by name: `true` is one without a value, undefined none. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

export interface ElementView {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly View[];
}

export type View = ElementView | string;

/** What is false isn't there. */
export type Part = View | undefined | false;

/**
 * An element, `li` or with a class `li.calm`, of what is in it, and of further attributes before that. Texts that follow each other
 * are one, as a document has them; empty ones are left out.
 */
export function element(name: string, ...inside: readonly Part[]): ElementView;
export function element(name: string, attributes: Attributes, ...inside: readonly Part[]): ElementView;
export function element(name: string, ...[first, ...rest]: readonly (Attributes | Part)[]): ElementView {
  const [tag, className] = name.split(".") as [string, string?],
    hasAttributes = typeof first === "object" && !("tag" in first);
  const attributes = {
    ...className !== undefined && { class: className },
    ...hasAttributes ? first as Attributes : {},
  };
  const children: View[] = [];
  for (const part of (hasAttributes ? rest : [first, ...rest]) as Part[]) {
    if (part === undefined || part === false || part === "") continue;
    const before = children.at(-1);
    if (typeof part === "string" && typeof before === "string") children[children.length - 1] = before + part;
    else children.push(part);
  }
  return { tag, attributes, children };
}
