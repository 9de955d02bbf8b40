/** Nothing that `sudo -E` lets through, and no file a user can plant, changes where it listens or what it runs. */

import assert from "node:assert/strict";
import { Exporter } from "../live/exporter.ts";
import { BINARY, listeningSockets, loopback, portOf, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();

/** A folder that must stay as it is, with what the variables below point to. */
async function plant(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "cnproc-planted-" });
  await Deno.chmod(folder, 0o777);
  await Deno.writeTextFile(`${folder}/evil.js`, `require("fs").writeFileSync("${folder}/ran", "");`);
  await Deno.writeTextFile(`${folder}/evil.pem`, "no certificate");
  await Deno.mkdir(`${folder}/empty`);
  return folder;
}

/** Variables that make the runtime talk on standard error, which is all they do. */
const TALKATIVE = ["DENO_LOG"];

/** Variables and the values an attacker might give them; FOLDER and PORT stand for a planted folder and a free port. */
const VARIABLES: ReadonlyArray<readonly [name: string, value: string]> = [
  ["DENO_SERVE_ADDRESS", "tcp:0.0.0.0:PORT"],
  ["DENO_SERVE_ADDRESS", "duplicate,tcp:0.0.0.0:PORT"],
  ["DENO_V8_FLAGS", "--print-bytecode"],
  ["NODE_OPTIONS", "--require=FOLDER/evil.js --inspect=127.0.0.1:PORT"],
  ["NODE_PATH", "FOLDER"],
  ["NODE_DEBUG", "*"],
  ["NODE_V8_COVERAGE", "FOLDER/empty"],
  ["NODE_EXTRA_CA_CERTS", "FOLDER/evil.pem"],
  ["NODE_CHANNEL_FD", "0"],
  ["DENO_DIR", "FOLDER/empty"],
  ["DENO_COVERAGE_DIR", "FOLDER/empty"],
  ["DENO_INSPECT", "127.0.0.1:PORT"],
  ["DENO_CERT", "FOLDER/evil.pem"],
  ["DENO_TLS_CA_STORE", "nonsense"],
  ["DENO_AUTH_TOKENS", "a@b"],
  ["DENO_LOG", "debug"],
  ["DENO_TRACE_PERMISSIONS", "1"],
  ["DENO_USR2_MEMORY_TRIM", "1"],
  ["DENO_UNSTABLE_OTEL_DETERMINISTIC", "1"],
  ["OTEL_DENO", "true"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:PORT"],
  ["RUST_LOG", "debug"],
  ["RUST_BACKTRACE", "full"],
  ["TOKIO_WORKER_THREADS", "1"],
  ["HTTP_PROXY", "http://127.0.0.1:PORT"],
  ["HTTPS_PROXY", "http://127.0.0.1:PORT"],
  ["FORCE_COLOR", "1"],
  ["TMPDIR", "FOLDER/empty"],
];

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function listing(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) =>
    entry.isDirectory ? [entry.name, ...listing(`${folder}/${entry.name}`)] : [entry.name]
  ).sort();
}

Deno.test({ name: "e2e: variables of the environment change nothing", ignore }, async (t) => {
  const folder = await plant();
  const planted = listing(folder);
  for (const [name, template] of VARIABLES) {
    const value = template.replaceAll("FOLDER", folder).replaceAll("PORT", String(freePort()));
    await t.step(`${name}=${template}`, async () => {
      await using exporter = await Exporter.start({ command: [BINARY], env: { [name]: value } });
      assert.deepEqual(listeningSockets(exporter.pid), [loopback(portOf(exporter.url))]);
      await exporter.scrape();
      assert.equal((await exporter.stop()).code, 0);
      if (!TALKATIVE.includes(name)) assert.deepEqual(exporter.log.filter((line) => !/^ts=/.test(line)), []);
      assert.deepEqual(listing(folder), planted);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test({ name: "e2e: a planted code cache is not opened", ignore }, async (t) => {
  for (const [where, env] of [["TMPDIR", true], ["/tmp", false]] as const) {
    await t.step(where, async () => {
      const folder = env ? await Deno.makeTempDir({ prefix: "cnproc-planted-" }) : "/tmp";
      const cache = `${folder}/deno-compile-cnproc-exporter.cache`;
      // Whoever opens a pipe without another end waits for ever: an exporter that gets ready, and ends, never opened it.
      assert.ok((await new Deno.Command("mkfifo", { args: [cache] }).output()).success, `${cache} can't be planted`);
      try {
        await using exporter = await Exporter.start({ command: [BINARY], env: env ? { TMPDIR: folder } : {} });
        await exporter.scrape();
        assert.equal((await exporter.stop()).code, 0);
        assert.ok((await Deno.stat(cache)).isFifo);
        assert.deepEqual(traces(exporter.log), []);
      } finally {
        await Deno.remove(cache);
        if (env) await Deno.remove(folder);
      }
    });
  }
});
