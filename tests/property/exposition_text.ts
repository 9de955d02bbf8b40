/**
 * Reads the text formats back, strictly and without the code that writes them.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { TextFormat } from "../../metrics/exposition/templates.ts";

/** A line of a sample, read character by character and without the code that wrote it. */
export interface Sample {
  readonly name: string;
  readonly labels: Map<string, string>;
  readonly value: number;
  readonly exemplar: string | undefined;
}

function parseSample(line: string): Sample {
  let at = line.search(/[{ ]/);
  const name = line.slice(0, at);
  const labels = new Map<string, string>();
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const equals = line.indexOf('="', at);
      const label = line.slice(at, equals);
      assert.match(label, /^[a-z_]+$/, line);
      assert.ok(!labels.has(label), `${label} twice: ${line}`);
      at = equals + 2;
      let value = "";
      for (; line[at] !== '"'; at++) {
        assert.ok(at < line.length, `an open quote: ${line}`);
        if (line[at] !== "\\") value += line[at];
        else value += { n: "\n", '"': '"', "\\": "\\" }[line[++at]!] ?? assert.fail(`a wrong escape: ${line}`);
      }
      labels.set(label, value);
      at++;
      if (line[at] === ",") at++;
      else assert.equal(line[at], "}", line);
    }
    at++;
  }
  assert.equal(line[at], " ", line);
  const match = /^ (\+Inf|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)( # \{pid="\d+"\} \S+(?: \d+(?:\.\d+)?)?)?$/.exec(
    line.slice(at),
  );
  assert.ok(match, line);
  return { name, labels, value: match[1] === "+Inf" ? Infinity : Number(match[1]), exemplar: match[2] };
}

/** Families of a text with their samples; checks what both formats say about the order and the kinds of lines. */
export function parseText(text: string, format: TextFormat): Map<string, { type: string; samples: Sample[] }> {
  assert.ok(text.endsWith("\n"));
  const lines = text.slice(0, -1).split("\n");
  if (format === "openmetrics") assert.equal(lines.pop(), "# EOF");
  const families = new Map<string, { type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let family = "";
  let comments: string[] = [];
  for (const line of lines) {
    if (line.startsWith("# ")) {
      const [, keyword, name, rest] = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/.exec(line) ?? assert.fail(line);
      if (name !== family) comments = [];
      family = name!;
      comments.push(keyword!);
      const order = format === "openmetrics" ? "TYPE UNIT HELP" : "HELP TYPE";
      assert.ok(
        order === comments.join(" ") || order.startsWith(comments.join(" ")) || comments.join(" ") === "TYPE HELP",
      );
      if (keyword === "TYPE") {
        assert.ok(!families.has(family), `${family} twice`);
        families.set(family, { type: rest!, samples: [] });
      }
      continue;
    }
    const sample = parseSample(line);
    const { type, samples } = families.get(family) ?? assert.fail(`no family: ${line}`);
    const suffix = sample.name.slice(family.length);
    const suffixes = format === "openmetrics"
      ? { gauge: [""], counter: ["_total"], histogram: ["_bucket", "_sum", "_count"], info: ["_info"] }[type]
      : { gauge: [""], counter: [""], histogram: ["_bucket", "_sum", "_count"] }[type];
    assert.ok(sample.name.startsWith(family) && suffixes?.includes(suffix), `${line} in ${type} ${family}`);
    if (format === "text") assert.equal(sample.exemplar, undefined);
    if (sample.exemplar !== undefined) assert.ok(suffix === "_bucket" || suffix === "_total", line);
    const key = JSON.stringify([sample.name, [...sample.labels].sort()]);
    assert.ok(!seen.has(key), `a series twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  return families;
}
