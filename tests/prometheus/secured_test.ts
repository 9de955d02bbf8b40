import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { makeCertificate } from "../certificates.ts";
import { Exporter } from "../live/exporter.ts";
import { requireTool } from "../require.ts";
import { type Answer, poll, Prometheus } from "./prometheus.ts";

Deno.test({
  name: "a real Prometheus scrapes the compiled exporter with TLS and a password, and not without",
  ignore: requireBinary() || requireTool("prometheus") || requireTool("openssl"),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "cnproc-secured-" });
    try {
      await makeCertificate(folder, "exporter");
      await Deno.writeTextFile(
        `${folder}/web.yml`,
        "tls_server_config: {cert_file: exporter.crt, key_file: exporter.key}\n" +
          `basic_auth_users: {prometheus: "${hashSync("right", 8)}"}\n`,
      );
      await using exporter = Exporter.launch({
        command: [BINARY],
        flags: ["--web.listen-address=127.0.0.1:0", `--web.config.file=${folder}/web.yml`, "--source=poll"],
      });
      const address = new URL(await exporter.listening()).host;
      const job = (name: string, password: string) =>
        `  - job_name: ${name}
    scheme: https
    tls_config: {ca_file: ${folder}/exporter.crt}
    basic_auth: {username: prometheus, password: ${password}}
    static_configs: [{targets: ["${address}"]}]
`;
      await using prometheus = await Prometheus.start({
        config: "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n" +
          job("right", "right") + job("wrong", "wrong") +
          `  - {job_name: plain, static_configs: [{targets: ["${address}"]}]}\n`,
      });
      const states = await poll("a scrape that succeeds and two that fail", async () => {
        const targets: Answer[] = (await prometheus.get("/api/v1/targets"))?.activeTargets ?? [];
        const states = new Map(targets.map(({ labels, health, lastError }) => [labels.job, { health, lastError }]));
        const settled = targets.length === 3 && targets.every(({ health }) => health !== "unknown");
        return settled && states.get("right")?.health === "up" ? states : undefined;
      });
      assert.equal(states.get("wrong")?.health, "down");
      assert.match(states.get("wrong")?.lastError, /401/);
      assert.equal(states.get("plain")?.health, "down");
      const trees = await poll("the trees", async () => {
        const found = await prometheus.get("/api/v1/query", { query: 'cnproc_trees{job="right"}' });
        return found?.result?.length > 0 ? found.result : undefined;
      });
      assert.ok(Number(trees[0].value[1]) > 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
