/**
 * The main thread's side of the worker.
 *
 * @module
 */
import { type Descriptor, Libc, openWake, wake } from "../../netlink/mod.ts";
import { ExecutablePages, giveMemoryBack, shareHeap } from "./memory.ts";
import {
  Control,
  CONTROL_WORDS,
  type Log,
  RULES_BYTES,
  type Source,
  type StartMessage,
  type WorkerConfig,
  type WorkerMessage,
} from "./protocol.ts";
import type { RunningTree } from "./running.ts";
import type { Changes } from "../trees/mod.ts";
import type { Rules } from "../labels/mod.ts";
import { ContainerNames, RecordFiles } from "../containers/mod.ts";
import { Procfs } from "../proc/mod.ts";
import { RootReader, type RootRequest } from "../programs/mod.ts";
import { VERDICT_BYTES, Verifier, type VerifyRequest, writeVerdict } from "../verification/mod.ts";

/** The worker could not start, or stopped by itself. `message` is one line with cause and remedy; `detail` is for debugging. */
export class WatchError extends Error {
  override readonly name = "WatchError";
  constructor(message: string, readonly detail: string) {
    super(message);
  }
}

/** After so many reports what they left in this thread is collected, once none was wanted for so long: it takes some 15 ms. */
const TIDY_REPORTS = 10;
const TIDY_MS = 4000;
/**
 * Time between two questions about what runs: an answer takes the reading thread up to 2 ms, of which whoever asks without end is to
 * have a small share.
 */
const ASK_PAUSE_MS = 25;
/** How long a report waits for the names of containers: they take some milliseconds, where a file system answers. */
const NAMES_MS = 50;
/** Time from the start's end until what only it needed of the executable is given back: the first answers are ready by then. */
const START_OVER_MS = 2000;

export class Watcher {
  /** Resolves with the source in use when the start-up scan is done and events come; rejects with {@link WatchError}. */
  readonly ready: Promise<Source>;
  /** Resolves when the worker has stopped by {@link stop}; rejects with {@link WatchError} when it fails. */
  readonly stopped: Promise<void>;
  readonly #worker: Worker;
  readonly #libc: Libc;
  readonly #wake: Descriptor;
  readonly #words: Int32Array;
  readonly #rules = new SharedArrayBuffer(RULES_BYTES);
  /** For what is read of other roots, open from the start: its descriptor is one of those that the exporter begins with. */
  readonly #procfs: Procfs;
  #roots: RootReader | undefined;
  readonly #verdicts = new SharedArrayBuffer(VERDICT_BYTES);
  #verifier: Verifier | undefined;
  /** What containers are called, as far as that is asked. */
  readonly containers: ContainerNames;
  #confirmed = 0;
  #configuring: Promise<void> = Promise.resolve();
  #configured: ((number: number) => void) | undefined;
  #asking: Promise<unknown> = Promise.resolve();
  #answer: ((running: RunningTree) => void) | undefined;
  #collecting: Promise<Changes> | undefined;
  #reports = 0;
  #tidyTimer: number | undefined;
  #startTimer: number | undefined;
  #deliver: ((changes: Changes) => void) | undefined;

  constructor(config: WorkerConfig, log: Log) {
    this.#libc = new Libc();
    shareHeap(this.#libc);
    this.#procfs = new Procfs(this.#libc, config.procfs);
    const records = new RecordFiles(this.#libc, this.#procfs, { folder: config.rootfs });
    this.containers = new ContainerNames({ read: (container) => records.read(container) });
    this.#wake = openWake(this.#libc);
    const control = new SharedArrayBuffer(4 * CONTROL_WORDS);
    this.#words = new Int32Array(control);
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "cnproc-reader" });
    const ready = Promise.withResolvers<Source>(), stopped = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.stopped = stopped.promise;
    // A failure that nobody waits for must not end the process by itself.
    ready.promise.catch(() => {});
    stopped.promise.catch(() => {});
    const fail = (error: WatchError) => {
      ready.reject(error);
      stopped.reject(error);
    };
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      switch (data.type) {
        case "log":
          return log(data.level, data.message, data.fields);
        case "ready":
          giveMemoryBack(this.#libc, "last-resort"); // this thread's start is over too
          this.#startTimer = setTimeout(() => new ExecutablePages(this.#libc).giveBack(), START_OVER_MS);
          Deno.unrefTimer(this.#startTimer);
          return ready.resolve(data.source);
        case "changes":
          return void this.#report(data.changes);
        case "container":
          return this.containers.ask(data.container);
        case "running":
          return this.#answer?.(data.running);
        case "verify":
          return this.#verify(data.requests);
        case "root":
          return void this.#readRoot(data.request, data.answer);
        case "configured":
          return this.#configured?.(data.number);
        case "failed":
          return fail(new WatchError(data.message, data.detail));
        case "stopped":
          return stopped.resolve();
      }
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      fail(
        new WatchError(
          `Cannot go on watching processes: ${event.message}`,
          String(event.error?.stack ?? event.message),
        ),
      );
    };
    this.#worker.postMessage(
      { config, wakeFd: this.#wake.fd, control, rules: this.#rules, verdicts: this.#verdicts } satisfies StartMessage,
    );
  }

  /** What changed since the last call. Calls that come while one is under way share its answer. */
  collect(): Promise<Changes> {
    this.#collecting ??= new Promise<Changes>((resolve) => {
      this.#deliver = resolve;
      Atomics.add(this.#words, Control.Wanted, 1);
      this.wake();
    }).finally(() => {
      this.#collecting = undefined;
      this.#tidyLater();
    });
    return this.#collecting;
  }

  /** Hands a report over, with the names of the containers that are new in it, unless these take long. */
  #report(changes: Changes): void {
    const names = this.containers.settled(NAMES_MS);
    if (names === undefined) this.#deliver?.(changes);
    else names.then(() => this.#deliver?.(changes));
  }

  /** Has programs compared with their packages' digests. What the worker has no room for it asks about again, when it changes. */
  #verify(requests: readonly VerifyRequest[]): void {
    if (this.#verifier === undefined) {
      const words = new Int32Array(this.#verdicts);
      this.#verifier = new Verifier(
        this.#libc,
        this.#procfs,
        (key, { verdict }) => void writeVerdict(words, key, verdict),
      );
    }
    this.#verifier.ask(requests);
  }

  /** Reads the base system of a root for the worker. Its file system may never answer: then nobody waits for it but this promise. */
  async #readRoot(request: RootRequest, answer: SharedArrayBuffer): Promise<void> {
    this.#roots ??= new RootReader(this.#libc, this.#procfs);
    await this.#roots.read(request, answer);
    Atomics.add(this.#words, Control.RootAnswers, 1);
    Atomics.notify(this.#words, Control.RootAnswers);
    this.wake();
  }

  #tidyLater(): void {
    clearTimeout(this.#tidyTimer);
    if (++this.#reports < TIDY_REPORTS) return;
    this.#tidyTimer = setTimeout(() => {
      this.#reports = 0;
      giveMemoryBack(this.#libc);
    }, TIDY_MS);
    Deno.unrefTimer(this.#tidyTimer);
  }

  /** Whether the reports bring launches and endings one by one: `Changes.events`. Those from before aren't among them. */
  listen(isOn: boolean): void {
    Atomics.store(this.#words, Control.Listening, isOn ? 1 : 0);
    this.wake();
  }

  /**
   * The text with this report is on its way to a client that waits for it. Nobody can tell whether it arrives: a tree may
   * leave only when its last numbers were on the way twice.
   */
  confirm(report: number): void {
    if (report <= this.#confirmed) return;
    Atomics.store(this.#words, Control.Scraped, this.#confirmed);
    this.#confirmed = report;
  }

  /**
   * Has the worker follow other rules; resolves when it does. What runs keeps its tree, and what it launches stands below that.
   * Rejects with a {@link WatchError} where they are too many, or the worker has stopped.
   */
  configure(rules: Rules): Promise<void> {
    const before = this.#configuring;
    return this.#configuring = (async () => {
      await before.catch(() => {}); // the worker may still read the rules before these
      await this.ready; // the worker looks for them when it goes round
      const bytes = new TextEncoder().encode(JSON.stringify(rules));
      if (bytes.length > RULES_BYTES) {
        throw new WatchError(
          `Cannot use so many rules: they have ${bytes.length} bytes, want at most ${RULES_BYTES}`,
          "",
        );
      }
      new Uint8Array(this.#rules).set(bytes);
      Atomics.store(this.#words, Control.RulesBytes, bytes.length);
      const done = new Promise<void>((resolve) => this.#configured = () => resolve());
      Atomics.add(this.#words, Control.Rules, 1);
      this.wake();
      const ended = this.stopped.then(() => {
        throw new WatchError("Cannot use other rules: the thread that reads events has stopped", "");
      });
      await Promise.race([done, ended]);
    })();
  }

  /**
   * What runs the tree of this number now. Questions are answered one after the other, with a pause. Rejects with a {@link WatchError} where the
   * worker has stopped.
   */
  running(tree: number): Promise<RunningTree> {
    const before = this.#asking;
    const answer = (async () => {
      await before;
      await this.ready; // the worker looks for questions when it goes round
      const { promise, resolve } = Promise.withResolvers<RunningTree>();
      this.#answer = resolve;
      Atomics.store(this.#words, Control.AskedTree, tree);
      Atomics.add(this.#words, Control.Asked, 1);
      this.wake();
      const ended = this.stopped.then(() => {
        throw new WatchError("Cannot tell what runs: the thread that reads events has stopped", "");
      });
      return await Promise.race([promise, ended]);
    })();
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, ASK_PAUSE_MS));
    this.#asking = answer.then(pause, pause);
    return answer;
  }

  /** A number that grows each time the worker comes round, which it does once a second at least. */
  get heartbeat(): number {
    return Atomics.load(this.#words, Control.Heartbeat);
  }

  /** Has the worker come round. */
  wake(): void {
    wake(this.#libc, this.#wake.fd);
  }

  /** Tells the worker to take its subscriptions back and stop; {@link stopped} tells when it has. */
  stop(): void {
    clearTimeout(this.#tidyTimer);
    clearTimeout(this.#startTimer);
    this.#verifier?.close();
    this.containers.close();
    Atomics.store(this.#words, Control.Stop, 1);
    this.wake();
  }
}
