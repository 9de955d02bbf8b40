/**
 * How to ask servers that want to know who asks: a file in the form of Prometheus' `http_config`, so that no secret is ever
 * on a command line.
 *
 * ```yaml
 * basic_auth:
 *   username: prometheus
 *   password_file: cnproc-password   # relative to this file
 * tls_config:
 *   ca_file: exporters-ca.crt
 *   cert_file: client.crt
 *   key_file: client.key
 * ```
 *
 * @module
 */

import * as v from "valibot";
import { nextTo, parseSettings, readText } from "../settings/mod.ts";

/** What the file says, its secrets and certificates read. */
export interface HttpConfig {
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
  /** Authorities trusted beside the usual ones, PEM. */
  readonly caCertificate?: string;
  /** Own certificate and its key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A password may look like a number. */
const TEXT = v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))], "want a text"));

const SCHEMA = v.strictObject({
  basic_auth: v.optional(v.strictObject({ username: TEXT, password: TEXT, password_file: TEXT })),
  authorization: v.optional(v.strictObject({ type: TEXT, credentials: TEXT, credentials_file: TEXT })),
  tls_config: v.optional(v.strictObject({ ca_file: TEXT, cert_file: TEXT, key_file: TEXT })),
});

/** Reads a file and those that it names; throws a `ConfigError`. */
export function readHttpConfig(path: string): HttpConfig {
  const { value, error } = parseSettings(readText(path), path, SCHEMA);
  const { basic_auth: basic, authorization: other, tls_config: tls = {} } = value;
  const read = (name: string) => readText(nextTo(path, name));
  /** The secret itself, or what the file of it holds, without the line feed that editors add. */
  const secret = (section: string, key: string, text: string | undefined, file: string | undefined): string => {
    if (text !== undefined && file === undefined) return text;
    if (text === undefined && file !== undefined) return read(file).replace(/\r?\n$/, "");
    throw error([section], `want either ${key} or ${key}_file`);
  };
  if (basic !== undefined && other !== undefined) {
    throw error(["authorization"], "there are basic_auth and authorization, want one of them");
  }
  const { ca_file: ca, cert_file: cert, key_file: key } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw error(["tls_config"], "there is one of cert_file and key_file, want both");
  }
  const authorization = basic !== undefined
    ? `Basic ${
      base64(`${basic.username ?? ""}:${secret("basic_auth", "password", basic.password, basic.password_file)}`)
    }`
    : other !== undefined
    ? `${other.type ?? "Bearer"} ${secret("authorization", "credentials", other.credentials, other.credentials_file)}`
    : undefined;
  return {
    ...authorization === undefined ? {} : { authorization },
    ...ca === undefined ? {} : { caCertificate: read(ca) },
    ...cert === undefined || key === undefined ? {} : { certificate: { cert: read(cert), key: read(key) } },
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
