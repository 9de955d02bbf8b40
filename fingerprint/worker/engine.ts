/**
 * The parts of the fingerprint side put together: what both sources (connector and polling) feed, and what a report is made
 * from.
 *
 * @module
 */
import { constants as c, type ExecRecord, type Libc, RecordQueue, writePath } from "../../netlink/mod.ts";
import { type Changes, EventLog, Stat, STAT_WIDTH, TreeTable, type Trie } from "../trees/mod.ts";
import { BasePaths, BaseWatch, denoFiles } from "../base/mod.ts";
import { CompiledRules, LabelChanges, Labeller, LabelTable, type Rules } from "../labels/mod.ts";
import { Claims, learnKnownExecutables, MachineFiles, NamedBy, Programs, Roots } from "../programs/mod.ts";
import { BudgetWarnings } from "./budget_warnings.ts";
import { giveMemoryBack } from "./memory.ts";
import { containerIn } from "../containers/mod.ts";
import { Contexts } from "../context/mod.ts";
import { CgroupFolders, Procfs } from "../proc/mod.ts";
import { type AccountingSource, Clocks, Intake, ProcessColumns, ProcessTable, Scanner } from "../processes/mod.ts";
import { runningIn, type RunningTree } from "./running.ts";
import { BaseCheck } from "./base_check.ts";
import type { Log, MainThread, Verification, WorkerConfig } from "./protocol.ts";

/** Time between looks for programs that are no throwaway names. */
const REVIEW_NS = 60e9;

/** The path of a control group, in a record at most. */
const GROUP_BYTES = 4096;
const UTF8 = new TextDecoder();

/** Bounds of the trees, and rules. */
export type EngineConfig = Pick<WorkerConfig, "procfs" | "treesLimit" | "treesMaxOnce" | "treesRetentionMs" | "rules">;

/** A source of which no record ever comes. */
function noAccounting(): AccountingSource {
  return { records: new RecordQueue(), hasAllRecords: false, receiveRecords() {} };
}

export class Engine {
  readonly procfs: Procfs;
  readonly programs: Programs;
  readonly scanner: Scanner;
  readonly table: ProcessTable;
  readonly intake: Intake;
  /** All {@link Stat}s; those of the source are kept up to date by the source. */
  readonly stats = new Float64Array(STAT_WIDTH);
  readonly #libc: Libc;
  readonly #group = new Uint8Array(GROUP_BYTES);
  readonly #labeller: Labeller;
  readonly #baseWatch: BaseWatch;
  readonly #roots: Roots;
  readonly #machine: MachineFiles;
  readonly #labels = new LabelTable();
  readonly #trie: Trie;
  readonly #events = new EventLog();
  readonly #trees: TreeTable;
  readonly #clocks: Clocks;
  readonly #contexts: Contexts;
  readonly #budgetWarnings: BudgetWarnings;
  readonly #baseCheck: BaseCheck | undefined;
  readonly #verification: Verification | undefined;
  #nextReviewNs = 0;

  /** `main` waits for file systems; `accounting` is where the records come from, where the source has some. */
  constructor(libc: Libc, config: EngineConfig, log: Log, main: MainThread, accounting = noAccounting()) {
    const rules = new CompiledRules(config.rules), files = denoFiles();
    const labelChanges = new LabelChanges(libc), columns = new ProcessColumns();
    this.#libc = libc;
    this.#clocks = new Clocks(libc);
    this.procfs = new Procfs(libc, config.procfs);
    const folders = new CgroupFolders(libc);
    this.#contexts = new Contexts(
      (pid) => this.procfs.readCgroup(pid),
      (place) => main.meet?.(containerIn(place)!),
      (path) => folders.idOf(path),
    );
    this.#labeller = new Labeller(BasePaths.load(files, rules), "", rules);
    this.#baseWatch = new BaseWatch(files, this.#labeller, () => labelChanges.note());
    this.#roots = new Roots(libc, this.procfs, this.#labeller, labelChanges, columns, main, rules, {
      full: (roots) =>
        log(
          "warn",
          "More roots (containers, chroots) than are told apart; programs in further ones go by the built-in list",
          { roots },
        ),
      stalled: (root) =>
        log("warn", "The file system of a root doesn't answer; its programs go by the built-in list until it does", {
          root,
        }),
    });
    this.#machine = new MachineFiles(libc, this.procfs);
    const claims = new Claims(this.#machine, this.procfs, this.#roots);
    this.programs = new Programs(this.procfs, this.#labeller, this.#labels, labelChanges, claims, this.#roots);
    const bounds = {
      limit: config.treesLimit,
      maxOnce: config.treesMaxOnce,
      retentionNs: config.treesRetentionMs * 1e6,
    };
    this.#trees = new TreeTable(this.#labels, bounds, this.#events);
    this.#trie = this.#trees.trie;
    this.#trie.configure(rules);
    this.#budgetWarnings = new BudgetWarnings(this.#trie.budget, this.#trees, log);
    const verification = this.#verification = main.verification;
    const baseCheck = this.#baseCheck = verification && new BaseCheck({
      libc,
      programs: this.programs,
      roots: this.#roots,
      host: this.#labeller,
      trie: this.#trie,
      trees: this.#trees,
      labelChanges,
      stats: this.stats,
      log,
    });
    this.table = new ProcessTable({
      columns,
      trie: this.#trie,
      trees: this.#trees,
      programs: this.programs,
      accounting,
      clocks: this.#clocks,
      contexts: this.#contexts,
      labelChanges,
      onLaunch: baseCheck && ((executable, node, pid) => baseCheck.launched(executable, node, pid)),
    });
    this.scanner = new Scanner(this.#clocks, this.procfs, this.programs, this.table);
    this.intake = new Intake(this.table, this.scanner);
    this.stats[Stat.TreesLimit] = config.treesLimit;
    this.stats[Stat.TreesBytesLimit] = this.#trie.budget.maxBytes;
    learnKnownExecutables(libc, files, this.base, this.programs);
    this.updateClocks();
  }

  /** What is base now. */
  get base(): BasePaths {
    return this.#labeller.base;
  }

  /** Takes other rules: what is launched from now on follows them. Throws a `RuleError`, and changes nothing. */
  configure(rules: Rules): void {
    const compiled = new CompiledRules(rules);
    this.#trie.configure(compiled);
    this.#labeller.renames = compiled;
    this.#baseWatch.override(compiled); // which has everything labelled anew
    this.#roots.override(compiled);
  }

  /** For so many nanoseconds the first program of a trusted root may wait until it is known what is base there. */
  set rootPatienceNs(nanoseconds: number) {
    this.#roots.patienceNs = nanoseconds;
  }

  /** Takes in all processes that are there, at the start. Throws when /proc can't be read. */
  scan(): void {
    // Threads of the kernel run no program, and one of them has a root of its own.
    this.#roots.prepare(this.scanner.processIds().filter((pid) => this.procfs.readExe(pid) > 0));
    this.scanner.scan();
  }

  /** Looks whether a package database changed, if it is time for it, and has the programs compared that were launched. */
  checkBase(nowNs: number): void {
    this.#baseWatch.check(nowNs);
    this.#roots.check(nowNs);
    const check = this.#baseCheck, verification = this.#verification;
    if (check === undefined || verification === undefined) return;
    verification.take((key, verdict) => check.take(key, verdict));
    const requests = check.look(nowNs);
    if (requests.length > 0) verification.ask(requests);
  }

  /** Whether {@link readBase} has work to do. */
  get isReadingBase(): boolean {
    return this.#baseWatch.isReading || this.#roots.isReading;
  }

  /** Reads on in a changed package database, or a new root's, until `endNs`. */
  readBase(endNs: number): void {
    if (this.#baseWatch.isReading) this.#baseWatch.step(() => this.#clocks.nowNs, endNs);
    else this.#roots.step(endNs);
  }

  /** Measures how the clocks stand to each other: Unix time is set, and a suspended machine stops one of them. */
  updateClocks(): void {
    const { nowNs } = this.#clocks;
    this.#clocks.update();
    this.#budgetWarnings.check(nowNs);
    if (nowNs < this.#nextReviewNs) return;
    this.#nextReviewNs = nowNs + REVIEW_NS;
    this.#trees.proveRegular(this.#clocks.unixSeconds(nowNs));
  }

  /** The kernel told of a control group with the exec of a record; `bytes` are those of the record's view. */
  meetGroup(record: ExecRecord, bytes: Uint8Array): void {
    const length = writePath(bytes, record.groupAt, record.end, 0, this.#group);
    if (length > 0) this.#contexts.told(record.controlGroup, UTF8.decode(this.#group.subarray(0, length)));
  }

  /** Starts the tables of executables and of contexts anew where they have reached their bound. Only while no captured exec waits. */
  bound(): void {
    if (this.#contexts.isFull) {
      this.#contexts.restart();
      this.table.forgetContexts();
    }
    if (!this.programs.isFull) return;
    const labels = this.#trie.usedLabels();
    this.table.addUsedLabels(labels);
    this.programs.restart(labels);
    this.#baseCheck?.restart();
    this.table.forgetExecutables();
    giveMemoryBack(this.#libc); // in a storm of names nobody else does
  }

  /** Keeps launches and endings one by one for the reports, or doesn't. */
  listen(isOn: boolean): void {
    this.#events.listen(isOn);
  }

  /** What runs the tree of this number now. */
  runningIn(tree: number): RunningTree {
    const { table, programs, scanner, procfs } = this;
    return runningIn({ trie: this.#trie, table, programs, scanner, procfs, clocks: this.#clocks }, tree);
  }

  /** What changed since the last call: report number `report`. `scraped` is the last that scrapes have got. */
  collect(report: number, scraped: number): Changes {
    const { stats } = this;
    const { namedBy } = this.programs;
    stats[Stat.ImagesByProc] = namedBy[NamedBy.Proc];
    stats[Stat.ImagesByInode] = namedBy[NamedBy.Inode];
    stats[Stat.ImagesByComm] = namedBy[NamedBy.Comm];
    stats[Stat.ImagesUnknown] = namedBy[NamedBy.Unknown];
    stats[Stat.ImagesByBpf] = namedBy[NamedBy.Bpf];
    stats[Stat.ImagesContradicted] = this.programs.contradicted;
    const trees = this.#trees.collect({ report, scraped, nowNs: this.#clocks.nowNs });
    stats[Stat.Report] = report;
    stats[Stat.Processes] = this.table.size;
    stats[Stat.Roots] = this.#roots.size;
    stats[Stat.RootsRefused] = this.#roots.refused;
    stats[Stat.RootsUnreadable] = this.#roots.unreadable;
    stats[Stat.Trees] = this.#trie.size;
    stats[Stat.TreesBytes] = this.#trie.budget.bytes;
    stats[Stat.Evicted] = this.#trees.evicted;
    stats[Stat.Collapsed] = this.#trees.collapsed;
    stats[Stat.Retired] = this.#trees.retired;
    stats[Stat.ProcfsErrors] = this.procfs.errors;
    stats[Stat.WorkerCpuSeconds] = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID) / 1e9;
    const events = this.#events.take();
    return {
      ...trees,
      contexts: { ...this.#contexts.take(), launchedIn: this.#trees.contexts.take() },
      stats: stats.slice(),
      ...events === undefined ? {} : { events },
    };
  }

  /** Closes /proc; nothing can be looked at any more. */
  close(): void {
    this.#machine.close();
    this.procfs.close();
  }
}
