/** Processes that fork, exec and end, reports, scrapes and time, against what must be true of trees that leave. */

import { Contexts } from "../../fingerprint/context/mod.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { LabelTable } from "../../fingerprint/labels/table.ts";
import { LabelChanges } from "../../fingerprint/labels/changes.ts";
import { Clocks } from "../../fingerprint/processes/clocks.ts";
import { ProcessColumns } from "../../fingerprint/processes/columns.ts";
import { ProcessTable } from "../../fingerprint/processes/table.ts";
import type { Programs } from "../../fingerprint/programs/naming.ts";
import { Column, OUTCOMES } from "../../fingerprint/trees/columns.ts";
import { type Changes, STAT_WIDTH } from "../../fingerprint/trees/report.ts";
import type { Trie } from "../../fingerprint/trees/trie.ts";
import { TreeTable } from "../../fingerprint/trees/table.ts";
import { Registry } from "../../metrics/registry/registry.ts";
import { RecordQueue } from "../../netlink/mod.ts";
import { runs } from "./runs.ts";

const RETENTION_NS = 10e9;
const NAMES = ["a", "b", "c", "d", "e"];

type Step = readonly [what: "fork" | "exec" | "exit" | "report" | "scrape" | "wait", which: number, name: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("fork", "exec", "exec", "exit", "exit", "report", "scrape", "scrape", "wait"),
  fc.nat(1000),
  fc.nat(NAMES.length - 1),
);
const steps = fc.array(step, { maxLength: 150, size: "max" });

interface Process {
  readonly pid: number;
  readonly base: readonly string[];
  chain: readonly string[];
  hasImage: boolean;
}

/** What is true of a path since its series began. */
interface Truth {
  launches: number;
  processes: number;
  /** Number and time of the report that had its last change. */
  report: number;
  reportNs: number;
  isChanged: boolean;
}

class Model {
  readonly labels = new LabelTable();
  readonly trie: Trie;
  readonly trees: TreeTable;
  readonly table: ProcessTable;
  readonly registry = new Registry();
  readonly truth = new Map<string, Truth>();
  readonly processes: Process[] = [];
  readonly confirmed: number[] = [];
  readonly ids = new Set<number>();
  nowNs = 1e12;
  report = 0;
  execs = 0;
  /** Launches of trees that left. */
  gone = 0;
  #pid = 100;

  constructor(limit: number, maxOnce: number) {
    this.trees = new TreeTable(this.labels, { limit, maxOnce, retentionNs: RETENTION_NS });
    this.trie = this.trees.trie;
    // A program's number is its label.
    const programs = {
      unknownLabel: this.labels.idOf("unknown", false),
      countNamed() {},
      isComplete: () => true,
      labelOf: (program: number) => program,
      executableOf: () => -1,
      rootOf: () => 0,
      flagsOf: () => 0,
    } as unknown as Programs;
    const libc = { clock: () => 0 },
      accounting = { records: new RecordQueue(), hasAllRecords: false, receiveRecords() {} };
    this.table = new ProcessTable({
      columns: new ProcessColumns(),
      trie: this.trie,
      trees: this.trees,
      programs,
      accounting,
      clocks: new Clocks(libc),
      contexts: new Contexts(() => ""),
      labelChanges: new LabelChanges(libc),
    });
    this.table.fork(this.nowNs, 1, 2); // nobody knows its parent
    this.processes.push({ pid: 2, base: ["unknown"], chain: ["unknown"], hasImage: false });
    this.of(["unknown"]).processes++;
  }

  of(chain: readonly string[]): Truth {
    const path = `/${chain.join("/")}`;
    let truth = this.truth.get(path);
    if (truth === undefined) {
      truth = { launches: 0, processes: 0, report: 0, reportNs: 0, isChanged: true };
      this.truth.set(path, truth);
    }
    truth.isChanged = true;
    return truth;
  }

  do([what, which, name]: Step): void {
    this.nowNs += 1e6;
    const process = this.processes[which % this.processes.length]!;
    switch (what) {
      case "fork": {
        const pid = this.#pid++;
        this.table.fork(this.nowNs, process.pid, pid);
        this.processes.push({ pid, base: process.chain, chain: process.chain, hasImage: false });
        this.of(process.chain).processes++;
        break;
      }
      case "exec": {
        const label = NAMES[name]!;
        this.table.exec(this.nowNs, process.pid, this.labels.idOf(label, false), this.nowNs, which % 3);
        this.execs++;
        this.of(process.chain).processes--;
        process.chain = process.base.at(-1) === label ? process.base : [...process.base, label];
        process.hasImage = true;
        this.of(process.chain).processes++;
        this.of(process.chain).launches++;
        break;
      }
      case "exit":
        if (process.pid === 2) break;
        this.table.exit(this.nowNs, process.pid, 0);
        this.processes.splice(this.processes.indexOf(process), 1);
        this.of(process.chain).processes--;
        break;
      case "report":
      case "scrape":
        this.collect(what === "scrape");
        break;
      case "wait":
        this.nowNs += which * 2e7;
    }
  }

  collect(isScraped: boolean): Changes {
    const scraped = this.confirmed.at(-1) ?? 0, report = ++this.report;
    const trees = this.trees.collect({ report, scraped, nowNs: this.nowNs });
    const changes = { ...trees, stats: new Float64Array(STAT_WIDTH) };
    for (const { id } of trees.newTrees) {
      assert.ok(!this.ids.has(id), "no number is used twice");
      this.ids.add(id);
    }
    this.registry.apply(changes);
    if (isScraped) this.confirmed.push(report);
    for (const truth of this.truth.values()) {
      if (truth.isChanged) [truth.report, truth.reportNs, truth.isChanged] = [report, this.nowNs, false];
    }
    return changes;
  }

  value(path: string, column: number): number {
    const tree = this.registry.trees.find((tree) => tree.path === path);
    return tree === undefined ? 0 : this.registry.rows[tree.at + column]!;
  }
}

Deno.test("every tree shows all since it came, and leaves when it may and must", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const model = new Model(1000, 0);
      const check = () => {
        const scraped = model.confirmed.at(-1) ?? 0;
        model.collect(false);
        for (const [path, truth] of model.truth) {
          const mayLeave = truth.processes === 0 && truth.report <= scraped &&
            model.nowNs - truth.reportNs >= RETENTION_NS;
          if (mayLeave) truth.launches = 0;
          assert.equal(model.value(path, Column.Launches), truth.launches, path);
          if (truth.launches > 0) assert.equal(model.value(path, Column.Processes), truth.processes, path);
        }
      };
      for (const one of list) {
        model.do(one);
        check();
      }
    }),
    { numRuns: runs(400) },
  );
});

Deno.test("whatever the bounds: launches are endings and running ones, none is lost, and memory comes back", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 40 }), fc.nat(2), (list, limit, maxOnce) => {
      const model = new Model(limit, maxOnce);
      const rowOf = new Map<number, Float64Array>();
      const collect = (isScraped: boolean) => {
        const { ids, rows, removed } = model.collect(isScraped);
        const width = rows.length / Math.max(1, ids.length);
        ids.forEach((id, i) => rowOf.set(id, rows.slice(i * width, (i + 1) * width)));
        for (const id of removed) {
          model.gone += rowOf.get(id)?.[Column.Launches] ?? 0;
          rowOf.delete(id);
        }
        let launches = model.gone, processes = 0;
        for (const row of rowOf.values()) {
          let endings = 0;
          for (let i = 0; i < OUTCOMES.length; i++) endings += row[Column.Exits + i]!;
          assert.equal(row[Column.Launches], endings + row[Column.Running]!);
          launches += row[Column.Launches]!;
          processes += row[Column.Processes]!;
        }
        assert.equal(launches, model.execs);
        assert.equal(processes, model.processes.length);
        assert.ok(model.trie.size <= limit + 1, "/unknown comes back even where there is no room");
      };
      for (const one of list) {
        if (one[0] === "report" || one[0] === "scrape") collect(one[0] === "scrape");
        else model.do(one);
      }
      while (model.processes.length > 1) model.do(["exit", 1, 0]);
      for (let i = 0; i < 3; i++) {
        model.nowNs += 20e9;
        collect(true);
      }
      assert.ok(rowOf.size <= 2, "all has left but /other and what runs");
      const { chain } = model.processes[0]!;
      assert.ok(model.trie.usedLabels().size <= 1 + chain.length, "the nodes are given back");
    }),
    { numRuns: runs(1000) },
  );
});
