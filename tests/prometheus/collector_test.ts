/**
 * The shipped configuration of the OpenTelemetry collector, in a collector that has what it names (collector/main.go). Building
 * that takes five minutes of CPU the first time, so it is tried with COLLECTOR_TESTS=1 only:
 *
 *     COLLECTOR_TESTS=1 deno task tests --no-check tests/prometheus/collector_test.ts
 */

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { OwnListeners } from "../../fingerprint/mod.ts";
import { createApp, serve } from "../../metrics/http/mod.ts";
import { KeptLog } from "../unit/metrics/fake_watcher.ts";
import { type Answer, poll } from "./prometheus.ts";
import { HOSTILE_PATHS, hostileScraper } from "./texts.ts";

const listeners = new OwnListeners();

const SHIPPED = `${import.meta.dirname}/../../deploy/opentelemetry/collector.yaml`;

async function build(folder: string): Promise<string> {
  const collector = `${folder}/collector`;
  // Without most of Prometheus' service discoveries: 1,500 packages instead of 1,700.
  const { success, stderr } = await new Deno.Command("go", {
    args: ["build", "-tags=remove_all_sd", "-ldflags=-s -w", "-o", collector, "."],
    cwd: `${import.meta.dirname}/collector`,
    env: { CGO_ENABLED: "0" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return collector;
}

/** The shipped configuration, with other addresses, and JSON so that the test can read it. */
async function configuration(exporter: number, receiver: number): Promise<string> {
  const config = parse(await Deno.readTextFile(SHIPPED));
  const [scrape] = config.receivers.prometheus.config.scrape_configs;
  assert.deepEqual(scrape.static_configs, [{ targets: ["localhost:9501"] }]);
  scrape.static_configs[0].targets = [`127.0.0.1:${exporter}`];
  scrape.scrape_interval = "1s";
  const { otlp_http } = config.exporters;
  assert.deepEqual(otlp_http, { endpoint: "http://localhost:4318" });
  Object.assign(otlp_http, { endpoint: `http://127.0.0.1:${receiver}`, encoding: "json", compression: "none" });
  config.service.telemetry = { metrics: { level: "none" } };
  return stringify(config);
}

Deno.test({
  name: "the collector reads protobuf by the shipped configuration, and sends on exponential histograms",
  ignore: Deno.env.get("COLLECTOR_TESTS") !== "1",
  async fn() {
    const folder = await Deno.makeTempDir(), collector = await build(folder);
    const { scraper, feed } = hostileScraper(), log = new KeptLog(), types = new Set<string>();
    const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
    const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
    const exporter = await serve({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      handler: async (request) => {
        const response = await app.fetch(request);
        types.add(response.headers.get("content-type")!);
        return response;
      },
      log,
      listeners,
    });
    const metrics = new Map<string, Answer>();
    await using receiver = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      for (const { scopeMetrics } of (await request.json()).resourceMetrics) {
        for (const { metrics: all } of scopeMetrics) for (const metric of all) metrics.set(metric.name, metric);
      }
      return Response.json({});
    });
    const { port } = exporter.addresses[0]!;
    await Deno.writeTextFile(`${folder}/config.yaml`, await configuration(port, receiver.addr.port));
    const child = new Deno.Command(collector, { args: [`--config=${folder}/config.yaml`], stderr: "piped" })
      .spawn();
    const said = new Response(child.stderr).text();
    try {
      await poll("a scrape that was sent on", () => Promise.resolve(metrics.get("process_seconds")));
      const paths = HOSTILE_PATHS.map((path) => path.toWellFormed());
      const treeOf = ({ attributes }: Answer): string =>
        attributes.find(({ key }: Answer) => key === "tree").value.stringValue;
      const launches = metrics.get("cnproc_tree_launches_total")!.sum;
      assert.equal(launches.isMonotonic, true);
      const counts = new Map(launches.dataPoints.map((point: Answer) => [treeOf(point), point.asDouble]));
      paths.forEach((path, index) => assert.equal(counts.get(path), 1 + 10 ** index, path));
      const { unit, exponentialHistogram } = metrics.get("process_seconds")!;
      assert.equal(unit, "s"); // as UCUM has it
      assert.deepEqual(exponentialHistogram.dataPoints.map(treeOf).sort(), paths.toSorted());
      for (const point of exponentialHistogram.dataPoints) {
        const launched = counts.get(treeOf(point)) as number;
        assert.ok(launched - Number(point.count) <= 1, treeOf(point));
        assert.equal(point.scale, 5);
      }
      assert.deepEqual([...types].map((type) => type.split(";")[0]), ["application/vnd.google.protobuf"]);
    } finally {
      if (await Promise.race([child.status, undefined]) === undefined) child.kill("SIGTERM");
      await child.status;
      const words = await said;
      await exporter.shutdown(1000);
      await Deno.remove(folder, { recursive: true });
      assert.doesNotMatch(words, /\b(?:warn|error)\t/, words);
    }
  },
});
