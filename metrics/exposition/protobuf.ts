/**
 * The messages of io.prometheus.client, as fields: metrics.proto of github.com/prometheus/client_model, 0.6.
 *
 * A small writer of its own: families are written at every scrape, each number once, into the bytes of the scrape; a library
 * would make an object of each first. tests/unit and tests/property read all of it back with protobufjs, tests/prometheus with
 * Prometheus' parser.
 *
 * @module
 */

import { Bytes, encode, varintBytes } from "../text/mod.ts";
import type { Family } from "./family.ts";
import { sampleName } from "./templates.ts";

/** Tag of a field: its number, and how its value is written. */
const varint = (field: number) => field << 3;
const double = (field: number) => field << 3 | 1;
const bytes = (field: number) => field << 3 | 2;

/** The fields in use, by message. All numbers are below 16: a tag is one byte. */
export const Tag = {
  MetricFamily: { name: bytes(1), help: bytes(2), type: varint(3), metric: bytes(4), unit: bytes(5) },
  Metric: { label: bytes(1), gauge: bytes(2), counter: bytes(3), histogram: bytes(7) },
  LabelPair: { name: bytes(1), value: bytes(2) },
  Gauge: { value: double(1) },
  Counter: { value: double(1), exemplar: bytes(2), created: bytes(3) },
  Histogram: {
    count: varint(1),
    sum: double(2),
    bucket: bytes(3),
    schema: varint(5),
    zeroThreshold: double(6),
    zeroCount: varint(7),
    positiveSpan: bytes(12),
    positiveDelta: bytes(13),
    created: bytes(15),
  },
  BucketSpan: { offset: varint(1), length: varint(2) },
  Bucket: { cumulativeCount: varint(1), upperBound: double(2), exemplar: bytes(3) },
  Exemplar: { label: bytes(1), value: double(2), timestamp: bytes(3) },
  Timestamp: { seconds: varint(1), nanos: varint(2) },
} as const;

/** Numbers of enum MetricType. The format has no type for an info: it is a gauge. */
const TYPES: Readonly<Record<Family["type"], number>> = { counter: 0, gauge: 1, info: 1, histogram: 4 };

/** Bytes of a tag and a double. */
const DOUBLE_BYTES = 9;

/** Most bytes that {@link putTimestamp} writes. */
const TIMESTAMP_BYTES = 16;

/** Most bytes that {@link putExemplar} writes: a label of five characters and a number, a double, a time, and their lengths. */
export const EXEMPLAR_BYTES = 40 + DOUBLE_BYTES + TIMESTAMP_BYTES;

/** Most bytes that {@link putValue} writes. */
export const VALUE_BYTES = 2 + DOUBLE_BYTES + EXEMPLAR_BYTES + TIMESTAMP_BYTES;

/** A field whose value is these parts, one after the other. */
function field(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Bytes(), length = parts.reduce((sum, part) => sum + part.length, 0);
  out.reserve(length + 8);
  out.byte(tag);
  const at = out.open(length);
  for (const part of parts) out.put(part);
  out.close(at, length);
  return out.view().slice();
}

/** What a family has before its metrics: name, help, type and unit. */
export function familyFields(family: Family): Uint8Array {
  const { MetricFamily } = Tag, { type, unit, help } = family;
  const parts = [field(MetricFamily.name, encode(sampleName(family))), field(MetricFamily.help, encode(help))];
  parts.push(Uint8Array.of(MetricFamily.type, TYPES[type]));
  if (unit !== undefined) parts.push(field(MetricFamily.unit, encode(unit)));
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A metric's label, as its field. */
export function labelField(name: string, value: string): Uint8Array {
  const out = new Bytes(), nameField = labelName(name);
  out.reserve(nameField.length + 3 * value.length + LABEL_BYTES);
  putLabel(out, nameField, value);
  return out.view().slice();
}

/** Most bytes that {@link putLabel} writes beside the name's field and the value. */
export const LABEL_BYTES = 16;

/** Name of a label, as the field of its pair. */
export function labelName(name: string): Uint8Array {
  return field(Tag.LabelPair.name, encode(name));
}

/** Writes a metric's label, whose name is already a field. */
export function putLabel(out: Bytes, name: Uint8Array, value: string): void {
  const { length } = value, expected = name.length + 1 + varintBytes(length) + length;
  out.byte(Tag.Metric.label);
  const pair = out.open(expected);
  out.put(name);
  out.byte(Tag.LabelPair.value);
  const text = out.open(length);
  out.text(value);
  out.close(text, length);
  out.close(pair, expected);
}

/** Writes a point in time, Unix seconds, to the microsecond: doubles of today have no more. */
export function putTimestamp(out: Bytes, tag: number, unixSeconds: number): void {
  const micros = Math.round(unixSeconds * 1e6), seconds = Math.floor(micros / 1e6);
  out.byte(tag);
  const at = out.open(0);
  out.byte(Tag.Timestamp.seconds);
  out.varint(seconds);
  const nanos = (micros - seconds * 1e6) * 1000;
  if (nanos > 0) {
    out.byte(Tag.Timestamp.nanos);
    out.varint(nanos);
  }
  out.close(at, 0);
}

const PID = Uint8Array.of(Tag.LabelPair.name, 3, ...encode("pid"), Tag.LabelPair.value);

/** Writes an exemplar, with the label `pid`; without its time where nobody knows it (0). */
export function putExemplar(out: Bytes, tag: number, pid: number, value: number, unixSeconds: number): void {
  out.byte(tag);
  const at = out.open(0);
  out.byte(Tag.Exemplar.label);
  const label = out.open(0);
  out.put(PID);
  const digits = out.open(0);
  out.number(pid);
  out.close(digits, 0);
  out.close(label, 0);
  out.byte(Tag.Exemplar.value);
  out.double(value);
  if (unixSeconds > 0) putTimestamp(out, Tag.Exemplar.timestamp, unixSeconds);
  out.close(at, 0);
}

/** Writes the value of a gauge, as the field of a metric. */
export function putGauge(out: Bytes, value: number): void {
  out.byte(Tag.Metric.gauge);
  out.byte(DOUBLE_BYTES);
  out.byte(Tag.Gauge.value);
  out.double(value);
}

/** Writes the value of a counter, as the field of a metric; the exemplar of one launch with `pid`, where that isn't 0. */
export function putCounter(
  out: Bytes,
  value: number,
  createdSeconds: number,
  pid = 0,
  exemplarSeconds = 0,
): void {
  const { counter } = Tag.Metric, { Counter } = Tag;
  out.byte(counter);
  const at = out.open(0);
  out.byte(Counter.value);
  out.double(value);
  if (pid > 0) putExemplar(out, Counter.exemplar, pid, 1, exemplarSeconds);
  if (createdSeconds > 0) putTimestamp(out, Counter.created, createdSeconds);
  out.close(at, 0);
}
