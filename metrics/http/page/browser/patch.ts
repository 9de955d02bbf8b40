/**
 * Writes views into the document. What is there already and is the same stays, and with it the reader's focus and selection.
 * Texts become text nodes and values of attributes, never HTML.
 *
 * @module
 */

import { page, type PageElement } from "./dom.ts";
import type { ElementView } from "./view.ts";

/** Attributes that aren't the view's: where the focus is, and what is filtered out. */
const OTHERS: ReadonlySet<string> = new Set(["tabindex", "hidden"]);
const SVG = "http://www.w3.org/2000/svg", SVG_TAGS: ReadonlySet<string> = new Set(["svg", "path"]);

export function build(view: ElementView): PageElement {
  const { document } = page, { tag } = view;
  const made = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  patch(made, view);
  return made;
}

/** Has an element be what a view says. */
export function patch(target: PageElement, { attributes, children }: ElementView): void {
  for (const name of target.getAttributeNames()) {
    if (attributes[name] === undefined && !OTHERS.has(name)) target.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const text = value === true ? "" : String(value);
    if (target.getAttribute(name) !== text) target.setAttribute(name, text);
  }
  const nodes = target.childNodes;
  children.forEach((child, i) => {
    const node = nodes[i];
    if (typeof child === "string") {
      if (node === undefined) target.append(child);
      else if (node.localName !== undefined) node.replaceWith(child);
      else if (node.textContent !== child) node.textContent = child;
    } else if (node === undefined) target.append(build(child));
    else if (node.localName === child.tag) patch(node, child);
    else node.replaceWith(build(child));
  });
  while (nodes.length > children.length) nodes[nodes.length - 1]!.remove();
}
