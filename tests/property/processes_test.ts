import { Contexts } from "../../fingerprint/context/mod.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { Labeller } from "../../fingerprint/labels/labeller.ts";
import { LabelTable } from "../../fingerprint/labels/table.ts";
import { BasePaths } from "../../fingerprint/base/programs.ts";
import { ProcessTable } from "../../fingerprint/processes/table.ts";
import { UNSEEN } from "../../fingerprint/programs/marks.ts";
import { Programs } from "../../fingerprint/programs/naming.ts";
import { Column } from "../../fingerprint/trees/columns.ts";
import { Resync } from "../../fingerprint/processes/resync.ts";
import { LabelChanges } from "../../fingerprint/labels/changes.ts";
import { Clocks } from "../../fingerprint/processes/clocks.ts";
import { ProcessColumns } from "../../fingerprint/processes/columns.ts";
import { Learned, State, TRANSITIONS } from "../../fingerprint/processes/endings.ts";
import { Intake } from "../../fingerprint/processes/intake.ts";
import { Scanner } from "../../fingerprint/processes/scan.ts";
import { OTHER, ROOT } from "../../fingerprint/trees/nodes.ts";
import { TreeTable } from "../../fingerprint/trees/table.ts";
import { type EventHandler, Reader } from "../../netlink/mod.ts";
import { Claims } from "../../fingerprint/programs/claims.ts";
import { FakeFiles, FakeProc, fileAt } from "../unit/fingerprint/fake_proc.ts";
import { MapFiles } from "../unit/fingerprint/map_files.ts";
import { DEVICE, Machine, type Process, type Program, PROGRAMS, Truth } from "./fake_machine.ts";
import { runs } from "./runs.ts";

/** How events reach the table in a run. */
interface Setting {
  /** Accounting records come. */
  readonly accounting: boolean;
  /** Each exec is looked at before anything else happens, so that every name is known exactly. */
  readonly prompt: boolean;
  /** What is lost. */
  readonly loss: "nothing" | "events" | "records";
  /** Processes have further threads. */
  readonly threads: boolean;
}

const base = BasePaths.load(new MapFiles());
/** Programs whose name needs no command line, so that a record is enough. */
const PLAIN_PROGRAMS = PROGRAMS.filter(({ exe }) => !exe.includes("python"));
const STATUSES = [0, 0, 0x100, 0x2a00, 9, 0x8b];
/** Of resources, counted as whole numbers of a microsecond. */
const CLOSE = 1e-7;

/** Sequences. */
const RUNS = runs(10_000);

/** What happened in all runs together, to see that the sequences reach it. */
const seen = { forks: 0, execs: 0, exits: 0, reused: 0, threadExecs: 0, leaderless: 0, resyncs: 0, lost: 0, checks: 0 };

/** How often each row of the table of endings was taken in all runs together. */
const taken = new Float64Array(TRANSITIONS.length);

/** The name of a value in one of the tables of names. */
function nameIn(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value)!;
}

/** The table with everything around it, and what the loop over the connector does with it. */
class Watched implements EventHandler {
  readonly machine = new Machine(9);
  readonly labels = new LabelTable();
  readonly trees = new TreeTable(this.labels, { limit: 1000 });
  readonly trie = this.trees.trie;
  readonly labelChanges = new LabelChanges(this.machine.libc);
  readonly programs = new Programs(
    this.machine.procfs,
    new Labeller(base),
    this.labels,
    this.labelChanges,
    new Claims(new FakeFiles(), new FakeProc()),
  );
  readonly clocks = new Clocks(this.machine.libc);
  readonly columns = new ProcessColumns();
  readonly reader: Reader;
  readonly table: ProcessTable;
  readonly scanner: Scanner;
  readonly intake: Intake;
  readonly resync: Resync;
  #lost = 0;
  #resyncWanted = false;
  #nextCheckNs = 0;

  constructor(readonly setting: Setting) {
    const { machine } = this;
    this.reader = new Reader(machine.libc, machine.connector, setting.accounting ? machine.accounting : undefined, -1);
    this.table = new ProcessTable({ ...this, contexts: new Contexts(() => ""), accounting: this.reader });
    this.scanner = new Scanner(this.clocks, machine.procfs, this.programs, this.table);
    this.intake = new Intake(this.table, this.scanner);
    this.resync = new Resync(this.scanner, this.table);
    const encoder = new TextEncoder();
    for (const { exe, inode } of PROGRAMS) {
      this.programs.inodes.know(encoder.encode(exe), { ...fileAt(exe), device: DEVICE, inodeLow: inode });
    }
    this.scanner.scan();
  }

  captureRecord(): number {
    assert.fail("there is no ring");
  }

  capture(pid: number, isLate: boolean): number {
    return isLate ? UNSEEN : this.programs.look(pid);
  }

  fork(timestampNs: number, parent: number, child: number): void {
    this.intake.fork(timestampNs, parent, child);
  }

  exec(timestampNs: number, pid: number, captured: number, readNs: number): void {
    this.intake.exec(timestampNs, pid, captured, readNs);
  }

  exit(timestampNs: number, pid: number, status: number): void {
    this.intake.exit(timestampNs, pid, status);
  }

  /** Each call takes a few execs. */
  look(): void {
    do this.reader.wait(0, this); while (this.machine.execs.queue.length > 0);
  }

  /** A drain, and `steps` looks of a resynchronisation at processes. */
  drain(steps: number): void {
    const { machine, reader, table, resync } = this;
    const beforeNs = machine.nowNs;
    machine.advance(1e6);
    reader.drain(this);
    table.settle(reader.generation, reader.previousDrainNs, reader.drainNs);
    const lost = machine.execs.lost + machine.lifecycle.lost;
    if (lost !== this.#lost) this.#resyncWanted = true;
    this.#lost = lost;
    if (this.#resyncWanted && !resync.isRunning) {
      this.#resyncWanted = false;
      seen.resyncs++;
      resync.start();
    }
    if (machine.nowNs >= this.#nextCheckNs) {
      this.#nextCheckNs = machine.nowNs + 1e9;
      for (const pid of table.leaderless()) {
        seen.leaderless++;
        if (!this.scanner.isSame(pid)) table.missing(pid);
      }
    }
    if (resync.isRunning) resync.step(beforeNs, reader.drainNs, () => steps-- <= 0);
  }

  /** Lets time pass until nothing is left to do. */
  calm(): void {
    for (let i = 0; i < 12; i++) {
      this.machine.advance(4e8);
      this.look();
      this.drain(1000);
    }
    assert.equal(this.resync.isRunning || this.#resyncWanted, false, "a resynchronisation ends");
    assert.equal(this.reader.records.size, 0, "no record stays");
    assert.equal(this.reader.backlog, 0, "no exec stays");
  }

  nodes(): number[] {
    return [ROOT, ...Array.from({ length: this.trie.length - OTHER }, (_, i) => OTHER + i)];
  }

  /** What holds at any time. */
  checkInvariants(): void {
    seen.checks++;
    let processes = 0;
    for (const node of this.nodes()) {
      const path = this.trie.pathOf(node), get = (column: number) => this.trees.get(node, column);
      let endings = 0;
      for (let outcome = 0; outcome < 6; outcome++) endings += get(Column.Exits + outcome);
      assert.equal(get(Column.Launches), endings + get(Column.Running), `launches = endings + running: ${path}`);
      assert.ok(get(Column.Running) >= 0, `running is negative: ${path}`);
      assert.ok(get(Column.Processes) >= 0, `processes are negative: ${path}`);
      assert.ok(get(Column.Running) <= get(Column.Processes), `more images than processes: ${path}`);
      processes += get(Column.Processes);
    }
    assert.equal(processes, this.table.size, "the processes of all trees are those of the table");
  }

  /** Without loss: the same processes, and the numbers of each tree, or of all together where names aren't exact. */
  checkTruth(): void {
    const alive = this.machine.alive.map(({ pid }) => pid);
    assert.deepEqual([...this.table.processIds()].sort((a, b) => a - b), alive, "the processes alive");
    const found = new Map(this.nodes().map((node) => [this.trie.pathOf(node), this.#truth(node)]));
    const { truth } = this.machine;
    if (this.setting.prompt && this.setting.loss === "nothing") {
      for (const path of new Set([...found.keys(), ...truth.keys()])) {
        this.#compare(found.get(path) ?? new Truth(), truth.get(path) ?? new Truth(), path);
      }
    } else {
      this.#compare(sum(found.values()), sum(truth.values()), "all trees");
    }
  }

  /** After a loss and a resynchronisation: every process that lives, the tree of what it runs, and all gauges. */
  checkGauges(): void {
    const { alive } = this.machine, { table, trie } = this;
    assert.deepEqual([...table.processIds()].sort((a, b) => a - b), alive.map(({ pid }) => pid), "the processes alive");
    const processes = new Map<number, number>(), running = new Map<number, number>();
    for (const { pid, program, hasImage, leaderAlive, isObscure } of alive) {
      const node = table.nodeOf(pid), path = trie.pathOf(node);
      // Nothing but its thread's name tells what a process without a first thread runs.
      if (leaderAlive && !isObscure && this.setting.prompt) {
        const label = node === ROOT ? "systemd" : path.slice(path.lastIndexOf("/") + 1);
        assert.equal(path === "/systemd-user" ? "systemd" : label, program.label, `${pid}`);
      }
      processes.set(node, (processes.get(node) ?? 0) + 1);
      if (hasImage) running.set(node, (running.get(node) ?? 0) + 1);
    }
    for (const node of this.nodes()) {
      assert.equal(this.trees.get(node, Column.Processes), processes.get(node) ?? 0, `processes: ${trie.pathOf(node)}`);
      assert.equal(this.trees.get(node, Column.Running), running.get(node) ?? 0, `running: ${trie.pathOf(node)}`);
    }
  }

  #truth(node: number): Truth {
    const get = (column: number) => this.trees.get(node, column), truth = new Truth();
    truth.launches = get(Column.Launches);
    truth.running = get(Column.Running);
    truth.processes = get(Column.Processes);
    truth.exits = truth.exits.map((_, outcome) => get(Column.Exits + outcome));
    truth.seconds = get(Column.SecondsSum);
    truth.userSeconds = get(Column.CpuUserSeconds);
    truth.systemSeconds = get(Column.CpuSystemSeconds);
    truth.readBytes = get(Column.ReadBytes);
    truth.switches = get(Column.VoluntarySwitches);
    truth.peakBytes = get(Column.MaxResidentBytes);
    return truth;
  }

  #compare(found: Truth, truth: Truth, path: string): void {
    if (this.setting.loss === "records") { // how long ago and how it ended is another's with the same id, perhaps
      for (const one of [found, truth]) {
        one.exits = [one.exits.reduce((sum, count) => sum + count, 0)];
        one.seconds = 0;
      }
    }
    assert.deepEqual(
      [found.launches, found.running, found.processes, ...found.exits],
      [truth.launches, truth.running, truth.processes, ...truth.exits],
      `launches, running, processes and exits: ${path}`,
    );
    assert.ok(
      Math.abs(found.seconds - truth.seconds) < CLOSE,
      `seconds ${found.seconds}, not ${truth.seconds}: ${path}`,
    );
    if (!this.setting.accounting || this.setting.loss !== "nothing") return;
    for (const name of ["userSeconds", "systemSeconds", "readBytes", "switches", "peakBytes"] as const) {
      assert.ok(Math.abs(found[name] - truth[name]) < CLOSE, `${name} ${found[name]}, not ${truth[name]}: ${path}`);
    }
  }
}

function sum(truths: Iterable<Truth>): Truth {
  const all = new Truth();
  for (const truth of truths) {
    for (const name of ["launches", "running", "processes", "seconds"] as const) all[name] += truth[name];
    for (const name of ["userSeconds", "systemSeconds", "readBytes", "switches"] as const) all[name] += truth[name];
    all.exits = all.exits.map((count, outcome) => count + truth.exits[outcome]!);
    all.peakBytes = Math.max(all.peakBytes, truth.peakBytes);
  }
  return all;
}

const HAPPENINGS = [
  ["fork", 8],
  ["exec", 8],
  ["exit", 6],
  ["flash", 4],
  ["start threads", 4],
  ["end threads", 3],
  ["end leader", 3],
  ["exec from thread", 3],
  ["reap", 4],
  ["pass time", 3],
  ["look", 3],
  ["drain", 6],
  ["drain while", 4],
  ["lose", 2],
] as const;
type Happening = { readonly kind: (typeof HAPPENINGS)[number][0]; readonly a: number; readonly b: number };

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.oneof(...HAPPENINGS.map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind) }))),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

const setting: fc.Arbitrary<Setting> = fc.record({
  accounting: fc.boolean(),
  prompt: fc.boolean(),
  loss: fc.constantFrom("nothing", "nothing", "events", "records"),
  threads: fc.boolean(),
});

/** One thing happens on the machine. Sockets that are being read get no call of their own. */
function happen(watched: Watched, { kind, a, b }: Happening, isReading: boolean): void {
  const { machine, setting } = watched, { alive } = machine;
  const process = alive[1 + a % Math.max(1, alive.length - 1)]; // the first process stays
  const parent = alive[a % alive.length]!;
  const threaded = alive.filter(({ threads }) => threads > 0), group = threaded[a % threaded.length];
  const program = PROGRAMS[b % PROGRAMS.length]!;
  const exec = (process: Process, program: Program, look = setting.prompt) => {
    machine.endThreads(process, process.threads);
    machine.exec(process, program);
    seen.execs++;
    if (look && !isReading) watched.look();
  };
  switch (kind) {
    case "fork":
      machine.fork(parent);
      seen.forks++;
      return;
    case "exec":
      if (process?.leaderAlive && !(isReading && setting.prompt)) exec(process, program);
      return;
    case "exit":
      if (process === undefined) return;
      machine.exit(process, STATUSES[b % STATUSES.length]!, b % 3 === 0);
      seen.exits++;
      return;
    case "flash": {
      // It has ended before anybody could look; what is known of it comes from its record.
      const child = setting.prompt && !setting.accounting ? undefined : machine.fork(parent);
      if (child === undefined) return;
      exec(child, PLAIN_PROGRAMS[b % PLAIN_PROGRAMS.length]!, false);
      if (b % 4 === 0) machine.fork(child);
      machine.exit(child, STATUSES[b % STATUSES.length]!, true);
      return;
    }
    case "start threads":
      if (!process?.leaderAlive || !setting.threads) return;
      for (let i = 0; i <= b % 3; i++) machine.startThread(process);
      return;
    case "end threads":
      if (group !== undefined) machine.endThreads(group, 1 + b % 3);
      return;
    case "end leader":
      if (group !== undefined) machine.endLeader(group);
      return;
    case "exec from thread":
      if (group === undefined || (isReading && setting.prompt)) return;
      machine.execFromThread(group, program);
      seen.threadExecs++;
      if (setting.prompt && !isReading) watched.look();
      return;
    case "reap":
      machine.reap();
      return;
    case "pass time":
      machine.advance(1000 * [100, 10_000, 150_000, 5_000_000][b % 4]!);
      return;
    case "look":
      if (!isReading) watched.look();
      return;
    case "lose": {
      if (setting.loss === "nothing") return;
      const socket = setting.loss === "records" ? machine.records : b % 2 === 0 ? machine.execs : machine.lifecycle;
      socket.lose += 1 + a % 5;
      return;
    }
  }
}

function play(setting: Setting, happenings: readonly Happening[]): void {
  const watched = new Watched(setting), { machine } = watched;
  // Nobody can tell the end of a first thread from that of its process without records.
  const isAmbiguous = setting.threads && (!setting.accounting || setting.loss === "records");
  for (let i = 0; i < happenings.length; i++) {
    const one = happenings[i]!;
    if (one.kind === "drain") {
      watched.drain(one.a % 7);
      watched.checkInvariants();
      if (setting.loss === "nothing" && !isAmbiguous) watched.checkTruth();
    } else if (one.kind === "drain while") {
      // The next things happen while the sockets are read: after the execs, or after the forks and exits.
      const socket = one.b % 2 === 0 ? machine.lifecycle : machine.records;
      const next = happenings.slice(i + 1, i + 2 + one.a % 4).filter(({ kind }) => !kind.startsWith("drain"));
      socket.before = () => next.forEach((other) => happen(watched, other, true));
      watched.drain(one.a % 7);
      if (socket.before !== undefined) socket.before();
      socket.before = undefined;
      i += next.length;
      watched.checkInvariants();
    } else {
      happen(watched, one, false);
    }
  }
  machine.execs.lose = machine.lifecycle.lose = machine.records.lose = 0;
  watched.calm();
  watched.checkInvariants();
  watched.table.taken.forEach((count, row) => taken[row]! += count);
  seen.reused += machine.reused;
  seen.lost += machine.execs.lost + machine.lifecycle.lost;
  if (isAmbiguous) return;
  if (setting.loss === "events") watched.checkGauges();
  else watched.checkTruth();
}

type Step = readonly [kind: Happening["kind"], a: number, b: number];

/** An end that is lost, and another process with its number within the same drain: what chance has found. */
const REUSED: readonly Step[] = [
  ["lose", 76, 303],
  ["flash", 0, 1],
  ["pass time", 0, 34],
  ["reap", 0, 0],
  ["fork", 0, 0],
];
const LEADERLESS: readonly Step[] = [["end leader", 0, 0], ["pass time", 0, 0]];
const FOUND: readonly (readonly Step[])[] = [
  [...REUSED, ["start threads", 0, 0], ["drain", 1, 0], ...LEADERLESS],
  [...REUSED, ["drain while", 1, 0], ["start threads", 0, 0], ["drain while", 0, 0], ...LEADERLESS],
];

FOUND.forEach((steps, i) => {
  Deno.test(`an earlier process's record doesn't end the one that has its number now: ${i + 1}`, () => {
    const setting: Setting = { accounting: true, prompt: false, loss: "events", threads: true };
    play(setting, steps.map(([kind, a, b]) => ({ kind, a, b })));
  });
});

Deno.test("whatever happens, launches are endings plus running, and without loss every number is the true one", () => {
  let sequences = 0;
  fc.assert(
    fc.property(setting, fc.array(happening, { minLength: 1, maxLength: 120, size: "max" }), (setting, happenings) => {
      sequences++;
      play(setting, happenings);
    }),
    { numRuns: RUNS },
  );
  console.log(`${sequences} sequences: ${Object.entries(seen).map(([name, count]) => `${count} ${name}`).join(", ")}`);
  const never: string[] = [];
  TRANSITIONS.forEach(({ from, learned, to }, row) => {
    const text = `${nameIn(State, from)}, ${nameIn(Learned, learned)} → ${nameIn(State, to)}`;
    console.log(`  ${text}: ${taken[row]} times`);
    // The others are too rare for chance: endings_test.ts walks them all.
    const isCommon = from === State.Lives ||
      from === State.Leaderless && (learned === Learned.RecordAlone || learned === Learned.Exec);
    if (taken[row] === 0 && isCommon) never.push(text);
  });
  assert.deepEqual(never, [], "the sequences walk the common rows of the table of endings");
});
