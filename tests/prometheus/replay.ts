/**
 * A fleet without machines: many exporters on addresses of the loopback network, each with the exporter's own registry and
 * text, fed with made-up launches instead of a kernel's.
 *
 * @module
 */

import { Column, FLAGS, OwnListeners } from "../../fingerprint/mod.ts";
import { createApp, serve, type Serving } from "../../metrics/http/mod.ts";
import { busyRow, FakeWatcher, feeding, KeptLog } from "../unit/metrics/fake_watcher.ts";

const LISTENERS = new OwnListeners();
const DEPLOY = `${import.meta.dirname}/../../deploy/prometheus`;

/** The shipped rules and alerts, by file name. */
export const RULE_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  ["cnproc.rules.yml", "cnproc.alerts.yml"].map((name) => [name, Deno.readTextFileSync(`${DEPLOY}/${name}`)]),
);

/** One exporter: with each scrape a tenth of its trees has more launches than before, as on a machine that does something. */
class Host extends FakeWatcher {
  readonly trees: string[] = [];
  readonly #ids: number[] = [];
  readonly #launches: number[] = [];
  #turn = 0;

  constructor(readonly index: number, paths: readonly string[]) {
    super();
    for (const path of paths) this.launch(path);
  }

  /** A tree is seen for the first time. */
  launch(path: string): void {
    const number = this.trees.push(path) - 1;
    this.#launches.push(20 + number % 7);
    this.#ids.push(this.add(path, this.#row(number)));
  }

  /** A tree's numbers. What has a machine-made name is in memory only. */
  #row(number: number): Float64Array {
    const launches = this.#launches[number]!, row = busyRow(launches, number % 2, 0.001 * 4 ** (number % 9));
    if (this.trees[number]!.startsWith("/random/")) row[Column.Flagged + FLAGS.indexOf("memfd")] = launches;
    return row;
  }

  override collect() {
    this.#turn++;
    this.stats.fill(1000 + this.#turn * (1 + this.index), 0, 7);
    for (let number = this.#turn % 10; number < this.trees.length; number += 10) {
      this.#launches[number]! += 10 + this.index;
      this.set(this.#ids[number]!, this.#row(number));
    }
    return super.collect();
  }
}

/** How large a fleet is. */
export interface FleetOptions {
  readonly hosts: number;
  readonly treesPerHost: number;
  /** Whether the exporters have a baseline. */
  readonly baseline?: boolean;
}

/** Exporters on 127.0.1.1, 127.0.1.2 and so on. */
export class Fleet implements AsyncDisposable {
  private constructor(
    readonly hosts: readonly Host[],
    readonly port: number,
    readonly servers: readonly Serving[],
  ) {}

  static async start({ hosts: count, treesPerHost, baseline = false }: FleetOptions): Promise<Fleet> {
    const hosts: Host[] = [];
    const servers: Serving[] = [];
    const log = new KeptLog();
    let port = 0;
    for (let index = 0; index < count; index++) {
      // Five of six trees are everywhere, the others in one of ten roles only.
      const paths = Array.from(
        { length: treesPerHost },
        (_, number) =>
          number % 6 === 0
            ? `/role-${index % 10}/base/job-${number}.sh`
            : `/service-${number}/base/worker-${number}.py`,
      );
      const host = new Host(index, paths);
      const { scraper, feed } = feeding(host, {
        build: { version: "1" },
        selfProcess: () => ({
          cpuSeconds: performance.now() / 1e5,
          residentBytes: 9e7,
          virtualBytes: 6e10,
          openFds: 20,
          maxFds: 1024,
          startTimeSeconds: 1_800_000_000,
        }),
      });
      if (baseline) {
        scraper.registry.expect({ verdict: (path) => ({ expected: /^\/(role|service)-/.test(path), reason: "" }) });
      }
      const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
      const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "1" });
      const server = await serve({
        addresses: [{ hostname: addressOf(index), port }],
        handler: app.fetch,
        log,
        listeners: LISTENERS,
      });
      port ||= server.addresses[0]!.port;
      hosts.push(host);
      servers.push(server);
    }
    return new Fleet(hosts, port, servers);
  }

  /** All trees there are. */
  get trees(): Set<string> {
    return new Set(this.hosts.flatMap(({ trees }) => trees));
  }

  /** A tree is launched on a host for the first time. */
  add(host: number, path: string): void {
    this.hosts[host]!.launch(path);
  }

  /** What Prometheus needs to scrape the fleet. */
  scrapeConfig(job: string): string {
    const targets = this.hosts.map((_, index) => `"${addressOf(index)}:${this.port}"`);
    return `scrape_configs:\n  - job_name: ${job}\n    static_configs: [{targets: [${targets.join(", ")}]}]\n`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server.shutdown(1000)));
    await Promise.all(this.servers.map((server) => server.finished));
  }
}

function addressOf(index: number): string {
  return `127.0.1.${index + 1}`;
}

/**
 * What a Prometheus server that has watched the fleet for two days remembers: the memory of cnproc.rules.yml, as it was a
 * minute ago. `without` are trees that it never saw.
 */
export function fleetHistory(fleet: Fleet, job: string, without: readonly string[] = []): string {
  const now = Math.floor(Date.now() / 1000) - 60;
  const trees = [...fleet.trees].filter((tree) => !without.includes(tree));
  const family = (name: string, value: number) =>
    `# TYPE ${name} gauge\n` + trees.map((tree) => `${name}{job="${job}",tree="${tree}"} ${value} ${now}\n`).join("");
  return family("tree:cnproc_tree_last_seen_timestamp_seconds:fleet", now) +
    family("tree:cnproc_tree_first_seen_timestamp_seconds:fleet", now - 2 * 86_400) + "# EOF\n";
}
