import assert from "node:assert/strict";
import { OwnListeners } from "../../fingerprint/mod.ts";
import { createApp, serve } from "../../metrics/http/mod.ts";
import { requireTool } from "../require.ts";
import { KeptLog } from "../unit/metrics/fake_watcher.ts";
import { type Answer, poll, Prometheus } from "./prometheus.ts";
import { HOSTILE_PATHS, hostileScraper } from "./texts.ts";

const listeners = new OwnListeners();

/** The configuration of a server that scrapes these ports every half second. */
function configOf(targets: Readonly<Record<string, number>>): string {
  const jobs = Object.entries(targets).map(([job, port]) =>
    `  - {job_name: ${job}, static_configs: [{targets: ["127.0.0.1:${port}"]}]}\n`
  );
  return `global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n${jobs.join("")}`;
}

Deno.test({
  name: "a real Prometheus scrapes both formats, and knows the series and their exemplars",
  ignore: requireTool("prometheus"),
  async fn() {
    const { scraper, feed } = hostileScraper();
    const log = new KeptLog();
    const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
    const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
    const types = new Map<string, string>();
    // What Prometheus asks for decides; the second target sees a client that knows text 0.0.4 only.
    const handler = (job: string, accept?: string) => async (request: Request): Promise<Response> => {
      const headers = new Headers(request.headers);
      if (accept !== undefined) headers.set("accept", accept);
      const response = await app.fetch(new Request(request, { headers }));
      types.set(job, `${response.headers.get("content-type")} ${response.headers.get("content-encoding")}`);
      return response;
    };
    const addresses = [{ hostname: "127.0.0.1", port: 0 }];
    const openmetrics = await serve({ addresses, handler: handler("openmetrics"), log, listeners });
    const text = await serve({ addresses, handler: handler("text", "text/plain;version=0.0.4"), log, listeners });
    {
      await using prometheus = await Prometheus.start({
        config: configOf({ openmetrics: openmetrics.addresses[0]!.port, text: text.addresses[0]!.port }),
      });
      const targets = await poll("both targets scraped", async () => {
        const active: Answer[] = (await prometheus.get("/api/v1/targets"))?.activeTargets ?? [];
        return active.length === 2 && active.every(({ health }) => health !== "unknown") ? active : undefined;
      });
      for (const { labels, health, lastError } of targets) assert.equal(health, "up", `${labels.job}: ${lastError}`);
      assert.equal(types.get("openmetrics"), "application/openmetrics-text; version=1.0.0; charset=utf-8 gzip");
      assert.equal(types.get("text"), "text/plain; version=0.0.4; charset=utf-8 gzip");

      for (const job of ["openmetrics", "text"]) {
        const { result } = await poll(
          `launches of ${job}`,
          () => prometheus.get("/api/v1/query", { query: `cnproc_tree_launches_total{job="${job}"}` }),
        );
        const launches = new Map(result.map(({ metric, value }: Answer) => [metric.tree, Number(value[1])]));
        HOSTILE_PATHS.forEach((path, index) => assert.equal(launches.get(path.toWellFormed()), 1 + 10 ** index, path));
        const quantile = await prometheus.get("/api/v1/query", {
          query: `histogram_quantile(0.5, process_seconds_bucket{job="${job}", tree="/trailing\\\\"})`,
        });
        // Its images ran 10 s: the median lies in the bucket from 2 to 10.
        const median = Number(quantile.result[0].value[1]);
        assert.ok(median > 2 && median <= 10, String(median));
      }

      const exemplars: Answer[] = await poll("exemplars", async () => {
        const found = await prometheus.get("/api/v1/query_exemplars", {
          query: "process_seconds_bucket",
          start: "1800000000",
          end: "3000000000",
        });
        return found?.length > 0 ? found : undefined;
      });
      const trailing = exemplars.find(({ seriesLabels }) => seriesLabels.tree === "/trailing\\");
      assert.equal(trailing.seriesLabels.job, "openmetrics");
      assert.equal(trailing.seriesLabels.le, "10.0");
      assert.deepEqual(trailing.exemplars.map(({ labels }: Answer) => labels), [{ pid: String(1000 + 1 + 10 ** 5) }]);

      const metadata = await prometheus.get("/api/v1/metadata", { metric: "process_seconds" });
      assert.deepEqual(metadata.process_seconds.map(({ type, unit }: Answer) => [type, unit]).sort(), [
        ["histogram", ""],
        ["histogram", "seconds"],
      ]);
    }
    await Promise.all([openmetrics.shutdown(1000), text.shutdown(1000)]);
    await Promise.all([openmetrics.finished, text.finished]);
  },
});
