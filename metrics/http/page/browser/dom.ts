/**
 * What the page's script uses of a browser. Deno's own types have no document, and the whole library `dom` contradicts them.
 *
 * @module
 */

/** An element. */
export interface PageElement {
  readonly children: ArrayLike<PageElement>;
  readonly parentElement: PageElement | null;
  readonly firstElementChild: PageElement | null;
  readonly lastElementChild: PageElement | null;
  readonly nextElementSibling: PageElement | null;
  readonly previousElementSibling: PageElement | null;
  readonly dataset: Record<string, string | undefined>;
  readonly classList: { toggle(name: string, isOn: boolean): void; contains(name: string): boolean };
  readonly content: PageElement;
  className: string;
  textContent: string | null;
  hidden: boolean;
  open: boolean;
  value: string;
  tabIndex: number;
  cloneNode(isDeep: boolean): PageElement;
  append(...nodes: readonly (PageElement | string)[]): void;
  prepend(...nodes: readonly PageElement[]): void;
  insertBefore(node: PageElement, before: PageElement | null): void;
  replaceChildren(...nodes: readonly PageElement[]): void;
  replaceWith(node: PageElement): void;
  remove(): void;
  focus(): void;
  closest(selector: string): PageElement | null;
  matches(selector: string): boolean;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** An event of the page or its keyboard. */
export interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  preventDefault(): void;
}

/** A window with a document. */
export interface PageWindow {
  readonly document: {
    readonly body: PageElement;
    readonly activeElement: PageElement | null;
    createElement(name: string): PageElement;
    querySelector(selector: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
    addEventListener(type: string, listener: (event: PageEvent) => void): void;
  };
  readonly EventSource: typeof EventSource;
  readonly IntersectionObserver: new (
    callback: (entries: readonly { readonly target: PageElement; readonly isIntersecting: boolean }[]) => void,
    options: { readonly rootMargin: string },
  ) => { observe(element: PageElement): void; unobserve(element: PageElement): void };
  requestAnimationFrame(callback: () => void): void;
}

/** The window that the script runs in. */
export const page = globalThis as unknown as PageWindow;

/** The first element that matches; the page has one. */
export function find(selector: string): PageElement {
  return page.document.querySelector(selector)!;
}

/** Sets a text that is another one, so that a reader's selection stays where nothing changed. */
export function say(element: PageElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
