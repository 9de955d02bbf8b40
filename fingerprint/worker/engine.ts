/**
 * The parts of the fingerprint side put together: what both sources (connector and polling) feed, and what a report is made
 * from.
 *
 * @module
 */
import { constants as c, type Libc, RecordQueue } from "../../netlink/mod.ts";
import { type Changes, EventLog, Stat, STAT_WIDTH, TreeTable, Trie } from "../trees/mod.ts";
import { BasePaths, BaseWatch, denoFiles } from "../base/mod.ts";
import { CompiledRules, Labeller, LabelTable, type Rules } from "../labels/mod.ts";
import { learnKnownExecutables, Programs, Roots } from "../programs/mod.ts";
import { giveMemoryBack } from "./memory.ts";
import { Procfs } from "../proc/mod.ts";
import { ProcessTable, Scanner } from "../processes/mod.ts";
import type { WorkerConfig } from "./protocol.ts";

/** Time between looks for programs that are no throwaway names. */
const REVIEW_NS = 60e9;

/** Bounds of the trees, and an operator's own rules. */
export type EngineConfig = Pick<WorkerConfig, "treesLimit" | "treesMaxOnce" | "treesRetentionMs" | "rules">;

export class Engine {
  readonly procfs: Procfs;
  readonly programs: Programs;
  readonly scanner: Scanner;
  readonly table: ProcessTable;
  /** All {@link Stat}s; those of the source are kept up to date by the source. */
  readonly stats = new Float64Array(STAT_WIDTH);
  readonly #libc: Libc;
  readonly #labeller: Labeller;
  readonly #baseWatch: BaseWatch;
  readonly #roots: Roots;
  readonly #labels = new LabelTable();
  readonly #trie: Trie;
  readonly #events = new EventLog();
  readonly #trees: TreeTable;
  #nextReviewNs = 0;

  /** `records` is the queue of the accounting records, where the source has one. */
  constructor(libc: Libc, config: EngineConfig, records = new RecordQueue()) {
    const rules = new CompiledRules(config.rules);
    this.#libc = libc;
    this.procfs = new Procfs(libc);
    const files = denoFiles();
    this.#labeller = new Labeller(BasePaths.load(files, rules), "", rules);
    const relabel = () => {
      this.programs.relabel();
      this.table.relabelledNs = libc.clock(c.CLOCK_MONOTONIC);
    };
    this.#baseWatch = new BaseWatch(files, this.#labeller, relabel);
    this.#roots = new Roots(libc, this.procfs, this.#labeller, relabel, rules);
    this.programs = new Programs(this.procfs, this.#labeller, this.#labels, this.#roots);
    this.scanner = new Scanner(libc, this.procfs, this.programs);
    this.#trie = new Trie(this.#labels, config.treesLimit, config.treesMaxOnce);
    this.#trie.configure(rules);
    this.#trees = new TreeTable(this.#trie, config.treesRetentionMs * 1e6, this.#events);
    this.table = new ProcessTable(
      this.#trie,
      this.#trees,
      this.programs,
      records,
      (pid) => this.scanner.adopt(this.table, pid),
    );
    this.#roots.findProcess = (root) => this.table.findInRoot(root);
    this.stats[Stat.TreesLimit] = config.treesLimit;
    learnKnownExecutables(libc, files, this.base, this.programs);
    this.updateClocks();
  }

  /** What is base now. */
  get base(): BasePaths {
    return this.#labeller.base;
  }

  /** Takes an operator's other rules: what is launched from now on follows them. Throws a `RuleError`, and changes nothing. */
  configure(rules: Rules): void {
    const compiled = new CompiledRules(rules);
    this.#trie.configure(compiled);
    this.#labeller.renames = compiled;
    this.#baseWatch.override(compiled); // which has everything labelled anew
    this.#roots.override(compiled);
  }

  /** Looks whether a package database changed, if it is time for it. */
  checkBase(nowNs: number): void {
    this.#baseWatch.check(nowNs);
    this.#roots.check(nowNs);
  }

  /** Whether {@link readBase} has work to do. */
  get isReadingBase(): boolean {
    return this.#baseWatch.isReading || this.#roots.isReading;
  }

  /** Reads on in a changed package database, or a new root's, until `endNs`. */
  readBase(endNs: number): void {
    if (this.#baseWatch.isReading) this.#baseWatch.step(() => this.#libc.clock(c.CLOCK_MONOTONIC), endNs);
    else this.#roots.step(endNs);
  }

  /** Measures how the clocks stand to each other: Unix time is set, and a suspended machine stops one of them. */
  updateClocks(): void {
    const nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    this.table.unixOffsetNs = this.#libc.clock(c.CLOCK_REALTIME) - nowNs;
    this.scanner.updateClock();
    if (nowNs < this.#nextReviewNs) return;
    this.#nextReviewNs = nowNs + REVIEW_NS;
    this.#trees.proveRegular((nowNs + this.table.unixOffsetNs) / 1e9);
  }

  /** Starts the tables of executables anew where they have reached their bound. Only while no captured exec waits. */
  bound(): void {
    if (!this.programs.isFull) return;
    const labels = this.#trie.usedLabels();
    this.table.addUsedLabels(labels);
    this.programs.restart(labels);
    this.table.forgetExecutables();
    giveMemoryBack(this.#libc); // in a storm of names nobody else does
  }

  /** Keeps launches and endings one by one for the reports, or doesn't. */
  listen(isOn: boolean): void {
    this.#events.listen(isOn);
  }

  /** What changed since the last call: report number `report`. `scraped` is the last that scrapes have got. */
  collect(report: number, scraped: number): Changes {
    const { stats } = this;
    [stats[Stat.ImagesByProc], stats[Stat.ImagesByInode], stats[Stat.ImagesByComm], stats[Stat.ImagesUnknown]] =
      this.programs.namedBy;
    const trees = this.#trees.collect({ report, scraped, nowNs: this.#libc.clock(c.CLOCK_MONOTONIC) });
    stats[Stat.Report] = report;
    stats[Stat.Processes] = this.table.size;
    stats[Stat.Trees] = this.#trie.size;
    stats[Stat.Collapsed] = this.#trees.collapsed;
    stats[Stat.Retired] = this.#trees.retired;
    stats[Stat.ProcfsErrors] = this.procfs.errors;
    stats[Stat.WorkerCpuSeconds] = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID) / 1e9;
    const events = this.#events.take();
    return {
      ...trees,
      stats: stats.slice(),
      ...events === undefined ? {} : { events },
    };
  }
}
