/**
 * Rows of numbers in one array: what a thing counts stands together, and a copy of a row is one call.
 *
 * @module
 */

export class Rows {
  /** All numbers; row `n` begins at {@link at}`(n)`. Replaced when the table is resized: don't keep it. */
  values: Float64Array<ArrayBuffer>;

  /** `width` numbers a row. `rows` are so many that are 0, or numbers that are there already. */
  constructor(readonly width: number, rows: number | Float64Array<ArrayBuffer>) {
    this.values = typeof rows === "number" ? new Float64Array(width * rows) : rows;
  }

  /** Rows there is room for. */
  get capacity(): number {
    return this.values.length / this.width;
  }

  /** Place of a row's first number in {@link values}. */
  at(row: number): number {
    return row * this.width;
  }

  /** A row's numbers, in place. */
  row(row: number): Float64Array<ArrayBuffer> {
    return this.values.subarray(row * this.width, (row + 1) * this.width);
  }

  /** Makes a row all 0. */
  clear(row: number): void {
    this.row(row).fill(0);
  }

  /** Makes room for `capacity` rows; the first `keep` keep what they hold, the others hold 0. */
  resize(capacity: number, keep: number): void {
    const values = new Float64Array(this.width * capacity);
    values.set(this.values.subarray(0, this.width * Math.min(keep, capacity)));
    this.values = values;
  }
}
