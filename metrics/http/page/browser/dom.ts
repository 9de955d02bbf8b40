/**
 * What the page's script uses of a browser. Deno's own types have no document, and the whole library `dom` contradicts them.
 *
 * @module
 */

/** An element; a text node has no name and no attributes. */
export interface PageElement {
  readonly localName: string | undefined;
  readonly childNodes: ArrayLike<PageElement>;
  readonly children: ArrayLike<PageElement>;
  readonly firstElementChild: PageElement | null;
  readonly nextElementSibling: PageElement | null;
  readonly dataset: Record<string, string | undefined>;
  readonly classList: { toggle(name: string, isOn: boolean): void };
  className: string;
  textContent: string | null;
  hidden: boolean;
  value: string;
  tabIndex: number;
  append(...nodes: readonly (PageElement | string)[]): void;
  insertBefore(node: PageElement, before: PageElement | null): void;
  replaceWith(node: PageElement | string): void;
  remove(): void;
  focus(): void;
  click(): void;
  scrollIntoView(options: { readonly block: "nearest" }): void;
  closest(selector: string): PageElement | null;
  matches(selector: string): boolean;
  querySelector(selector: string): PageElement | null;
  getAttribute(name: string): string | null;
  getAttributeNames(): readonly string[];
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

export interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  preventDefault(): void;
}

export interface PageWindow {
  readonly document: {
    execCommand(command: "copy"): void;
    createElement(name: string): PageElement;
    createElementNS(namespace: string, name: string): PageElement;
    querySelector(selector: string): PageElement | null;
    addEventListener(type: string, listener: (event: PageEvent) => void): void;
  };
  readonly EventSource: typeof EventSource;
  readonly IntersectionObserver: new (
    callback: (entries: readonly { readonly target: PageElement; readonly isIntersecting: boolean }[]) => void,
    options: { readonly rootMargin: string },
  ) => { observe(element: PageElement): void; unobserve(element: PageElement): void };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  getSelection(): { selectAllChildren(element: PageElement): void };
  readonly location: { readonly search: string };
  readonly history: { replaceState(state: null, title: string, address: string): void };
  requestAnimationFrame(callback: () => void): void;
}

export const page = globalThis as unknown as PageWindow;

/** The first element that matches; the page has one. */
export function find(selector: string): PageElement {
  return page.document.querySelector(selector)!;
}

/** Sets a text that is another one, so that a reader's selection stays where nothing changed. */
export function say(element: PageElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
