/**
 * The opened row on the page: asked for again while it is open.
 *
 * @module
 */

import type { ProcessesJson } from "../../api/mod.ts";
import { page, type PageElement, say } from "./dom.ts";
import { detailView } from "./detail.ts";
import { build, patch } from "./patch.ts";

/** Time between two questions. */
const AGAIN_MS = 2000;
/** How long a button says that something was copied. */
const COPIED_MS = 1500;

export class DetailView {
  readonly element: PageElement;
  #path = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes over the one that the page came with, if any. */
  constructor(there: PageElement | null) {
    this.element = there ?? build(detailView(undefined, 0));
    this.element.addEventListener("click", ({ target }) => {
      if (target.matches(".copy")) void copy(target);
    });
  }

  /** Shows another tree, or none. */
  open(path: string): void {
    if (path === this.#path) return;
    clearTimeout(this.#timer);
    this.#path = path;
    if (path !== "") void this.#ask(path);
  }

  async #ask(path: string): Promise<void> {
    try {
      const answer = await fetch(addressOfTree(path));
      const near: ProcessesJson | undefined = answer.ok ? await answer.json() : undefined;
      if (this.#path === path && near !== undefined) patch(this.element, detailView(near, Date.now() / 1000));
    } catch {
      // The state says that the connection is gone.
    }
    if (this.#path === path) this.#timer = setTimeout(() => void this.#ask(path), AGAIN_MS);
  }
}

/** The address that tells what runs a tree. */
function addressOfTree(path: string): string {
  return `/api/v1/trees${path.split("/").map(encodeURIComponent).join("/")}/processes`;
}

/** Copies the text before a button. Without TLS a browser has no clipboard for scripts, but copies what is selected. */
async function copy(button: PageElement): Promise<void> {
  const code = button.closest("li")!.querySelector("code")!, { navigator, document } = page;
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(code.textContent!);
  } else {
    page.getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
  const label = button.getAttribute("aria-label")!,
    show = (text: string) => {
      say(button, text);
      button.setAttribute("aria-label", label.replace("Copy", text));
    };
  show("Copied");
  setTimeout(() => show("Copy"), COPIED_MS);
}
