import assert from "node:assert/strict";
import { chooseFormat, wantsGzip, wantsHtml } from "../../../../metrics/exposition/negotiation.ts";
import type { Format } from "../../../../metrics/exposition/templates.ts";

const PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

const FORMATS: [accept: string | undefined, want: Format][] = [
  // What Prometheus 2.42 and 3.0 send.
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  // Prometheus 3.16 with start timestamps or native histograms; 2.42 with the latter; 1.8.
  [
    `${PROTOBUF};q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,` +
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4," +
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "protobuf",
  ],
  [`${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`, "protobuf"],
  [`${PROTOBUF};q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.1`, "protobuf"],
  // With `scrape_protocols` in another order.
  [`application/openmetrics-text;version=1.0.0;q=0.6,${PROTOBUF};q=0.5`, "openmetrics"],
  [`text/plain;version=0.0.4;q=0.6,${PROTOBUF};q=0.5,*/*;q=0.4`, "text"],
  // 3.0 asks for an escaping of all formats.
  [`${PROTOBUF};escaping=allow-utf-8;q=0.6`, "protobuf"],
  [`${PROTOBUF};escaping=underscores`, "protobuf"],
  ['Application/Vnd.Google.Protobuf; PROTO="io.prometheus.client.MetricFamily"; encoding=delimited', "protobuf"],
  [`${PROTOBUF};q=0.5,application/openmetrics-text;version=1.0.0;q=0.5`, "protobuf"],
  [`${PROTOBUF};q=0,*/*`, "text"],
  ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", "text"],
  ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text", "text"],
  ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily", "text"],
  ["application/vnd.google.protobuf;proto=io.prometheus.client.Metric;encoding=delimited", "text"],
  ["application/vnd.google.protobuf", "text"],
  ["text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1", "text"],
  ["text/plain;version=0.0.4;escaping=underscores", "text"],
  ["application/openmetrics-text", "openmetrics"],
  ["APPLICATION/OpenMetrics-Text; Version=1.0.0; Charset=utf-8", "openmetrics"],
  ['application/openmetrics-text; version="1.0.0"', "openmetrics"],
  ['application/openmetrics-text; version="1.0\\.0" ; charset=utf-8', "openmetrics"],
  ["application/openmetrics-text; version=0.0.1", "text"],
  ["application/openmetrics-text; version=2.0.0", "text"],
  ["application/openmetrics-text; q=0", "text"],
  ["application/openmetrics-text; q=0.4, text/plain; q=0.5", "text"],
  ["application/openmetrics-text; q=0.5, text/plain; q=0.5", "openmetrics"],
  ["application/openmetrics-text; q=0.5, */*; q=0.9", "text"],
  ["application/openmetrics-text; q=0.5, */*; q=0.9, text/*; q=0.1", "openmetrics"],
  [
    "application/openmetrics-text; version=1.0.0; q=0.2, application/openmetrics-text; q=0.9, text/plain; q=0.5",
    "text",
  ],
  ["application/openmetrics-text; q=2", "text"],
  ["application/openmetrics-text; q=0.1234", "text"],
  ["application/openmetrics-text; q=-1", "text"],
  ["application/openmetrics-text; q", "text"],
  ["application/*", "text"],
  ["*/*", "text"],
  ["", "text"],
  [',,;;,q=1;=;"', "text"],
  ["application/openmetrics-textual", "text"],
  [undefined, "text"],
  ["image/png", "text"],
];

Deno.test("the format is the one a client likes best, and text for everybody else", () => {
  for (const [accept, want] of FORMATS) assert.equal(chooseFormat(accept), want, String(accept));
});

/** Formats by what `scrape_protocols` of Prometheus calls them, with their types there; undefined: not written here. */
const PROTOCOLS: Readonly<Record<string, readonly [type: string, format: Format | undefined, isEscaped: boolean]>> = {
  "PrometheusProto": [PROTOBUF, "protobuf", false],
  "OpenMetricsText2.0.0": ["application/openmetrics-text;version=2.0.0", undefined, true],
  "OpenMetricsText1.0.0": ["application/openmetrics-text;version=1.0.0", "openmetrics", true],
  "OpenMetricsText0.0.1": ["application/openmetrics-text;version=0.0.1", undefined, false],
  "PrometheusText1.0.0": ["text/plain;version=1.0.0", "text", true],
  "PrometheusText0.0.4": ["text/plain;version=0.0.4", "text", false],
};

/** All orders of some of `all`, at least one. */
function* orders(all: readonly string[], chosen: readonly string[] = []): Generator<readonly string[]> {
  for (const one of all) {
    const order = [...chosen, one];
    yield order;
    yield* orders(all.filter((other) => other !== one), order);
  }
}

Deno.test("whatever the order of scrape_protocols, Prometheus gets the first of them that there is", () => {
  let cases = 0;
  for (const order of orders(Object.keys(PROTOCOLS))) {
    const want = order.map((name) => PROTOCOLS[name]![1]).find((format) => format !== undefined) ?? "text";
    // acceptHeader() of 2.49 to 3.16: none, or a scheme of escaping.
    for (const scheme of ["", ";escaping=allow-utf-8", ";escaping=underscores", ";escaping=values"]) {
      let weight = Object.keys(PROTOCOLS).length + 1;
      const types = order.map((name) => `${PROTOCOLS[name]![0]}${PROTOCOLS[name]![2] ? scheme : ""};q=0.${weight--}`);
      const accept = [...types, `*/*;q=0.${weight}`].join(",");
      assert.equal(chooseFormat(accept), want, accept);
      cases++;
    }
  }
  assert.equal(cases, 4 * 1956);
});

Deno.test("a browser gets the page, everything else the metrics", () => {
  const cases: [accept: string | undefined, want: boolean][] = [
    ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true],
    ["text/html", true],
    ["text/html;q=0.9,text/plain;q=0.9", true],
    ["text/html;q=0.5,*/*;q=0.8", false],
    ["text/html;q=0", false],
    ["text/*", false],
    ["*/*", false],
    ["application/openmetrics-text,text/html;q=0.5", false],
    [`${PROTOBUF},text/html;q=0.5`, false],
    [undefined, false],
  ];
  for (const [accept, want] of cases) assert.equal(wantsHtml(accept), want, String(accept));
});

Deno.test("gzip where it is wanted", () => {
  const cases: [acceptEncoding: string | undefined, want: boolean][] = [
    ["gzip", true],
    ["GZIP", true],
    ["x-gzip", true],
    ["gzip, deflate, br, zstd", true],
    ["gzip;q=0", false],
    ["gzip;q=0.001", true],
    ["gzip;q=0.5, identity", false],
    ["gzip;q=0.5, identity;q=0.5", true],
    ["identity;q=0.1, gzip;q=0.5", true],
    ["*", true],
    ["*;q=0", false],
    ["gzip;q=0, *", false],
    ["br", false],
    ["identity", false],
    ["gzipped", false],
    ["gzip;q=high", false],
    ["", false],
    [undefined, false],
  ];
  for (const [acceptEncoding, want] of cases) assert.equal(wantsGzip(acceptEncoding), want, String(acceptEncoding));
});
