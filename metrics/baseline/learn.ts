/**
 * The command `baseline learn`, without the process around it: looks at exporters or this machine until a time is over, nothing
 * new comes any more, or a signal; then writes down what was seen.
 *
 * @module
 */

import type { Baseline } from "./baseline.ts";
import { asksOthers, clientOf, DEFAULT_FOR_MS, lookBackMs, type SourceRequest } from "./request.ts";
import { readBaseline } from "./file.ts";
import { Learning, type Progress } from "./learning.ts";
import type { Look } from "./look.ts";
import { type Learned, learnInto, mergeBaseline } from "./merge.ts";
import { isOther, type SeenTree } from "./seen.ts";
import { bySection } from "./by_place.ts";
import type { Profile } from "./sections.ts";
import { lookAtExporter, placesOfPrometheus, treesOfPrometheus } from "./sources.ts";

/** What is learned from, and when it is enough. */
export interface LearnRequest extends SourceRequest {
  /** `stable`: not before nothing new has come for so long and so many launches. */
  readonly until: "time" | "stable";
  readonly stableMs: number;
  readonly stableLaunches: number;
  /** What has a list of its own in the file. */
  readonly by: Profile;
  /** Whether the days on which trees of the file were last seen are renewed. */
  readonly refresh: boolean;
}

/** This machine's own watch. */
export interface OwnWatch extends AsyncDisposable {
  look(): Promise<Look>;
  /** Settled when it can't go on. */
  readonly stopped: Promise<unknown>;
}

/** How far learning is, for a person who waits. */
export interface LearnProgress extends Progress {
  /** Time that learning has taken, and that it may take: Infinity where only stability ends it. */
  readonly passedMs: number;
  readonly forMs: number;
  /** Units that are stable, and units in all. */
  readonly stableUnits: number;
  readonly units: number;
}

/** What the command does beside computing. */
export interface LearnIo {
  /** Prints to standard output. */
  print(text: string): void;
  /** Tells what is going on. */
  log(level: "info" | "warn", message: string, fields?: Readonly<Record<string, string | number>>): void;
  /** Told after each look. */
  progress(progress: LearnProgress): void;
  /** Settled when the command is to end early. */
  readonly stop: Promise<void>;
  /** Time between two looks. No exporter forgets a tree within a few minutes. */
  readonly pauseMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Something that is looked at again and again. */
interface Source {
  /** For messages: a URL without a name or password; empty for this machine. */
  readonly name: string;
  look(): Promise<Look>;
}

/** Waits for a time, or for a promise. */
async function pause(ms: number, stop: Promise<void>): Promise<void> {
  const timer = Promise.withResolvers<void>();
  // A timeout can't be longer than 24 days.
  const id = setTimeout(timer.resolve, Math.min(ms, DEFAULT_FOR_MS));
  await Promise.race([timer.promise, stop]).finally(() => clearTimeout(id));
}

/** Looks at sources until it is enough. */
class Follower {
  readonly #sources: readonly Source[];
  readonly #learning: Learning;
  readonly #request: LearnRequest;
  readonly #io: LearnIo;
  readonly #now: () => number;
  /** Sources that gave no answer when they were last asked, and those that lost launches. */
  readonly #away = new Set<Source>();
  readonly #lossy = new Set<Source>();

  constructor(sources: readonly Source[], baseline: Baseline | undefined, request: LearnRequest, io: LearnIo) {
    this.#sources = sources;
    this.#request = request;
    this.#io = io;
    this.#now = io.now ?? (() => performance.now());
    const wanted = { quietMs: request.stableMs, launches: request.stableLaunches };
    this.#learning = new Learning(wanted, baseline, this.#now());
  }

  /** What was seen. Throws what the first looks throw: later ones may fail, and are told of. */
  async follow(forMs: number): Promise<SeenTree[]> {
    const { stop, pauseMs = 10_000 } = this.#io, start = this.#now(), isStableWanted = this.#request.until === "stable";
    await Promise.all(this.#sources.map(async (source) => this.#take(source, await source.look())));
    let isStopped = false;
    stop.then(() => isStopped = true, () => {}); // the pause throws it
    const isOver = () =>
      isStopped || this.#now() - start >= forMs || isStableWanted && this.#learning.progress(this.#now()).isStable;
    while (!isOver()) {
      this.#showProgress(start, forMs);
      await pause(Math.min(pauseMs, forMs - (this.#now() - start)), stop);
      await Promise.all(this.#sources.map((source) => this.#look(source)));
    }
    if (isStableWanted) this.#tellStability();
    if (isStopped) this.#io.log("info", "Ended early: what was learned so far is written");
    return this.#learning.seen;
  }

  async #look(source: Source): Promise<void> {
    const { log } = this.#io, fields = source.name === "" ? {} : { exporter: source.name };
    try {
      const look = await source.look();
      if (this.#away.delete(source)) log("info", "An exporter answers again: learning goes on", fields);
      this.#take(source, look);
    } catch (error) {
      // One that is being restarted is asked again; what it had is known.
      if (this.#away.has(source)) return;
      this.#away.add(source);
      log("warn", `${error instanceof Error ? error.message : error}; it is asked again`, fields);
    }
  }

  #take(source: Source, { trees, ...look }: Look): void {
    const { by } = this.#request, { log } = this.#io, told = bySection(trees, look.launchedIn, by);
    const { isRestarted, lost } = this.#learning.add({ ...look, trees: told }, this.#now());
    const fields = source.name === "" ? {} : { exporter: source.name };
    if (isRestarted) log("info", "An exporter was started again: what it had seen is kept", fields);
    if (lost === 0 || this.#lossy.has(source)) return;
    this.#lossy.add(source);
    log("warn", "The kernel dropped messages: launches may be missing in what is learned", { ...fields, lost });
  }

  #showProgress(start: number, forMs: number): void {
    const now = this.#now(), units = this.#learning.units(now);
    this.#io.progress({
      ...this.#learning.progress(now),
      passedMs: now - start,
      forMs,
      stableUnits: units.filter(([, { isStable }]) => isStable).length,
      units: units.length,
    });
  }

  #tellStability(): void {
    const now = this.#now(), { isStable, quietMs, launches, trees } = this.#learning.progress(now), { log } = this.#io;
    const fields = { trees, hours: hours(quietMs), launches };
    if (isStable) log("info", "Stable: no new tree for so long", fields);
    else log("warn", "Not stable yet: the last new tree came so long ago", fields);
    const units = this.#learning.units(now);
    const stable = units.filter(([, { isStable }]) => isStable), others = units.filter(([, { isStable }]) => !isStable);
    if (stable.length > 0) log("info", "Units that are stable", { units: stable.map(([unit]) => unit).join(", ") });
    if (others.length === 0) return;
    const texts = others.map(([unit, { quietMs, launches }]) => `${unit} (${hours(quietMs)} h, ${launches} launches)`);
    log("info", "Units that still learn, and how far they are", { units: texts.join(", ") });
  }
}

function hours(ms: number): number {
  return Math.round(ms / 360_000) / 10;
}

/** The trees of all that is asked. */
async function gather(
  request: LearnRequest,
  baseline: Baseline | undefined,
  watch: () => Promise<OwnWatch>,
  io: LearnIo,
): Promise<SeenTree[]> {
  const isStableWanted = request.until === "stable";
  if (!asksOthers(request)) {
    await using own = await watch();
    const stop = Promise.race([io.stop, own.stopped.then(() => {})]);
    const follower = new Follower([{ name: "", look: () => own.look() }], baseline, request, { ...io, stop });
    return await follower.follow(request.forMs ?? (isStableWanted ? Infinity : DEFAULT_FOR_MS));
  }
  const { exporterUrls, prometheusUrl, prometheusMatchers = "" } = request;
  using client = clientOf(request);
  const { by } = request, seconds = lookBackMs(request) / 1000, isPlaced = by !== "machine";
  const known = prometheusUrl === undefined
    ? []
    : await treesOfPrometheus(client, prometheusUrl, prometheusMatchers, seconds);
  const places = prometheusUrl === undefined || !isPlaced
    ? []
    : await placesOfPrometheus(client, prometheusUrl, prometheusMatchers, seconds);
  const past = bySection(known, places, by);
  if (exporterUrls.length === 0) return past;
  const look = (url: string) => lookAtExporter(client, url, Date.now() / 1000, isPlaced);
  const sources = exporterUrls.map((url) => ({ name: new URL(url).host, look: () => look(url) }));
  const follower = new Follower(sources, baseline, request, io);
  return [...past, ...await follower.follow(request.forMs ?? (isStableWanted ? Infinity : 0))];
}

/**
 * Learns a baseline. `watch` begins to watch this machine, where nobody else is asked. Gives the exit status; throws errors whose
 * message is one line.
 */
export async function learn(
  file: string | undefined,
  request: LearnRequest,
  watch: () => Promise<OwnWatch>,
  io: LearnIo,
): Promise<number> {
  // A file that can't be used is found before a day has passed.
  const exists = file !== undefined && await Deno.stat(file).then(() => true, () => false);
  const seen = await gather(request, exists ? readBaseline(file) : undefined, watch, io);
  const learned = file === undefined
    ? mergeBaseline(undefined, "-", seen)
    : await learnInto(file, seen, request.refresh).catch((error) => {
      // The day is not lost.
      io.print(mergeBaseline(undefined, "-", seen).text.trimEnd());
      throw error;
    });
  if (file === undefined) io.print(learned.text.trimEnd());
  tellUnplaced(seen, request.by, io);
  tell(learned, file ?? "-", io);
  return 0;
}

/** What nobody knows the place of is expected anywhere. */
function tellUnplaced(seen: readonly SeenTree[], by: Profile, { log }: LearnIo): void {
  if (by !== "unit") return;
  const trees = new Set(seen.flatMap(({ tree, section }) => section === undefined && !isOther(tree) ? [tree] : []));
  if (trees.size === 0) return;
  log("warn", "Of some trees nobody knows in which unit they were launched: they are expected in any", {
    trees: trees.size,
  });
}

function tell({ skipped, ignoresFlags, added, known, addedFlags }: Learned, file: string, { log }: LearnIo): void {
  for (const tree of skipped) {
    log("warn", "Left out what stands for any tree: with a larger --trees.max the trees have names of their own", {
      tree,
    });
  }
  if (ignoresFlags) {
    log("info", "The file says nothing of flags, and that stays: give it an empty map, flags: {}, and learn again", {
      file,
    });
  }
  log("info", "Learned", { added: added.length, known, flags: addedFlags, file });
}
