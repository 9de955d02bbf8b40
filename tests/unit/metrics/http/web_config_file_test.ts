import assert from "node:assert/strict";
import { WebConfigFile } from "../../../../metrics/http/web_config_file.ts";
import type { WebConfig } from "../../../../metrics/http/web_settings.ts";
import { KeptLog } from "../fake_watcher.ts";

const HEADER = "X-Frame-Options";
const framing = (value: string) => `http_server_config: {headers: {${HEADER}: ${value}}}\n`;

Deno.test("what is written while the file is being read is seen at the next look", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, framing("deny"));
  const applied: (string | undefined)[] = [], log = new KeptLog();
  const check = (config: WebConfig) => {
    // Between the reading and the moment at which it comes into force.
    if (config.headers[HEADER] === "deny") Deno.writeTextFileSync(path, framing("sameorigin"));
  };
  const file = new WebConfigFile(path, log, { check, apply: ({ headers }) => applied.push(headers[HEADER]) });
  file.start();
  try {
    const deadline = performance.now() + 10_000;
    while (applied.length < 2 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(applied, ["deny", "sameorigin"], log.lines.join("\n"));
  } finally {
    file.stop();
    await Deno.remove(path);
  }
});
