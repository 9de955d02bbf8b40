/**
 * Base systems that are the same in several roots, as those of containers of one image, are one object.
 *
 * @module
 */
import type { BasePaths } from "../base/mod.ts";

/** So many of one size are compared: whoever makes up databases can make them alike but for their ends. */
const MOST_COMPARED = 16;

export class SharedBases {
  /** By what is quickly compared. Each is held as long as any root has it. */
  readonly #known = new Map<string, WeakRef<BasePaths>[]>();

  /** The base system with the same programs that is known already, as far as `base` may be told apart from it; else `base`. */
  share(base: BasePaths): BasePaths {
    const key = `${base.origin} ${base.size}`;
    const known = (this.#known.get(key) ?? []).filter((one) => one.deref() !== undefined);
    for (const one of known) {
      const other = one.deref();
      if (other !== undefined && base.hasSamePrograms(other)) return base.sharing(other);
    }
    this.#known.set(key, [...known.slice(1 - MOST_COMPARED), new WeakRef(base)]);
    return base;
  }
}
