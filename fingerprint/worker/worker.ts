/**
 * The worker thread: opens the source that is wanted or can be had, and goes round its loop until it is told to stop.
 *
 * @module
 */
import { Libc, readCapabilities, SourceUnavailableError } from "../../netlink/mod.ts";
import type { EventLoop } from "./event_loop.ts";
import { giveMemoryBack } from "./memory.ts";
import { openEvents } from "./opening.ts";
import { warnOfMissingRights } from "./missing_rights.ts";
import { PollLoop } from "./poll_loop.ts";
import type { SystemContainer } from "../containers/mod.ts";
import { takeVerdicts, type Verdict, type VerifyRequest } from "../verification/mod.ts";
import {
  Control,
  type LogFields,
  type LogLevel,
  type MainThread,
  type Source,
  type StartMessage,
  type WorkerConfig,
  type WorkerMessage,
} from "./protocol.ts";
import { loadExpressions, type Rules } from "../labels/mod.ts";

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

function log(level: LogLevel, message: string, fields: LogFields = {}): void {
  post({ type: "log", level, message, fields });
}

self.onmessage = async ({ data }: MessageEvent<StartMessage>) => {
  try {
    if (data.config.followsRules) await loadExpressions();
    run(data);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    post({ type: "failed", message, detail: error instanceof Error ? error.stack ?? message : message });
  }
  self.close();
};

function run({ config, wakeFd, control, rules, verdicts }: StartMessage): void {
  const words = new Int32Array(control), libc = new Libc();
  const [loop, source] = open(libc, config, wakeFd, mainThread(words, config, verdicts));
  const { engine } = loop;
  try {
    warnOfMissingRights(readCapabilities(libc).effective, config.boost, loop.isRaced, log);
    log("info", "Watching processes", { source, base_origin: engine.base.origin, base_programs: engine.base.size });
    post({ type: "ready", source });
    giveMemoryBack(libc, "last-resort");
    for (
      let reported = 0, configured = 0, answered = 0, isListening = false;
      Atomics.load(words, Control.Stop) === 0;
    ) {
      Atomics.add(words, Control.Heartbeat, 1);
      const isListenerThere = Atomics.load(words, Control.Listening) === 1;
      if (isListenerThere !== isListening) engine.listen(isListening = isListenerThere);
      loop.turn();
      const number = Atomics.load(words, Control.Rules);
      if (number !== configured) {
        configured = number;
        engine.configure(readRules(rules, Atomics.load(words, Control.RulesBytes)));
        post({ type: "configured", number });
      }
      const asked = Atomics.load(words, Control.Asked);
      if (asked !== answered) {
        answered = asked;
        post({ type: "running", running: engine.runningIn(Atomics.load(words, Control.AskedTree) >>> 0) });
      }
      const wanted = Atomics.load(words, Control.Wanted);
      if (wanted === reported) continue;
      reported = wanted;
      report(loop, reported, Atomics.load(words, Control.Scraped));
    }
  } finally {
    loop.close();
  }
  post({ type: "stopped" });
}

/**
 * Hands over what changed. A function of its own, so that V8's assumptions about it aren't part of the loop's code: collections
 * break them, and the loop would be compiled again after every few reports.
 */
function report(loop: EventLoop | PollLoop, number: number, scraped: number): void {
  const changes = loop.collect(number, scraped);
  post({ type: "changes", changes }, [
    changes.ids.buffer,
    changes.rows.buffer,
    changes.runTimes.buffer,
    changes.removed.buffer,
    changes.stats.buffer,
    ...changes.events === undefined ? [] : [changes.events.fields.buffer],
  ]);
}

/** The rules in the shared memory. The main thread leaves them alone until it has the answer. */
function readRules(shared: SharedArrayBuffer, length: number): Rules {
  // A decoder takes no shared memory.
  return JSON.parse(new TextDecoder().decode(new Uint8Array(shared, 0, length).slice())) as Rules;
}

/** The main thread reads other roots and compares programs: it may wait, and this one never does. */
function mainThread(
  words: Int32Array<SharedArrayBuffer>,
  { verifiesBase, namesContainers }: WorkerConfig,
  verdicts: SharedArrayBuffer,
): MainThread {
  const answers = new Int32Array(verdicts);
  return {
    ...namesContainers && { meet: (container: SystemContainer) => post({ type: "container", container }) },
    ...verifiesBase && {
      verification: {
        ask: (requests: readonly VerifyRequest[]) => post({ type: "verify", requests }),
        take: (answer: (key: number, verdict: Verdict) => void) => takeVerdicts(answers, answer),
      },
    },
    ask: (request, answer) => post({ type: "root", request, answer }),
    get answered(): number {
      return Atomics.load(words, Control.RootAnswers);
    },
    wait: (seen, milliseconds) => void Atomics.wait(words, Control.RootAnswers, seen, milliseconds),
  };
}

function open(
  libc: Libc,
  config: WorkerConfig,
  wakeFd: number,
  main: MainThread,
): [EventLoop | PollLoop, Source] {
  if (config.source !== "poll") {
    try {
      return [openEvents(libc, config, wakeFd, log, main), config.source === "bpf" ? "bpf" : "connector"];
    } catch (error) {
      if (!(error instanceof SourceUnavailableError) || config.source !== "auto" || config.capture === "bpf") {
        throw error;
      }
      log(
        "warn",
        `${error.message}. Falling back to polling /proc: processes that live shorter than ${config.pollIntervalMs} ms are not seen`,
        {
          source: "connector",
          reason: error.reason,
        },
      );
    }
  }
  return [new PollLoop(libc, config, wakeFd, log, main), "poll"];
}
