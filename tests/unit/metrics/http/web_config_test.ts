import assert from "node:assert/strict";
import { readWebConfig } from "../../../../metrics/http/web_config.ts";
import { WatchedFiles } from "../../../../metrics/settings/mod.ts";
import { ConfigError } from "../../../../metrics/text/mod.ts";

const HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

/** Reads a file with this text, which may name the files `a.crt` and `a.key` beside it. */
async function read(text: string) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/web.yml`, text);
    await Deno.writeTextFile(`${folder}/a.crt`, "the certificate");
    await Deno.writeTextFile(`${folder}/a.key`, "the key");
    const files = new WatchedFiles(), config = readWebConfig(`${folder}/web.yml`, files);
    return { ...config, files: files.paths.map((file) => file.slice(folder.length + 1)) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("nothing is asked for by a file with nothing in it", async () => {
  for (
    const text of ["", "# a comment\n", "tls_server_config:\nhttp_server_config:\nbasic_auth_users:\nrate_limit:\n"]
  ) {
    assert.deepEqual(await read(text), {
      tls: undefined,
      headers: {},
      users: new Map(),
      rateLimit: undefined,
      files: ["web.yml"],
    });
  }
});

Deno.test("all that is supported, with files named from where the file is", async () => {
  const config = await read(`
tls_server_config:
  cert_file: a.crt
  key_file: a.key
  client_auth_type: NoClientCert
  min_version: TLS12
  max_version: TLS13
  cipher_suites: []
  prefer_server_cipher_suites: true
http_server_config:
  http2: true
  headers:
    Strict-Transport-Security: max-age=31536000
    X-Frame-Options: deny
    X-Content-Type-Options: ""
basic_auth_users:
  alice: ${HASH}
  "": $2a$04$abcdefghijklmnopqrstuu5s0nHF4DKJMZMZ9FTH9b9C3rJVDDRYe
rate_limit:
  interval: 250ms
  burst: 3
`);
  assert.deepEqual(config, {
    tls: { cert: "the certificate", key: "the key" },
    headers: { "Strict-Transport-Security": "max-age=31536000", "X-Frame-Options": "deny" },
    users: new Map([["alice", HASH], ["", "$2a$04$abcdefghijklmnopqrstuu5s0nHF4DKJMZMZ9FTH9b9C3rJVDDRYe"]]),
    rateLimit: { intervalMs: 250, burst: 3 },
    files: ["web.yml", "a.crt", "a.key"],
  });
  const inline = await read("tls_server_config:\n  cert: |\n    C\n  key: K\nrate_limit: {interval: 0, burst: 0}\n");
  assert.deepEqual(inline.tls, { cert: "C\n", key: "K" });
  assert.equal(inline.rateLimit, undefined);
});

Deno.test("what is wrong or can't be done is said with its line, without a value", async () => {
  const cases: [text: string, line: number | undefined, problem: RegExp][] = [
    [
      "bogus: 1\n",
      1,
      /^the key "bogus" is unknown; want tls_server_config, http_server_config, basic_auth_users, rate_limit$/,
    ],
    ["rate_limit:\n  interval: 1s\n  bursts: 1\n", 3, /"bursts" is unknown; did you mean burst\?$/],
    ["tls_server_config:\n  cert_fil: x\n", 2, /"cert_fil" is unknown; did you mean cert_file\?$/],
    ["http_server_config:\n  headers:\n    X-Other: a\n", 3, /"X-Other" is unknown/],
    ["http_server_config:\n  headers:\n    X-Frame-Options: maybe\n", 3, /want one of deny, sameorigin/],
    ['http_server_config:\n  headers:\n    X-XSS-Protection: "a\\nb"\n', 3, /characters that no header may have/],
    ["http_server_config:\n  http2: no way\n", 2, /want true or false/],
    ["- 1\n", 1, /want a map/],
    ["a: 1\na: 2\n", 2, /unique/],
    ["a: [\n", 2, /./],
    ["basic_auth_users:\n  alice: hunter2\n", 2, /"alice": want a bcrypt hash/],
    ["basic_auth_users:\n  alice: 5\n", 2, /"alice": want a text/],
    ["basic_auth_users: hunter2\n", 1, /"basic_auth_users": want a map/],
    ["rate_limit:\n  interval: soon\n  burst: 1\n", 2, /no duration/],
    ["rate_limit:\n  interval: 1s\n", 2, /"burst" is missing/],
    ["rate_limit:\n  interval: 1s\n  burst: 0\n", 3, /below 1/],
    ["rate_limit:\n  interval: 1s\n  burst: 1.5\n", 3, /whole number/],
    ["tls_server_config:\n  key_file: a.key\n", 1, /"cert_file" is missing/],
    ["tls_server_config:\n  cert_file: a.crt\n", 1, /"key_file" is missing/],
    ["tls_server_config:\n  cert_file: a.crt\n  cert: x\n  key_file: a.key\n", 3, /want one of them/],
    ["tls_server_config:\n  cert_file: b.crt\n  key_file: a.key\n", undefined, /can't be read/],
    ["tls_server_config:\n  client_auth_type: RequireAndVerifyClientCert\n", 2, /client certificates|for certificates/],
    ["tls_server_config:\n  client_auth_type: Whatever\n", 2, /want one of NoClientCert/],
    ["tls_server_config:\n  client_ca_file: ca.crt\n", 2, /"client_ca_file" isn't supported/],
    ["tls_server_config:\n  client_allowed_sans: [a]\n", 2, /"client_allowed_sans" isn't supported/],
    ["tls_server_config:\n  min_version: TLS13\n", 2, /"min_version" isn't supported: .* TLS12 and TLS13/],
    ["tls_server_config:\n  min_version: TLS10\n", 2, /"min_version" isn't supported/],
    ["tls_server_config:\n  max_version: TLS12\n", 2, /"max_version" isn't supported/],
    ["tls_server_config:\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n", 2, /"cipher_suites" isn't supported/],
    ["tls_server_config:\n  curve_preferences: [X25519]\n", 2, /"curve_preferences" isn't supported/],
    [
      "tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\nhttp_server_config:\n  http2: false\n",
      5,
      /switched off/,
    ],
  ];
  for (const [text, line, problem] of cases) {
    await assert.rejects(() => read(text), (error) => {
      assert.ok(error instanceof ConfigError, `${text}: ${error}`);
      assert.equal(error.line, line, `${text}: ${error.message}`);
      assert.match(error.problem, problem, text);
      assert.match(error.message, /^Cannot use [^\n]+$/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});

Deno.test("a bomb of aliases is refused", async () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
  await assert.rejects(() => read(`l0: &l0 [x]\n${levels.join("\n")}\n`), ConfigError);
});
