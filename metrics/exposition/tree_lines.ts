/**
 * Writes the lines of one tree in one family.
 *
 * @module
 */

import { type Bytes, encode, NUMBER_BYTES } from "../text/mod.ts";
import { type TreeFamily, type TreeSeries, valueOf } from "./family.ts";
import { BUCKET_BOUNDS, BUCKETS, Column } from "../../fingerprint/mod.ts";
import type { Tree } from "../registry/mod.ts";
import { createdTemplates, type LineTemplate, type TextFormat, treeTemplates } from "./templates.ts";
import type { TreeWriter } from "./writers.ts";

const LINE_FEED = 0x0a;
const EXEMPLAR_START = encode(' # {pid="');
const EXEMPLAR_END = encode('"} ');
const SPACE = 0x20;
/** Room for ` # {pid="…"} value time`. */
const EXEMPLAR_BYTES = EXEMPLAR_START.length + EXEMPLAR_END.length + 1 + 3 * NUMBER_BYTES;

/**
 * ` # {pid="4711"} 0.25 1700000000.5`: far below the 128 characters that an exemplar's labels may have. The time is left
 * out when nobody knows it.
 */
function writeExemplar(out: Bytes, pid: number, value: number, time: number): void {
  out.put(EXEMPLAR_START);
  out.number(pid);
  out.put(EXEMPLAR_END);
  out.number(value);
  if (time <= 0) return;
  out.byte(SPACE);
  out.number(time);
}

function writeStart(out: Bytes, { head, tail }: LineTemplate, label: Uint8Array): void {
  out.put(head);
  out.put(label);
  out.put(tail);
}

export class TreeLines implements TreeWriter {
  readonly #series: readonly TreeSeries[];
  readonly #templates: readonly LineTemplate[];
  /** Empty where there are no lines `_created`. */
  readonly #created: readonly LineTemplate[];
  readonly #constantBytes: number;
  readonly #endings: boolean;
  readonly #launches: boolean;

  constructor(family: TreeFamily, format: TextFormat) {
    this.#series = family.series;
    this.#templates = treeTemplates(family, format);
    this.#created = createdTemplates(family, format);
    this.#constantBytes = EXEMPLAR_BYTES +
      [...this.#templates, ...this.#created].reduce(
        (sum, { head, tail }) => sum + head.length + tail.length + NUMBER_BYTES + 1,
        0,
      );
    const exemplar = format === "openmetrics" ? family.exemplar : undefined;
    this.#endings = exemplar === "ending";
    this.#launches = exemplar === "launch";
  }

  write(out: Bytes, { label, at, createdSeconds }: Tree, rows: Float64Array): void {
    out.reserve(this.#constantBytes + (this.#templates.length + this.#created.length) * label.length);
    if (this.#series.length > 0) return this.#writeSeries(out, label, rows, at, createdSeconds);
    this.#writeBuckets(out, label, rows, at);
    this.#writeCreated(out, this.#created[0], label, createdSeconds);
  }

  #writeSeries(out: Bytes, label: Uint8Array, rows: Float64Array, at: number, createdSeconds: number): void {
    for (let i = 0; i < this.#series.length; i++) {
      const series = this.#series[i]!, value = valueOf(series, rows, at);
      if (value === 0 && series.omitZero === true) continue;
      writeStart(out, this.#templates[i]!, label);
      out.number(value);
      const pid = rows[at + Column.LastLaunchPid]!;
      if (this.#launches && pid > 0) writeExemplar(out, pid, 1, rows[at + Column.LastLaunch]!);
      out.byte(LINE_FEED);
      this.#writeCreated(out, this.#created[i], label, createdSeconds);
    }
  }

  /** Right behind the series, where who looks for it finds it first. */
  #writeCreated(out: Bytes, template: LineTemplate | undefined, label: Uint8Array, createdSeconds: number): void {
    if (template === undefined || createdSeconds <= 0) return;
    writeStart(out, template, label);
    out.number(createdSeconds);
    out.byte(LINE_FEED);
  }

  #writeBuckets(out: Bytes, label: Uint8Array, rows: Float64Array, at: number): void {
    const pid = this.#endings ? rows[at + Column.ExemplarPid]! : 0;
    const seconds = rows[at + Column.ExemplarSeconds]!;
    let exemplarDue = pid > 0;
    let count = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      count += rows[at + Column.Buckets + bucket]!;
      writeStart(out, this.#templates[bucket]!, label);
      out.number(count);
      if (exemplarDue && (bucket === BUCKETS - 1 || seconds <= BUCKET_BOUNDS[bucket]!)) {
        writeExemplar(out, pid, seconds, rows[at + Column.ExemplarTime]!);
        exemplarDue = false;
      }
      out.byte(LINE_FEED);
    }
    writeStart(out, this.#templates[BUCKETS]!, label);
    out.number(rows[at + Column.SecondsSum]!);
    out.byte(LINE_FEED);
    writeStart(out, this.#templates[BUCKETS + 1]!, label);
    out.number(count);
    out.byte(LINE_FEED);
  }
}
