/**
 * io.prometheus.client as protobufjs reads it: what the exposition writes goes through a reader that isn't ours. Field numbers
 * and types are those of metrics.proto of github.com/prometheus/client_model, 0.6.3.
 *
 * @module
 */

import protobuf from "protobufjs";

const label = { rule: "repeated", type: "LabelPair", id: 1 };

const nested = {
  LabelPair: { fields: { name: { type: "string", id: 1 }, value: { type: "string", id: 2 } } },
  MetricType: { values: { COUNTER: 0, GAUGE: 1, SUMMARY: 2, UNTYPED: 3, HISTOGRAM: 4, GAUGE_HISTOGRAM: 5 } },
  Timestamp: { fields: { seconds: { type: "int64", id: 1 }, nanos: { type: "int32", id: 2 } } },
  Exemplar: { fields: { label, value: { type: "double", id: 2 }, timestamp: { type: "Timestamp", id: 3 } } },
  Gauge: { fields: { value: { type: "double", id: 1 } } },
  Counter: {
    fields: {
      value: { type: "double", id: 1 },
      exemplar: { type: "Exemplar", id: 2 },
      createdTimestamp: { type: "Timestamp", id: 3 },
    },
  },
  Bucket: {
    fields: {
      cumulativeCount: { type: "uint64", id: 1 },
      upperBound: { type: "double", id: 2 },
      exemplar: { type: "Exemplar", id: 3 },
    },
  },
  BucketSpan: { fields: { offset: { type: "sint32", id: 1 }, length: { type: "uint32", id: 2 } } },
  Histogram: {
    fields: {
      sampleCount: { type: "uint64", id: 1 },
      sampleSum: { type: "double", id: 2 },
      bucket: { rule: "repeated", type: "Bucket", id: 3 },
      schema: { type: "sint32", id: 5 },
      zeroThreshold: { type: "double", id: 6 },
      zeroCount: { type: "uint64", id: 7 },
      positiveSpan: { rule: "repeated", type: "BucketSpan", id: 12 },
      positiveDelta: { rule: "repeated", type: "sint64", id: 13 },
      createdTimestamp: { type: "Timestamp", id: 15 },
    },
  },
  Metric: {
    fields: {
      label,
      gauge: { type: "Gauge", id: 2 },
      counter: { type: "Counter", id: 3 },
      timestampMs: { type: "int64", id: 6 },
      histogram: { type: "Histogram", id: 7 },
    },
  },
  MetricFamily: {
    fields: {
      name: { type: "string", id: 1 },
      help: { type: "string", id: 2 },
      type: { type: "MetricType", id: 3 },
      metric: { rule: "repeated", type: "Metric", id: 4 },
      unit: { type: "string", id: 5 },
    },
  },
};

const MetricFamily = protobuf.Root.fromJSON({ nested }).lookupType("MetricFamily");

export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export interface LabelPair {
  readonly name: string;
  readonly value: string;
}

export interface Exemplar {
  readonly label: readonly LabelPair[];
  readonly value: number;
  readonly timestamp: Timestamp | null;
}

export interface Histogram {
  readonly sampleCount: number;
  readonly sampleSum: number;
  readonly bucket: readonly { cumulativeCount: number; upperBound: number; exemplar: Exemplar | null }[];
  readonly createdTimestamp: Timestamp | null;
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positiveSpan: readonly { offset: number; length: number }[];
  readonly positiveDelta: readonly number[];
}

export interface Metric {
  readonly label: readonly LabelPair[];
  readonly gauge: { readonly value: number } | null;
  readonly counter: {
    readonly value: number;
    readonly exemplar: Exemplar | null;
    readonly createdTimestamp: Timestamp | null;
  } | null;
  readonly histogram: Histogram | null;
}

/** What a reader makes of a family: what isn't written is 0, empty or, where it is a message, null. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "COUNTER" | "GAUGE" | "HISTOGRAM";
  readonly unit: string;
  readonly metric: readonly Metric[];
}

/** The families of a scrape. Throws where the bytes are no sequence of them, or have a field that the format doesn't. */
export function decodeFamilies(bytes: Uint8Array): MetricFamily[] {
  const reader = protobuf.Reader.create(bytes), families: MetricFamily[] = [];
  while (reader.pos < reader.len) {
    const message = MetricFamily.decodeDelimited(reader);
    families.push(
      MetricFamily.toObject(message, { longs: Number, enums: String, defaults: true }) as unknown as MetricFamily,
    );
  }
  return families;
}

/** How many bytes a family takes in a scrape. */
export function encodedLength(family: MetricFamily): number {
  const message = MetricFamily.fromObject(family);
  return MetricFamily.encodeDelimited(message).finish().length;
}

/** Unix time in seconds. */
export function secondsOf({ seconds, nanos }: Timestamp): number {
  return seconds + nanos / 1e9;
}
