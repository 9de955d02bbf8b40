/**
 * The file of `--web.config.file`, in the format of Prometheus' exporter toolkit: TLS, headers, basic authentication and a rate
 * limit.
 *
 * https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 *
 * What Deno 2.6.8 can't do is refused, never left out in silence: its TLS asks no client for a certificate, and its versions,
 * cipher suites and curves are what they are. (`Deno.listenTls` has a certificate, a key and ALPN; `node:tls` and `node:https`
 * are built on it and leave `requestCert` and `minVersion` aside.)
 *
 * @module
 */

import { parseDuration } from "../text/mod.ts";
import * as v from "valibot";
import { nextTo, parseSettings, type Settings, type WatchedFiles } from "../settings/mod.ts";
import type { RateLimit, TlsIdentity, WebConfig } from "./web_settings.ts";

const text = v.string("want a text");
const flag = v.boolean("want true or false");
const texts = v.array(text, "want a list of texts");
const choice = <const Values extends readonly string[]>(values: Values) =>
  v.picklist(values, `want one of ${values.join(", ")}`);

const VERSIONS = ["TLS10", "TLS11", "TLS12", "TLS13"] as const;
const CLIENT_AUTH = [
  "NoClientCert",
  "RequestClientCert",
  "RequireClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
  "",
] as const;

/** The headers that may be set; the values of those that have few. */
const HEADERS = v.strictObject({
  "Content-Security-Policy": v.nullish(text),
  "X-Frame-Options": v.nullish(choice(["deny", "sameorigin", ""])),
  "X-Content-Type-Options": v.nullish(choice(["nosniff", ""])),
  "X-XSS-Protection": v.nullish(text),
  "Strict-Transport-Security": v.nullish(text),
});

const BCRYPT = /^\$2[aby]?\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

const SCHEMA = v.strictObject({
  tls_server_config: v.nullish(v.strictObject({
    cert: v.nullish(text),
    key: v.nullish(text),
    client_ca: v.nullish(text),
    cert_file: v.nullish(text),
    key_file: v.nullish(text),
    client_auth_type: v.nullish(choice(CLIENT_AUTH)),
    client_ca_file: v.nullish(text),
    client_allowed_sans: v.nullish(texts),
    min_version: v.nullish(choice(VERSIONS)),
    max_version: v.nullish(choice(VERSIONS)),
    cipher_suites: v.nullish(texts),
    // Go has paid no heed to it since 1.17, and neither does this.
    prefer_server_cipher_suites: v.nullish(flag),
    curve_preferences: v.nullish(texts),
  })),
  http_server_config: v.nullish(v.strictObject({ http2: v.nullish(flag), headers: v.nullish(HEADERS) })),
  basic_auth_users: v.nullish(
    v.record(text, v.pipe(text, v.regex(BCRYPT, "want a bcrypt hash, as htpasswd -nBC 10 NAME prints it"))),
  ),
  rate_limit: v.nullish(v.strictObject({
    interval: v.nullish(v.union([v.string(), v.literal(0)], "want a duration such as 1s, or 0")),
    burst: v.nullish(v.pipe(v.number("want a whole number"), v.integer("want a whole number"))),
  })),
});

type File = Settings<v.InferOutput<typeof SCHEMA>>;
type TlsSection = NonNullable<File["value"]["tls_server_config"]>;

const PROXY = "let a proxy in front do it, with the exporter on a loopback address";
const CLIENTS = `isn't supported: Deno's TLS can't ask clients for certificates; ${PROXY}`;
const SPEAKS = `isn't supported: Deno's TLS speaks TLS12 and TLS13, always both; ${PROXY}`;
const CHOOSES = `isn't supported: Deno's TLS chooses among its own, all of them strong; ${PROXY}`;

/** What can't be had, but for the one value that says what there is. */
const UNSUPPORTED: readonly (readonly [key: keyof TlsSection, problem: string, allowed?: string])[] = [
  ["client_auth_type", CLIENTS, "NoClientCert"],
  ["client_ca", CLIENTS],
  ["client_ca_file", CLIENTS],
  ["client_allowed_sans", CLIENTS],
  ["min_version", SPEAKS, "TLS12"],
  ["max_version", SPEAKS, "TLS13"],
  ["cipher_suites", CHOOSES],
  ["curve_preferences", CHOOSES],
];

/** Refuses what would weaken a server if it were left out. */
function refuseUnsupported({ value, error }: File): void {
  const tls = value.tls_server_config;
  if (tls == null) return;
  for (const [key, problem, allowed] of UNSUPPORTED) {
    const given = tls[key] as string | readonly string[] | null | undefined;
    if (given == null || given.length === 0 || given === allowed) continue;
    throw error(["tls_server_config", key], `"${key}" ${problem}`);
  }
  if (value.http_server_config?.http2 === false) {
    throw error(
      ["http_server_config", "http2"],
      '"http2" can\'t be switched off: Deno offers HTTP/2 with TLS; a client may refuse it',
    );
  }
}

/** Certificate and key, from the file itself or from those it names. */
function readIdentity({ value, error }: File, read: (name: string) => string): TlsIdentity | undefined {
  const section = value.tls_server_config;
  const given = Object.values(section ?? {}).some((entry) => typeof entry === "string" && entry !== "");
  if (section == null || !given) return undefined;
  const pem = (what: "cert" | "key"): string => {
    const inline = section[what] ?? "", named = section[`${what}_file`] ?? "";
    if (inline !== "" && named !== "") {
      throw error(["tls_server_config", what], `there is "${what}" and "${what}_file", want one of them`);
    }
    if (inline !== "") return inline;
    if (named === "") throw error(["tls_server_config"], `"${what}_file" is missing`);
    return read(named);
  };
  return { cert: pem("cert"), key: pem("key") };
}

function readRateLimit({ value, error }: File): RateLimit | undefined {
  const { interval, burst } = value.rate_limit ?? {};
  if (interval == null || interval === 0 || interval === "0") return undefined;
  const intervalMs = parseDuration(interval);
  if (intervalMs === undefined) {
    throw error(["rate_limit", "interval"], '"interval" is no duration, want one such as 1s or 250ms');
  }
  if (intervalMs === 0) return undefined;
  if (burst == null || burst < 1) {
    throw error(["rate_limit", "burst"], '"burst" is missing or below 1: no request at all would be answered');
  }
  return { intervalMs, burst };
}

/** Reads the file and those that it names, all of which are watched from then on. Throws a `ConfigError`. */
export function readWebConfig(file: string, files: WatchedFiles): WebConfig {
  const settings = parseSettings(files.read(file), file, SCHEMA, { aliases: true });
  refuseUnsupported(settings);
  const tls = readIdentity(settings, (name) => files.read(nextTo(file, name)));
  const { http_server_config: http, basic_auth_users: users } = settings.value;
  const headers = Object.entries(http?.headers ?? {}).filter((entry): entry is [string, string] =>
    typeof entry[1] === "string" && entry[1] !== ""
  );
  for (const [name, value] of headers) {
    if (/[^\t\x20-\x7e]/.test(value)) {
      throw settings.error(["http_server_config", "headers", name], `"${name}" has characters that no header may have`);
    }
  }
  return {
    tls,
    headers: Object.fromEntries(headers),
    users: new Map(Object.entries(users ?? {})),
    rateLimit: readRateLimit(settings),
  };
}
