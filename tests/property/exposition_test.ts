import assert from "node:assert/strict";
import fc from "fast-check";
import { Exposition } from "../../metrics/exposition/exposition.ts";
import { BUCKETS, Column, STAT_WIDTH } from "../../fingerprint/mod.ts";
import { Registry } from "../../metrics/registry/registry.ts";
import type { TextFormat } from "../../metrics/exposition/templates.ts";
import { parseText } from "./exposition_text.ts";
import { NUMBERS, path, row, step, Worker } from "./exposition_trees.ts";
import { runs } from "./runs.ts";

const FORMATS: readonly TextFormat[] = ["openmetrics", "text"];

const render = (exposition: Exposition, registry: Registry): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(
    exposition.render(registry, { ...NUMBERS, stats: registry.stats }),
  );

Deno.test("any trees, whatever their names and numbers and however they change, give texts that read back", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const worker = new Worker();
      const registry = new Registry();
      const expositions = new Map(FORMATS.map((format) => [format, new Exposition(format)]));
      const launched = new Set<string>();
      for (const step of steps) {
        registry.apply(worker.report(step));
        if (step.baseline === "new") registry.expect({ verdict: () => ({ expected: false, reason: "" }) });
        if (step.baseline === "none") registry.expect(undefined);
        const alive = new Set([...worker.alive.values()].map(({ path }) => path.toWellFormed()));
        for (const path of worker.shown()) launched.add(path);
        for (const path of launched) if (!alive.has(path)) launched.delete(path);
        for (const format of FORMATS) {
          if (step.render === "none" || (step.render === "openmetrics" && format === "text")) continue;
          const text = render(expositions.get(format)!, registry);
          assert.equal(text, render(new Exposition(format), registry), "the cache shows what is");
          const families = parseText(text, format);
          const counter = format === "text" ? "cnproc_tree_launches_total" : "cnproc_tree_launches";
          const paths = (families.get(counter)?.samples ?? []).map(({ labels }) => labels.get("tree")!);
          for (const path of worker.shown()) assert.ok(paths.includes(path), JSON.stringify(path));
          assert.equal(new Set(paths).size, paths.length);
          assert.deepEqual(paths, [...paths].sort());
          const expected = families.get("cnproc_tree_expected")?.samples.map(({ labels }) => labels.get("tree"));
          assert.deepEqual(expected, registry.hasExpectation ? paths : undefined);
        }
      }
    }),
    { numRuns: runs(300) },
  );
});

Deno.test("every number of a row reads back where it belongs", () => {
  fc.assert(
    fc.property(path, row, (path, numbers) => {
      numbers[Column.Launches] = 1 + numbers[Column.Launches]!;
      const registry = new Registry();
      const stats = new Float64Array(STAT_WIDTH).fill(1);
      registry.apply({
        newTrees: [{ id: 9, parent: 0, path, random: false, randomName: false }],
        ids: Uint32Array.of(9),
        rows: Float64Array.from(numbers),
        runTimes: new Uint32Array(),
        removed: new Uint32Array(),
        stats,
      });
      for (const format of FORMATS) {
        const families = parseText(render(new Exposition(format), registry), format);
        const total = format === "text" ? "_total" : "";
        const samples = (name: string) => families.get(name)?.samples ?? [];
        const value = (name: string, label?: string, of?: string) =>
          samples(name).find(({ labels }) => label === undefined || labels.get(label) === of)?.value;
        assert.equal(samples("process")[0]!.labels.get("tree"), path.toWellFormed());
        assert.equal(value(`cnproc_tree_launches${total}`), numbers[Column.Launches]);
        assert.equal(value("cnproc_tree_running"), numbers[Column.Running]);
        assert.equal(value("cnproc_tree_processes"), numbers[Column.Processes]);
        const running = numbers[Column.Running]! > 0 || numbers[Column.Processes]! > 0;
        assert.equal(value("process", "state", "RUNNING"), running ? 1 : 0);
        assert.equal(value("process", "state", "STOPPED"), running ? 0 : 1);
        ["success", "error", "signal", "core", "exec"].forEach((outcome, index) =>
          assert.equal(value(`cnproc_tree_exits${total}`, "outcome", outcome), numbers[Column.Exits + index])
        );
        const amounts: [name: string, column: number, label?: string, of?: string][] = [
          [`cnproc_tree_exits${total}`, Column.Exits + 5, "outcome", "unknown"],
          [`cnproc_tree_cpu_seconds${total}`, Column.CpuUserSeconds, "mode", "user"],
          [`cnproc_tree_cpu_seconds${total}`, Column.CpuSystemSeconds, "mode", "system"],
          [`cnproc_tree_delay_seconds${total}`, Column.SwapDelaySeconds, "kind", "swap"],
          [`cnproc_tree_delay_seconds${total}`, Column.ReclaimDelaySeconds, "kind", "reclaim"],
          [`cnproc_tree_context_switches${total}`, Column.VoluntarySwitches, "kind", "voluntary"],
          [`cnproc_tree_major_faults${total}`, Column.MajorFaults],
          [`cnproc_tree_read_bytes${total}`, Column.ReadBytes],
          [`cnproc_tree_written_bytes${total}`, Column.WrittenBytes],
          ["cnproc_tree_max_resident_bytes", Column.MaxResidentBytes],
        ];
        for (const [name, column, label, of] of amounts) {
          const moved = numbers[column] === 0 ? undefined : numbers[column];
          assert.equal(value(name, label, of), moved, `${name} ${of}: no series until it moves`);
        }
        const histogram = samples("process_seconds");
        const buckets = histogram.filter(({ name }) => name === "process_seconds_bucket");
        let count = 0;
        buckets.forEach(({ value }, index) => assert.equal(value, count += numbers[Column.Buckets + index]!));
        assert.equal(buckets.length, BUCKETS);
        assert.equal(histogram.at(-2)!.value, numbers[Column.SecondsSum]);
        assert.equal(histogram.at(-1)!.value, count);
        const exemplars = buckets.filter(({ exemplar }) => exemplar !== undefined);
        assert.equal(exemplars.length, format === "openmetrics" && numbers[Column.ExemplarPid]! > 0 ? 1 : 0);
        for (const { labels } of exemplars) {
          const bound = labels.get("le") === "+Inf" ? Infinity : Number(labels.get("le"));
          assert.ok(numbers[Column.ExemplarSeconds]! <= bound);
        }
      }
    }),
    { numRuns: runs(300) },
  );
});
