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

import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";

/** A file that can't be used. The message is one line. */
export class HttpConfigError extends Error {
  override readonly name = "HttpConfigError";
  constructor(readonly file: string, problem: string) {
    super(`Cannot use the HTTP configuration ${file}: ${problem}`);
  }
}

/** What the file says, its secrets and certificates read. */
export interface HttpConfig {
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
  /** Authorities trusted beside the usual ones, PEM. */
  readonly caCertificate?: string;
  /** Own certificate and its key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** The sections and their keys. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  basic_auth: ["username", "password", "password_file"],
  authorization: ["type", "credentials", "credentials_file"],
  tls_config: ["ca_file", "cert_file", "key_file"],
};

type Section = Readonly<Record<string, string>>;

/** Reads a file and those that it names; throws an {@link HttpConfigError}. */
export async function readHttpConfig(path: string): Promise<HttpConfig> {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  const read = async (file: string): Promise<string> => {
    try {
      return await Deno.readTextFile(file.startsWith("/") ? file : folder + file);
    } catch (error) {
      throw new HttpConfigError(path, `${file} can't be read (${error instanceof Error ? error.message : error})`);
    }
  };
  const { basic_auth: basic, authorization, tls_config: tls } = sections(
    await read(path.slice(folder.length)),
    path,
  );
  if (basic !== undefined && authorization !== undefined) {
    throw new HttpConfigError(path, "it has basic_auth and authorization, want one of them");
  }
  const header = basic !== undefined
    ? `Basic ${base64(`${basic["username"] ?? ""}:${await secret(basic, "password", path, read)}`)}`
    : authorization !== undefined
    ? `${authorization["type"] ?? "Bearer"} ${await secret(authorization, "credentials", path, read)}`
    : undefined;
  if ((tls?.["cert_file"] === undefined) !== (tls?.["key_file"] === undefined)) {
    throw new HttpConfigError(path, "tls_config has one of cert_file and key_file, want both");
  }
  return {
    ...header === undefined ? {} : { authorization: header },
    ...tls?.["ca_file"] === undefined ? {} : { caCertificate: await read(tls["ca_file"]) },
    ...tls?.["cert_file"] === undefined ? {} : {
      certificate: { cert: await read(tls["cert_file"]), key: await read(tls["key_file"]!) },
    },
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** The secret itself, or what the file of it holds, without the line feed that editors add. */
async function secret(
  section: Section,
  key: string,
  path: string,
  read: (file: string) => Promise<string>,
): Promise<string> {
  const file = section[`${key}_file`];
  if ((section[key] === undefined) === (file === undefined)) {
    throw new HttpConfigError(path, `want either ${key} or ${key}_file`);
  }
  return file === undefined ? section[key]! : (await read(file)).replace(/\r?\n$/, "");
}

/** The sections of the file, checked. */
function sections(text: string, path: string): Record<string, Section | undefined> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (node: unknown) => lines.linePos((node as { range: readonly number[] }).range[0]!).line;
  const [error] = document.errors;
  if (error !== undefined) {
    throw new HttpConfigError(path, `line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  }
  const { contents } = document;
  if (contents === null) return {};
  if (!isMap(contents)) throw new HttpConfigError(path, "it holds no map");
  return Object.fromEntries(
    entriesOf(contents, Object.keys(KEYS), path, at).map(([name, value]) => {
      if (!isMap(value)) throw new HttpConfigError(path, `${name} is no map`);
      const texts = entriesOf(value, KEYS[name]!, path, at).map(([key, item]) => {
        if (!isScalar(item) || !["string", "number"].includes(typeof item.value)) {
          throw new HttpConfigError(path, `${name}.${key} is no text`);
        }
        return [key, String(item.value)] as const;
      });
      return [name, Object.fromEntries(texts)];
    }),
  );
}

function entriesOf(map: YAMLMap, known: readonly string[], path: string, at: (node: unknown) => number) {
  return map.items.map(({ key, value }): [string, unknown] => {
    const name = isScalar(key) ? String(key.value) : "";
    if (known.includes(name)) return [name, value];
    throw new HttpConfigError(path, `line ${at(key)}: the key ${name} is unknown, want one of ${known.join(", ")}`);
  });
}
