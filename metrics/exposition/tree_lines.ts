/**
 * Writes the lines of one tree in one family.
 *
 * @module
 */

import { type Bytes, encode, NUMBER_BYTES } from "../text/mod.ts";
import { type TreeFamily, type TreeWriter, valueOf } from "./family.ts";
import { BUCKET_BOUNDS, BUCKETS, Column } from "../../fingerprint/mod.ts";
import { createdTemplates, type LineTemplate, type TextFormat, treeTemplates } from "./templates.ts";

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

/** Right behind the series, where who looks for it finds it first. */
function writeCreated(out: Bytes, template: LineTemplate | undefined, label: Uint8Array, createdSeconds: number): void {
  if (template === undefined || createdSeconds <= 0) return;
  writeStart(out, template, label);
  out.number(createdSeconds);
  out.byte(LINE_FEED);
}

/** Writes a histogram; `pid` is that of its exemplar, 0 for none. */
function writeBuckets(
  out: Bytes,
  templates: readonly LineTemplate[],
  label: Uint8Array,
  rows: Float64Array,
  at: number,
  pid: number,
): void {
  const seconds = rows[at + Column.ExemplarSeconds]!;
  let exemplarDue = pid > 0;
  let count = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    count += rows[at + Column.Buckets + bucket]!;
    writeStart(out, templates[bucket]!, label);
    out.number(count);
    if (exemplarDue && (bucket === BUCKETS - 1 || seconds <= BUCKET_BOUNDS[bucket]!)) {
      writeExemplar(out, pid, seconds, rows[at + Column.ExemplarTime]!);
      exemplarDue = false;
    }
    out.byte(LINE_FEED);
  }
  writeStart(out, templates[BUCKETS]!, label);
  out.number(rows[at + Column.SecondsSum]!);
  out.byte(LINE_FEED);
  writeStart(out, templates[BUCKETS + 1]!, label);
  out.number(count);
  out.byte(LINE_FEED);
}

export function treeLines(family: TreeFamily, format: TextFormat): TreeWriter {
  const { series } = family, templates = treeTemplates(family, format);
  /** Empty where there are no lines `_created`. */
  const created = createdTemplates(family, format);
  const constantBytes = [...templates, ...created].reduce(
    (sum, { head, tail }) => sum + head.length + tail.length + NUMBER_BYTES + 1,
    EXEMPLAR_BYTES,
  );
  const exemplar = format === "openmetrics" ? family.exemplar : undefined;

  return (out, { label, at, createdSeconds }, rows) => {
    out.reserve(constantBytes + (templates.length + created.length) * label.length);
    for (let i = 0; i < series.length; i++) {
      const value = valueOf(series[i]!, rows, at);
      if (value === 0 && series[i]!.omitZero === true) continue;
      writeStart(out, templates[i]!, label);
      out.number(value);
      const pid = rows[at + Column.LastLaunchPid]!;
      if (exemplar === "launch" && pid > 0) writeExemplar(out, pid, 1, rows[at + Column.LastLaunch]!);
      out.byte(LINE_FEED);
      writeCreated(out, created[i], label, createdSeconds);
    }
    if (series.length > 0) return;
    writeBuckets(out, templates, label, rows, at, exemplar === "ending" ? rows[at + Column.ExemplarPid]! : 0);
    writeCreated(out, created[0], label, createdSeconds);
  };
}
