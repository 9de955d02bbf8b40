/** TLS, passwords, headers and limits of the compiled exporter, as the file of `--web.config.file` says, also while it runs. */

import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { makeCertificate } from "../certificates.ts";
import { Exporter, poll } from "../live/exporter.ts";
import { cpuNanoseconds } from "../live/figures.ts";
import { requireTool } from "../require.ts";
import { BINARY, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary() || requireTool("openssl");
const USERS = `basic_auth_users:\n  prometheus: ${hashSync("right", 6)}\n`;
const tlsSection = (name: string) => `tls_server_config:\n  cert_file: ${name}.crt\n  key_file: ${name}.key\n`;
const POLL = ["--source=poll", "--web.enable-lifecycle"];

/** A folder with a web configuration and two certificates, and an exporter that uses them. */
async function setUp(text: string) {
  const folder = await Deno.makeTempDir({ prefix: "cnproc-web-" });
  await makeCertificate(folder, "a");
  await makeCertificate(folder, "b");
  const file = `${folder}/web.yml`;
  const write = (text: string) => Deno.writeTextFile(file, text);
  await write(text);
  const exporter = Exporter.launch({
    command: [BINARY],
    flags: ["--web.listen-address=127.0.0.1:0", `--web.config.file=${file}`, ...POLL],
  });
  const address = new URL(await exporter.listening()).host;
  return {
    folder,
    write,
    exporter,
    /** Status and headers of an answer over TLS, trusting one of the certificates. */
    async ask(certificate: "a" | "b", path: string, credentials = "prometheus:right", method = "GET") {
      const caCerts = [await Deno.readTextFile(`${folder}/${certificate}.crt`)];
      using client = Deno.createHttpClient({ caCerts, poolMaxIdlePerHost: 0 });
      const headers = { authorization: `Basic ${btoa(credentials)}` };
      const response = await fetch(`https://${address}${path}`, { client, headers, method });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      await exporter[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({ name: "e2e: TLS and passwords; certificate and users change while it runs", ignore }, async () => {
  const header = "http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=60\n";
  await using web = await setUp(tlsSection("a") + USERS + header);
  const { ask, write, exporter } = web;
  await poll("the exporter ready", async () => (await ask("a", "/-/ready")).status === 200);
  const answer = await ask("a", "/metrics");
  assert.equal(answer.status, 200);
  assert.match(answer.text, /^cnproc_trees /m);
  assert.equal(answer.headers.get("strict-transport-security"), "max-age=60");
  for (const credentials of ["prometheus:wrong", "nobody:right", ""]) {
    for (const path of ["/metrics", "/", "/-/ready", "/nothing"]) {
      const refused = await ask("a", path, credentials);
      assert.equal(refused.status, 401, `${credentials} ${path}`);
      assert.match(refused.headers.get("www-authenticate")!, /^Basic /);
      assert.doesNotMatch(refused.text, /cnproc_/);
    }
  }
  await assert.rejects(() => ask("b", "/metrics"), "another certificate isn't trusted");

  await write(tlsSection("b") + USERS);
  await poll("the other certificate", () => ask("b", "/metrics").then(({ status }) => status === 200, () => false));
  assert.equal((await ask("b", "/metrics")).headers.has("strict-transport-security"), false);

  await write(tlsSection("b") + USERS + "oops: 1\n");
  const broken = await ask("b", "/-/reload", undefined, "POST");
  assert.equal(broken.status, 500);
  assert.doesNotMatch(broken.text, /oops/);
  await poll("the reason in the log", () => exporter.log.some((line) => /level=error .*:6:1: .*oops/.test(line)));
  assert.equal((await ask("b", "/metrics")).status, 200, "what was read before stays in force");

  await write(tlsSection("b") + `basic_auth_users:\n  other: ${hashSync("new", 6)}\n`);
  assert.equal((await ask("b", "/-/reload", undefined, "POST")).status, 200);
  assert.equal((await ask("b", "/metrics")).status, 401);
  assert.equal((await ask("b", "/metrics", "other:new")).status, 200);
  assert.equal((await exporter.stop()).code, 0);
  assert.deepEqual(traces(exporter.log), []);
});

Deno.test({ name: "e2e: right and wrong passwords take as long, and scrapes go on meanwhile", ignore }, async () => {
  // A right password is compared once and then remembered: each try needs a user of its own.
  const others = ["second", "third", "fourth"];
  const users = ["prometheus", ...others].map((user) => `  ${user}: ${hashSync("right", 10)}\n`);
  await using web = await setUp(`${tlsSection("a")}basic_auth_users:\n${users.join("")}`);
  const { ask, exporter } = web;
  await poll("the exporter ready", async () => (await ask("a", "/-/ready")).status === 200);
  // CPU time of the exporter, milliseconds: the time that passes, but for other load on the machine.
  const time = async (credentials: string, status: number): Promise<number> => {
    const start = cpuNanoseconds(exporter.pid);
    assert.equal((await ask("a", "/-/healthy", credentials)).status, status);
    return (cpuNanoseconds(exporter.pid) - start) / 1e6;
  };
  const wrong: number[] = [], unknown: number[] = [];
  for (let i = 0; i < 5; i++) {
    wrong.push(await time(`prometheus:wrong${i}`, 401));
    unknown.push(await time(`nobody${i}:right`, 401));
  }
  const right: number[] = [];
  for (const user of others) right.push(await time(`${user}:right`, 200));
  const least = Math.min(...wrong);
  for (
    const [what, value] of [["unknown user", Math.min(...unknown)], ["right password", Math.min(...right)]] as const
  ) {
    const ratio = value / least;
    console.log(`${what}: ${value.toFixed(0)} ms, ${ratio.toFixed(2)} of a wrong password's`);
    assert.ok(
      ratio > 0.5 && ratio < 2,
      `${what} takes ${ratio} of a wrong password's`,
    );
  }
  // A flood of wrong passwords: who is known gets his answer in between.
  let pending = 0;
  for (let round = 0; round < 3 && pending === 0; round++) {
    let left = 10;
    const flood = Array.from({ length: left }, async (_, i) => {
      await ask("a", "/metrics", `prometheus:flood${round}-${i}`);
      left--;
    });
    assert.equal((await ask("a", "/metrics")).status, 200);
    pending = left;
    await Promise.all(flood);
  }
  assert.ok(pending > 0, "a scrape waits for all comparisons that came before it");
});

Deno.test({ name: "e2e: a web configuration that can't be used ends with 1 and one line", ignore }, async (t) => {
  const cases: [what: string, text: string, names: RegExp][] = [
    ["an unknown key", `${tlsSection("a")}ratelimit: 1\n`, /web\.yml:4:1: .*ratelimit.* did you mean rate_limit/],
    [
      "client certificates",
      `${tlsSection("a")}  client_auth_type: RequireAndVerifyClientCert\n`,
      /web\.yml:4:\d+: .*proxy/,
    ],
    ["a least version", `${tlsSection("a")}  min_version: TLS13\n`, /web\.yml:4:\d+: .*min_version/],
    ["a key of another certificate", "tls_server_config: {cert_file: a.crt, key_file: b.key}\n", /belong together/],
    ["a certificate that is none", "tls_server_config: {cert_file: web.yml, key_file: a.key}\n", /certificate/],
    ["a file that is missing", "tls_server_config: {cert_file: c.crt, key_file: a.key}\n", /c\.crt: .*can't be read/],
  ];
  const folder = await Deno.makeTempDir({ prefix: "cnproc-web-" });
  await makeCertificate(folder, "a");
  await makeCertificate(folder, "b");
  for (const [what, text, names] of cases) {
    await t.step(what, async () => {
      await Deno.writeTextFile(`${folder}/web.yml`, text);
      await using exporter = Exporter.launch({
        command: [BINARY],
        flags: ["--web.listen-address=127.0.0.1:0", `--web.config.file=${folder}/web.yml`, "--source=poll"],
      });
      assert.equal((await exporter.ended()).code, 1);
      const errors = exporter.log.filter((line) => !/level=(info|warn)/.test(line));
      assert.equal(errors.length, 1, exporter.log.join("\n"));
      assert.match(errors[0]!, names);
      assert.deepEqual(traces(exporter.log), []);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test({ name: "e2e: listening beyond loopback without a password is one warning", ignore }, async () => {
  await using open = await Exporter.start({
    command: [BINARY],
    flags: ["--source=poll", "--web.listen-address=0.0.0.0:0", "--web.listen-address=[::]:0"],
  });
  const warnings = open.log.filter((line) => /level=warn/.test(line) && /basic_auth_users/.test(line));
  assert.equal(warnings.length, 1, open.log.join("\n"));
  assert.match(warnings[0]!, /addresses="0\.0\.0\.0:\d+ \[::\]:\d+"/);
  await using closed = await Exporter.start({ command: [BINARY], flags: ["--source=poll"] });
  assert.deepEqual(closed.log.filter((line) => /basic_auth_users/.test(line)), []);
});
