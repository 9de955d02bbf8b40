/**
 * Tables in columns: typed arrays of one length, in which a thing has a number and no object of its own.
 *
 * @module
 */

export type ColumnType =
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float64ArrayConstructor;

type ArrayOf<T extends ColumnType> = T extends Uint8ArrayConstructor ? Uint8Array<ArrayBuffer>
  : T extends Uint16ArrayConstructor ? Uint16Array<ArrayBuffer>
  : T extends Int32ArrayConstructor ? Int32Array<ArrayBuffer>
  : T extends Uint32ArrayConstructor ? Uint32Array<ArrayBuffer>
  : Float64Array<ArrayBuffer>;

export interface ColumnTable {
  /** Rows there is room for. */
  readonly capacity: number;
  /** Makes room for `capacity` rows; the first `keep` keep what they hold, the others hold 0. */
  resize(capacity: number, keep: number): void;
  /** Copies `count` rows from `from` on to where they begin at `to`; the two may overlap. */
  moveAll(from: number, to: number, count: number): void;
}

/** A class of tables with these columns, by name. Columns are replaced when the table is resized: don't keep one. */
export function columns<const L extends Readonly<Record<string, ColumnType>>>(
  layout: L,
): new (capacity: number) => { [N in keyof L]: ArrayOf<L[N]> } & ColumnTable {
  const names = Object.keys(layout);
  type Column = ArrayOf<ColumnType>;

  class Table implements ColumnTable {
    capacity: number;

    constructor(capacity: number) {
      this.capacity = capacity;
      for (const name of names) this.#columns[name] = new layout[name]!(capacity);
    }

    get #columns(): Record<string, Column> {
      return this as unknown as Record<string, Column>;
    }

    resize(capacity: number, keep: number): void {
      for (const name of names) {
        const column = new layout[name]!(capacity);
        column.set(this.#columns[name]!.subarray(0, Math.min(keep, capacity)));
        this.#columns[name] = column;
      }
      this.capacity = capacity;
    }

    moveAll(from: number, to: number, count: number): void {
      for (const name of names) this.#columns[name]!.copyWithin(to, from, from + count);
    }
  }

  return Table as unknown as new (capacity: number) => { [N in keyof L]: ArrayOf<L[N]> } & ColumnTable;
}

/** Half of `capacity`, and half of that, as long as four times `used` rows fit and it isn't below `least`. */
export function shrunk(capacity: number, used: number, least: number): number {
  while (capacity > least && 4 * used < capacity) capacity /= 2;
  return capacity;
}
