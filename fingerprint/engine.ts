/**
 * The parts of the fingerprint side put together: what both sources (connector and polling) feed, and what a report is made
 * from.
 *
 * @module
 */
import { constants as c, type Libc, RecordQueue } from "../netlink/mod.ts";
import { EventLog } from "./event_log.ts";
import { BaseWatch } from "./base_watch.ts";
import { Labeller } from "./label.ts";
import { learnKnownExecutables } from "./known_executables.ts";
import { LabelTable } from "./labels.ts";
import { type BaseOverrides, BasePaths, denoFiles, NO_OVERRIDES } from "./packages.ts";
import { Procfs } from "./procfs.ts";
import { ProcessTable } from "./processes.ts";
import { Programs } from "./programs.ts";
import { type Changes, Stat, STAT_WIDTH } from "./report.ts";
import { Scanner } from "./scan.ts";
import { Trie } from "./tree.ts";
import { TreeTable } from "./tree_table.ts";

export class Engine {
  readonly procfs: Procfs;
  /** Keeps what is base up to date. */
  readonly baseWatch: BaseWatch;
  readonly programs: Programs;
  readonly scanner: Scanner;
  readonly table: ProcessTable;
  /** All {@link Stat}s; those of the source are kept up to date by the source. */
  readonly stats = new Float64Array(STAT_WIDTH);
  readonly #libc: Libc;
  readonly #labeller: Labeller;
  readonly #labels = new LabelTable();
  readonly #trie: Trie;
  readonly #trees: TreeTable;

  /**
   * `records` is the queue of the accounting records, where the source has one; `overrides` is an operator's word about what
   * is base.
   */
  constructor(libc: Libc, treesLimit: number, records = new RecordQueue(), overrides: BaseOverrides = NO_OVERRIDES) {
    this.#libc = libc;
    this.procfs = new Procfs(libc);
    const files = denoFiles();
    this.#labeller = new Labeller(BasePaths.load(files, overrides));
    this.programs = new Programs(this.procfs, this.#labeller, this.#labels);
    this.baseWatch = new BaseWatch(files, this.#labeller, () => this.programs.relabel());
    this.scanner = new Scanner(libc, this.procfs, this.programs);
    this.#trie = new Trie(this.#labels, treesLimit);
    this.#trees = new TreeTable(this.#trie);
    this.table = new ProcessTable(
      this.#trie,
      this.#trees,
      this.programs,
      records,
      (pid) => this.scanner.adopt(this.table, pid),
    );
    this.stats[Stat.TreesLimit] = treesLimit;
    learnKnownExecutables(libc, files, this.programs);
    this.updateClocks();
  }

  /** What is base now. */
  get base(): BasePaths {
    return this.#labeller.base;
  }

  /** Measures how the clocks stand to each other: Unix time is set, and a suspended machine stops one of them. */
  updateClocks(): void {
    this.table.unixOffsetNs = this.#libc.clock(c.CLOCK_REALTIME) - this.#libc.clock(c.CLOCK_MONOTONIC);
    this.scanner.updateClock();
  }

  /** Starts the tables of executables anew where they have reached their bound. Only while no captured exec waits. */
  bound(): void {
    if (!this.programs.isFull) return;
    this.programs.restart(this.#trie.usedLabels());
    this.table.forgetExecutables();
  }

  /** Keeps launches and endings one by one for the reports, or doesn't. */
  listen(isOn: boolean): void {
    this.#trees.events = isOn ? this.#trees.events ?? new EventLog() : undefined;
  }

  /** What changed since the last call. */
  collect(): Changes {
    const { stats } = this;
    [stats[Stat.ImagesByProc], stats[Stat.ImagesByInode], stats[Stat.ImagesByComm], stats[Stat.ImagesUnknown]] =
      this.programs.namedBy;
    stats[Stat.Processes] = this.table.size;
    stats[Stat.Trees] = this.#trie.size;
    stats[Stat.Collapsed] = this.#trees.collapsed;
    stats[Stat.ProcfsErrors] = this.procfs.errors;
    stats[Stat.WorkerCpuSeconds] = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID) / 1e9;
    const events = this.#trees.events?.take();
    return {
      ...this.#trees.collect(),
      removed: new Uint32Array(0),
      stats: stats.slice(),
      ...events === undefined ? {} : { events },
    };
  }
}
