/**
 * A real Prometheus server for the tests, on loopback, gone with the test.
 *
 * @module
 */

import { run } from "./texts.ts";

/** What the Prometheus API answers. */
// deno-lint-ignore no-explicit-any
export type Answer = any;

/** Asks `condition` until it gives something. */
export async function poll<T>(
  what: string,
  condition: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`Cannot see ${what}: waited ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a server is started with. */
export interface PrometheusOptions {
  /** Text of its configuration. */
  readonly config: string;
  /** Other files of its folder: rules, target lists. */
  readonly files?: Readonly<Record<string, string>>;
  /** Samples that it has from earlier, in the text format of OpenMetrics with times. */
  readonly history?: string;
  /** Of `--enable-feature`, beside exemplars. */
  readonly features?: readonly string[];
}

/** A port that is free now. */
export function freePort(): number {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  free.close();
  return free.addr.port;
}

/** A running server. */
export class Prometheus implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  private constructor(readonly url: string, readonly folder: string, child: Deno.ChildProcess) {
    this.#child = child;
  }

  static async start({ config, files = {}, history, features = [] }: PrometheusOptions): Promise<Prometheus> {
    const folder = await Deno.makeTempDir();
    for (const [name, text] of Object.entries({ "prometheus.yml": config, ...files })) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    if (history !== undefined) {
      await Deno.writeTextFile(`${folder}/history.txt`, history);
      const args = ["tsdb", "create-blocks-from", "openmetrics", `${folder}/history.txt`, `${folder}/data`];
      const { code, stderr } = await run("promtool", args, new Uint8Array());
      if (code !== 0) throw new Error(`Cannot write the history: ${stderr}`);
    }
    const address = `127.0.0.1:${freePort()}`;
    const child = new Deno.Command("prometheus", {
      args: [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
        `--enable-feature=${["exemplar-storage", ...features].join()}`,
        "--log.level=warn",
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new Prometheus(`http://${address}`, folder, child);
  }

  /** The `data` of an answer; undefined while the server doesn't answer, or has an error. */
  async get(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}?${new URLSearchParams(parameters)}`).catch(() => undefined);
    if (response === undefined) return undefined;
    if (!response.ok) return void await response.body?.cancel();
    return (await response.json()).data;
  }

  /** Results of an instant query: labels and value. Throws with Prometheus' words when it refuses the query. */
  async query(query: string, time?: number): Promise<{ metric: Record<string, string>; value: number }[]> {
    const form = new URLSearchParams({ query, ...time === undefined ? {} : { time: String(time) } });
    const response = await fetch(`${this.url}/api/v1/query`, { method: "POST", body: form });
    const answer: Answer = await response.json();
    if (answer.status !== "success") throw new Error(`Cannot query ${query}: ${answer.error}`);
    return answer.data.result.map(({ metric, value }: Answer) => ({ metric, value: Number(value[1]) }));
  }

  /** A number of the server about itself. */
  async own(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}
