/**
 * What a path tells about its elements: where they stand, and which hashes in it are there by design.
 *
 * @module
 */

import { BY_DESIGN } from "./by_design/mod.ts";

/** Where an element stands: decides the threshold. */
export type Place = "temporary" | "system" | "other";

/** Elements below these folders are temporary, wherever the folder stands. */
const TEMPORARY = new Set(["tmp", "temp", "shm", ".cache", "cache", "caches", "Temp", "Cache", "Caches"]);

/** Folders of the root that packages fill. */
const SYSTEM = new Set("usr opt lib lib32 lib64 libx32 bin sbin etc boot nix gnu snap System Library".split(" "));

/** The place of each element, for the elements of an absolute or relative path. */
export function placesOf(elements: readonly string[], absolute: boolean): Place[] {
  let place: Place = "other";
  return elements.map((element, i) => {
    if (i === 0 && absolute && SYSTEM.has(element)) place = "system";
    const here = place;
    if (TEMPORARY.has(element) || (i === 1 && element === "user" && elements[0] === "run")) place = "temporary";
    return here;
  });
}

/** A row of the table with its form compiled. */
interface Form {
  readonly rule: string;
  readonly path: RegExp;
}

/** A folder's name → the forms of paths that have it above the element. */
const FORMS = new Map<string, Form[]>();
for (const { tool, key, below, element } of BY_DESIGN) {
  const form = { rule: `path:${tool}`, path: new RegExp(`^${below}/${element}$`) };
  FORMS.set(key, [...FORMS.get(key) ?? [], form]);
}

/** Elements of a path that can be hashes by design; deeper ones are not looked up. */
const DEEPEST = 32;

/** Forms that any path may have, and the length of an element from which on they are tried. */
const ANYWHERE = FORMS.get("/") ?? [], LONG = 20;

/** How an element collapses by design, and by which rule. */
export interface Designed {
  readonly collapsed: string;
  readonly rule: string;
}

/** Finds the elements of one path, from its root on, that are hashes or numbers by design. */
export class DesignedElements {
  readonly #forms: Form[] = [];
  #upTo = "";
  #depth = 0;

  /** What the next element is by design; `undefined` for most. */
  next(element: string): Designed | undefined {
    if (this.#depth++ >= DEEPEST) return undefined;
    this.#upTo += `/${element}`;
    const found = this.#find(this.#forms) ?? (element.length < LONG ? undefined : this.#find(ANYWHERE));
    const further = FORMS.get(element);
    if (further !== undefined && !this.#forms.includes(further[0]!)) this.#forms.push(...further);
    return found;
  }

  #find(forms: readonly Form[]): Designed | undefined {
    for (const { rule, path } of forms) {
      const match = path.exec(this.#upTo);
      if (match !== null) return { collapsed: `${match[1] ?? ""}*${match[2] ?? ""}`, rule };
    }
    return undefined;
  }
}
