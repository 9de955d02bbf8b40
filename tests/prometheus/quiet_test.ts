/**
 * A machine that does ordinary work fires no alert in an hour.
 *
 * The exporter watches real work, a minute's portion after the other, and is scraped four times a portion, for
 * what rules and alerts read. What was scraped gets the times that it would have had at fifteen seconds each, and promtool evaluates the shipped rules over the hour with
 * Prometheus' own engine.
 */

import assert from "node:assert/strict";
import { Exporter } from "../live/exporter.ts";
import { requireRoot, requireTool } from "../require.ts";
import { run } from "./texts.ts";

const RULES = ["rules", "alerts"].map((kind) => `${import.meta.dirname}/../../deploy/prometheus/cnproc.${kind}.yml`);
const WORK = `${import.meta.dirname}/ordinary_day.sh`;
/** A name and place that a person chose: what is built and run there is the machine's ordinary work. */
const FOLDER = "/root/project-of-a-quiet-hour";
const SCRAPE_SECONDS = 15, SCRAPES_A_MINUTE = 60 / SCRAPE_SECONDS;
const ignore = requireRoot() || requireTool("promtool", "prometheus") || requireTool("cc", "gcc");

/** Scrapes of an exporter as if they had been fifteen seconds apart. */
class Recording {
  /** Values by series, undefined where a scrape had none. */
  readonly #series = new Map<string, (number | undefined)[]>();
  readonly #times: number[] = [];

  constructor(readonly exporter: Exporter) {}

  get seconds(): number {
    return this.#times.length * SCRAPE_SECONDS;
  }

  /**
   * Scrapes once. Trees of other programs than the work's are left out, and what the test itself runs below: other tests may
   * run meanwhile, in whatever a machine for tests is made of. The work counts as cron's.
   */
  async scrape(): Promise<void> {
    this.#times.push(Date.now() / 1000);
    for (const line of (await this.exporter.get("/metrics")).text.split("\n")) {
      if (line === "" || line.startsWith("#") || (line.includes('tree="') && !line.includes("/ordinary_day.sh"))) {
        continue;
      }
      const end = line.lastIndexOf(" "), series = line.slice(0, end);
      this.#put(series.replace(/tree="[^"]*?(?=\/ordinary_day\.sh)/, 'tree="/cron'), Number(line.slice(end + 1)));
    }
    this.#put("up", 1);
  }

  #put(series: string, value: number): void {
    const values = this.#series.get(series) ?? [];
    if (values.length === 0) this.#series.set(series, values);
    values[this.#times.length - 1] = value;
  }

  /** Names of trees. */
  get trees(): Set<string> {
    return new Set([...this.#series.keys()].flatMap((series) => /tree="([^"]*)"/.exec(series)?.[1] ?? []));
  }

  /** What promtool says where an alert fired and none is wanted, or those wanted didn't, in the hour before so many seconds; empty for nothing. */
  async complaints(...want: readonly (readonly [seconds: number, alerts: readonly string[]])[]): Promise<string> {
    const [first, last] = [this.#times[0]!, this.#times.at(-1)!];
    // A time stands on the hour's clock, which begins at 0.
    const onClock = (value: number) => (value - first) / (last - first) * (this.seconds - SCRAPE_SECONDS);
    const input = [...this.#series].map(([series, values]) => ({
      series: series.replace(/^([^{]*)\{?/, '$1{job="cnproc",instance="quiet",').replace(/,?\}?$/, "}"),
      values: Array.from({ length: this.#times.length }, (_, index) => {
        const value = values[index];
        return value === undefined ? "_" : /_(?:timestamp|start_time)_seconds/.test(series) ? onClock(value) : value;
      }).join(" "),
    }));
    // Other alerts may fire for the same cause.
    const of = (alerts: readonly string[]) => alerts.length === 0 ? "" : `,alertname=~"${alerts.join("|")}"`;
    const test = {
      rule_files: RULES,
      evaluation_interval: `${SCRAPE_SECONDS}s`,
      tests: [{
        interval: `${SCRAPE_SECONDS}s`,
        input_series: input,
        promql_expr_test: [
          // Of what was recorded, not of nothing.
          {
            expr: "sum(instance:cnproc_tree_launches:rate5m) > bool 0.1",
            eval_time: "30m",
            exp_samples: [{ labels: "{}", value: 1 }],
          },
          ...want.map(([seconds, alerts]) => ({
            expr: `count by (alertname) (count_over_time(ALERTS{alertstate="firing"${of(alerts)}}[1h]))`,
            eval_time: `${seconds - SCRAPE_SECONDS}s`,
            exp_samples: alerts.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
          })),
        ],
      }],
    };
    const file = await Deno.makeTempFile({ suffix: ".json" });
    try {
      await Deno.writeTextFile(file, JSON.stringify(test));
      const { code, stdout, stderr } = await run("promtool", ["test", "rules", file], new Uint8Array());
      return code === 0 ? "" : stdout + stderr;
    } finally {
      await Deno.remove(file);
    }
  }
}

/** Does a portion of work to its end, in {@link FOLDER}. */
async function work(command: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(command, { args, cwd: FOLDER, stdin: "null" }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

Deno.test({ name: "an hour of ordinary work fires no alert, a deleted program then does", ignore }, async () => {
  // A run that was ended from outside may have left it.
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
  await Deno.mkdir(FOLDER);
  try {
    await using exporter = await Exporter.start({ flags: ["--metrics.profile=small"] });
    const recording = new Recording(exporter);
    for (let minute = 0; minute < 60; minute++) {
      await work(WORK, String(minute));
      for (let scrape = 0; scrape < SCRAPES_A_MINUTE; scrape++) await recording.scrape();
    }
    assert.equal(recording.seconds, 3600);
    for (const below of ["", "/base", "/base/tidy", "/report.py", "/program", "/su/base"]) {
      assert.ok(recording.trees.has(`/cron/ordinary_day.sh${below}`), [...recording.trees].join("\n"));
    }
    await Deno.writeTextFile(
      `${FOLDER}/ordinary_day.sh`,
      "#!/bin/sh\ncp /bin/true worker; exec 3<worker; rm worker; /proc/self/fd/3\n",
      { mode: 0o755 },
    );
    await work(`${FOLDER}/ordinary_day.sh`);
    for (let scrape = 0; scrape < SCRAPES_A_MINUTE; scrape++) await recording.scrape();
    assert.equal(await recording.complaints([3600, []], [3660, ["CnprocDeletedLaunch"]]), "");
  } finally {
    await Deno.remove(FOLDER, { recursive: true });
  }
});
