/**
 * Which number of a row stands where: places follow from a list of names, so that nobody reckons them.
 *
 * @module
 */

/** A field of one number, or one that takes the next `count` places. */
export type Field = string | readonly [name: string, count: number];

type NameOf<F extends Field> = F extends readonly [infer N extends string, number] ? N : F;

export interface Fields<F extends Field> {
  /** Name → place of its first number, counted from 0. */
  readonly place: { readonly [N in NameOf<F> & string]: number };
  readonly width: number;
}

/** Gives each field the next free place. */
export function fields<const F extends readonly Field[]>(list: F): Fields<F[number]> {
  const place: Record<string, number> = {};
  let width = 0;
  for (const field of list) {
    const [name, count] = typeof field === "string" ? [field, 1] as const : field;
    if (name in place) throw new RangeError(`Cannot lay out a row: two fields are called ${name}`);
    place[name] = width;
    width += count;
  }
  // A copy: V8 makes what many computed keys were written to a hash table, and looks each constant up in it. A copy has a shape.
  return { place: { ...place } as Fields<F[number]>["place"], width };
}
