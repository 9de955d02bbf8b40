/**
 * Which format and which compression a client wants: the headers Accept and Accept-Encoding (RFC 9110, 12.5).
 *
 * @module
 */

import type { Format } from "./templates.ts";

/** Media type of each format, exactly as Prometheus names it. */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  protobuf: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  text: "text/plain; version=0.0.4; charset=utf-8",
};

/** One element of a list such as `a/b;x=y;q=0.5, c/d`. */
interface Choice {
  /** In lower case. */
  readonly name: string;
  /** Names in lower case; values without their quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 (never) to 1. */
  readonly quality: number;
}

/** Lists longer than this are no client's: the rest is ignored. */
const MOST_CHOICES = 64;

const PARAMETER = /^([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)")$/;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** What stands between commas, between semicolons: neither counts within quotes. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/gs;
const PART = /(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/gs;

function split(text: string, parts: RegExp): string[] {
  return (text.match(parts) ?? []).map((part) => part.trim()).filter((part) => part !== "");
}

/** The elements of a header that are well formed, in their order; the others are left out. */
function parseChoices(header: string): Choice[] {
  const choices: Choice[] = [];
  for (const element of split(header, ELEMENT).slice(0, MOST_CHOICES)) {
    const [name, ...rest] = split(element, PART);
    if (name === undefined || element.startsWith(";")) continue;
    const parameters = new Map<string, string>();
    let wellFormed = true;
    for (const text of rest) {
      const match = PARAMETER.exec(text);
      if (match === null) wellFormed = false;
      else parameters.set(match[1]!.toLowerCase(), match[2] ?? match[3]!.replace(/\\(.)/g, "$1"));
    }
    const q = parameters.get("q") ?? "1";
    parameters.delete("q");
    if (wellFormed && QUALITY.test(q)) choices.push({ name: name.toLowerCase(), parameters, quality: Number(q) });
  }
  return choices;
}

/** How a format is asked for: its type, and the parameters that must have one of these values where they are given. */
interface Name {
  readonly type: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** Whether they must be given: the type alone says nothing of what is in it. */
  readonly isWhole?: true;
}

/**
 * The formats, the one that tells most first: of several that are wanted as much the first is chosen. Text 1.0.0 of names in
 * ASCII is text 0.0.4.
 */
const NAMES: Readonly<Record<Format, Name>> = {
  protobuf: {
    type: "application/vnd.google.protobuf",
    parameters: { proto: ["io.prometheus.client.MetricFamily"], encoding: ["delimited"] },
    isWhole: true,
  },
  openmetrics: { type: "application/openmetrics-text", parameters: { version: ["1.0.0"] } },
  text: { type: "text/plain", parameters: { version: ["0.0.4", "1.0.0"] } },
};
const FORMATS = Object.keys(NAMES) as readonly Format[];

/** How well `choice` names a format: 3 by type and parameters, 2 by type, 1 by any text, 0 by any type; -1 not at all. */
function fit(choice: Choice, format: Format): number {
  const { type, parameters, isWhole } = NAMES[format];
  // Any type, and any text, is what those send who know no format: they mean the one that everybody can read.
  if (choice.name !== type) {
    if (format !== "text") return -1;
    return choice.name === "*/*" ? 0 : choice.name === "text/*" ? 1 : -1;
  }
  let fits = 3;
  for (const [name, values] of Object.entries(parameters)) {
    const wanted = choice.parameters.get(name);
    if (wanted === undefined && isWhole !== true) fits = 2;
    else if (wanted === undefined || !values.includes(wanted)) return -1;
  }
  return fits;
}

/** Quality of a format: that of the choice that names it best; undefined if none does. */
function qualityOf(choices: readonly Choice[], format: Format): number | undefined {
  let best = -1;
  let quality: number | undefined;
  for (const choice of choices) {
    const fits = fit(choice, format);
    if (fits > best || (fits === best && fits >= 0 && choice.quality > quality!)) {
      best = fits;
      quality = choice.quality;
    }
  }
  return quality;
}

/**
 * The format for a value of Accept: of those asked for by name, protobuf with its message and encoding, OpenMetrics in version
 * 1.0.0 or without one, text 0.0.4 or 1.0.0, the one that is wanted most; text 0.0.4 for everybody else, whatever they sent. Other parameters, such
 * as `escaping=allow-utf-8` of Prometheus 3, choose nothing: all names are plain ASCII, the same under every escaping.
 */
export function chooseFormat(accept: string | undefined): Format {
  const choices = parseChoices(accept ?? "");
  const qualities = FORMATS.map((format) => qualityOf(choices, format) ?? 0), most = Math.max(...qualities);
  return most > 0 ? FORMATS[qualities.indexOf(most)]! : "text";
}

/** Whether a browser asks: `text/html` is wanted by name, and at least as much as anything that the metrics could be. */
export function wantsHtml(accept: string | undefined): boolean {
  const choices = parseChoices(accept ?? "");
  const html = choices.find(({ name }) => name === "text/html")?.quality ?? 0;
  return html > 0 && html >= Math.max(...FORMATS.map((format) => qualityOf(choices, format) ?? 0));
}

/** Whether server-sent events are wanted: by name. */
export function wantsEventStream(accept: string | undefined): boolean {
  return parseChoices(accept ?? "").some(({ name, quality }) => name === "text/event-stream" && quality > 0);
}

/** Whether to compress with gzip, by a value of Accept-Encoding: where gzip is wanted at least as much as no compression. */
export function wantsGzip(acceptEncoding: string | undefined): boolean {
  const choices = parseChoices(acceptEncoding ?? "");
  const named = (...names: string[]) => choices.find(({ name }) => names.includes(name))?.quality;
  const any = named("*");
  const gzip = named("gzip", "x-gzip") ?? any ?? 0;
  return gzip > 0 && gzip >= (named("identity") ?? 0);
}
