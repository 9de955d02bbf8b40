import assert from "node:assert/strict";
import { HttpClient, lookAtExporter, readHttpConfig } from "../../../../metrics/baseline/mod.ts";
import { ConfigError } from "../../../../metrics/text/mod.ts";
import { requireTool } from "../../../require.ts";

/** A folder with these files. */
async function folderOf(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${path}/${name}`, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("what the file says, with the files that it names", async () => {
  await using folder = await folderOf({
    "empty.yml": "# nothing\n",
    "basic.yml": "basic_auth: {username: änn, password_file: secret}\ntls_config:\n  ca_file: ca.pem\n",
    "bearer.yml": "authorization:\n  credentials: 42\n",
    "typed.yml": "authorization: {type: Token, credentials_file: secret}\ntls_config: {cert_file: c, key_file: k}\n",
    "secret": "pä ss\n",
    "ca.pem": "CA",
    "c": "CERT",
    "k": "KEY",
  });
  assert.deepEqual(readHttpConfig(`${folder.path}/empty.yml`), {});
  const bytes = new TextEncoder().encode("änn:pä ss");
  assert.deepEqual(readHttpConfig(`${folder.path}/basic.yml`), {
    authorization: `Basic ${btoa(String.fromCharCode(...bytes))}`,
    caCertificate: "CA",
  });
  assert.deepEqual(readHttpConfig(`${folder.path}/bearer.yml`), { authorization: "Bearer 42" });
  assert.deepEqual(readHttpConfig(`${folder.path}/typed.yml`), {
    authorization: "Token pä ss",
    certificate: { cert: "CERT", key: "KEY" },
  });
});

Deno.test("what is wrong with it is said in one line", async () => {
  const cases: [text: string, want: RegExp][] = [
    ["basic_auth: {username: a}", /want either password or password_file/],
    ["basic_auth: {username: a, password: x, password_file: y}", /want either password or password_file/],
    ["basic_auth: {username: a, password_file: nowhere}", /nowhere: it can't be read/],
    ["basic_auth: {username: a, password: x}\nauthorization: {credentials: x}", /want one of them/],
    ["tls_config: {cert_file: c}", /want both/],
    [
      "tls_config:\n  insecure_skip_verify: true",
      /http\.yml:2:3: the key "insecure_skip_verify" is unknown; want ca_file/,
    ],
    ["proxy_url: x", /http\.yml:1:1: the key "proxy_url" is unknown/],
    ["basic_auth: 5", /http\.yml:1:13: "basic_auth": want a map with username, password, password_file$/],
    ["basic_auth: {username: [a]}", /"username": want a text$/],
    ["- a", /http\.yml:1:1: want a map with basic_auth, authorization, tls_config$/],
    ["a: [", /http\.yml:1:\d+: /],
    ["basic_auth: {username: a, password: *hunter2}", /http\.yml:1:37: Unresolved alias/],
    ["basic_auth:\n  password: |hunter2", /http\.yml:2:\d+: Block scalar/],
    ["basic_auth:\n  password: !hunter2 x", /http\.yml:2:13: Unresolved tag/],
    ['basic_auth:\n  password: "\\hunter2"', /http\.yml:2:\d+: a backslash/],
    ["%hunter2\n---\na: b", /http\.yml:1:\d+: /],
  ];
  for (const [text, want] of cases) {
    await using folder = await folderOf({ "http.yml": text });
    assert.throws(() => readHttpConfig(`${folder.path}/http.yml`), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, want);
      assert.doesNotMatch(error.message, /\n|hunter/);
      return true;
    });
  }
  assert.throws(() => readHttpConfig("/nowhere.yml"), /Cannot use \/nowhere\.yml: /);
});

Deno.test({
  name: "a server with a private authority is trusted when the file says so",
  ignore: requireTool("openssl"),
  async fn() {
    await using folder = await folderOf({ "http.yml": "tls_config: {ca_file: cert.pem}\n" });
    const made = await new Deno.Command("openssl", {
      args: [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost"],
        ...["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"],
        ...["-keyout", `${folder.path}/key.pem`, "-out", `${folder.path}/cert.pem`],
      ],
    }).output();
    assert.equal(made.code, 0, new TextDecoder().decode(made.stderr));
    const [cert, key] = ["cert.pem", "key.pem"].map((name) => Deno.readTextFileSync(`${folder.path}/${name}`));
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: cert!, key: key!, onListen() {} },
      () => new Response('cnproc_tree_launches_total{tree="/a"} 3\n'),
    );
    try {
      const url = `https://localhost:${(server.addr as Deno.NetAddr).port}`;
      using stranger = new HttpClient();
      await assert.rejects(lookAtExporter(stranger, url), /tls_config in --http\.config\.file says whom to trust/);
      using client = new HttpClient(readHttpConfig(`${folder.path}/http.yml`));
      assert.deepEqual((await lookAtExporter(client, url)).trees.map(({ tree, launches }) => [tree, launches]), [[
        "/a",
        3,
      ]]);
    } finally {
      await server.shutdown();
    }
  },
});
