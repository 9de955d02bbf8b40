/**
 * Starts and stops the exporter for the tests and the benchmark, and scrapes it.
 *
 * @module
 */

import { PERMISSION_FLAGS, RESTRICTION_FLAGS, RUNTIME_FLAGS } from "../../scripts/permissions.ts";
import { requireBpf } from "./bpf.ts";
import { assertInvariants, Scrape } from "./exposition.ts";

const ROOT = `${import.meta.dirname}/../..`;

/** The command that runs the exporter from its sources, with the permissions of the compiled file. */
export const FROM_SOURCE: readonly string[] = [
  Deno.execPath(),
  "run",
  "--quiet",
  `--lock=${ROOT}/deno.lock`,
  ...RUNTIME_FLAGS,
  ...RESTRICTION_FLAGS,
  ...PERMISSION_FLAGS,
  `${ROOT}/main.ts`,
];

/** The exporter under test: `CNPROC_EXPORTER=dist/cnproc-exporter` runs the live tests on a compiled one. */
const UNDER_TEST: readonly string[] = [Deno.env.get("CNPROC_EXPORTER") ?? FROM_SOURCE].flat();

/**
 * Where events and names come from. `ring`: both from the kernel's own programs. Else the connector tells events, and what names
 * launches is `bpf`: all of them, whatever the machine does meanwhile. `proc` those that live until they are looked at,
 * 90 to 100 % on a busy machine, fewer where a hypervisor takes processors away: such a test asserts counts exactly, names of
 * what lives long enough, and of all others {@link NAMED_BY_PROC}.
 */
export type Capture = "ring" | "bpf" | "proc";

/** The flags of a capture. */
const CAPTURE_FLAGS: Readonly<Record<Capture, readonly string[]>> = {
  ring: ["--source=bpf"],
  bpf: ["--source=connector", "--capture=bpf"],
  proc: ["--source=connector", "--capture=proc"],
};

/**
 * Share of short launches that even a bad machine names from /proc: mostly 95 % and more, 46 % was seen on a virtual machine whose
 * processors were taken away meanwhile. How many it is on a good one is the benchmark's to tell.
 */
export const NAMED_BY_PROC = 0.1;

/** Options of {@link Exporter.start}. */
export interface StartOptions {
  /** Command line before the exporter's own flags; what is under test unless said otherwise. */
  readonly command?: readonly string[];
  /** Flags beside `--web.listen-address`. */
  readonly flags?: readonly string[];
  /** Where events and names come from; what the exporter thinks best unless said otherwise. */
  readonly capture?: Capture;
  readonly env?: Readonly<Record<string, string>>;
  /** How long the start may take; an emulated processor is slow. */
  readonly timeoutMs?: number;
}

/** How long a test waits for what takes a second on a quiet machine: steps that run side by side make it slower. */
const PATIENCE_MS = 30_000;

/**
 * Waits until `condition` gives something other than undefined or false, asking it again and again.
 *
 * @param what the condition in words, for the error
 */
export async function poll<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = 1;; pause = Math.min(pause * 2, 100)) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`Cannot see ${what}: waited ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Makes a test of each capture. `test` starts the exporter with the one it is given. */
export function testCaptures(
  name: string,
  ignore: boolean,
  test: (capture: Capture, t: Deno.TestContext) => Promise<void>,
  captures: readonly Capture[] = ["bpf", "proc"],
): void {
  for (const capture of captures) {
    const ignored = ignore || (capture !== "proc" && requireBpf());
    Deno.test({ name: `${name} (${capture})`, ignore: ignored }, (t) => test(capture, t));
  }
}

/** A running exporter. Use it with `await using`, so that it ends with the test. */
export class Exporter implements AsyncDisposable {
  /** Lines of standard error so far. */
  readonly log: string[] = [];
  /** `http://127.0.0.1:PORT`, known once it listens. */
  url = "";
  readonly #child: Deno.ChildProcess;
  readonly #logEnded: Promise<void>;
  #status: Deno.CommandStatus | undefined;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#logEnded = this.#readLog();
    child.status.then((status) => this.#status = status);
  }

  /** Starts the exporter on a free port and waits until it is ready. */
  static async start(options: StartOptions = {}): Promise<Exporter> {
    const { capture, flags = [] } = options;
    const capturing = capture === undefined ? [] : CAPTURE_FLAGS[capture];
    const exporter = Exporter.launch({
      ...options,
      flags: ["--web.listen-address=127.0.0.1:0", ...capturing, ...flags],
    });
    try {
      await exporter.listening(options.timeoutMs);
      await poll("the exporter ready", async () => {
        const ready = await exporter.get("/-/ready").then(({ status }) => status === 200, () => false);
        if (exporter.#status !== undefined) throw new Error(exporter.#ended());
        return ready;
      }, options.timeoutMs);
      return exporter;
    } catch (error) {
      await exporter[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the exporter with exactly these flags and waits for nothing. */
  static launch(options: StartOptions = {}): Exporter {
    const [command, ...args] = [...options.command ?? UNDER_TEST, ...options.flags ?? []];
    const child = new Deno.Command(command!, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      env: { NO_COLOR: "1", RUST_BACKTRACE: "0", ...options.env },
    }).spawn();
    return new Exporter(child);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** How it ended; undefined while it runs. */
  get status(): Deno.CommandStatus | undefined {
    return this.#status;
  }

  async #readLog(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      this.log.push(...lines);
    }
    if (rest !== "") this.log.push(rest);
  }

  #ended(): string {
    return `the exporter ended with status ${this.#status?.code}:\n${this.log.join("\n")}`;
  }

  /** Waits until the log says where it listens. */
  async listening(timeoutMs?: number): Promise<string> {
    const address = await poll("the address in the log", () => {
      const line = this.log.find((line) => /msg="?Listening"?/.test(line));
      if (line === undefined && this.#status !== undefined) throw new Error(this.#ended());
      return line === undefined ? undefined : /\baddress="?([^\s"]+)"?/.exec(line)?.[1];
    }, timeoutMs);
    return this.url = `http://${address}`;
  }

  /** One HTTP request on a connection of its own, closed again; the body is read. */
  async get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
    using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    const response = await fetch(this.url + path, { headers, client });
    return { status: response.status, text: await response.text() };
  }

  /** Scrapes /metrics and checks what must hold at every scrape. */
  async scrape(): Promise<Scrape> {
    const { status, text } = await this.get("/metrics");
    if (status !== 200) throw new Error(`Cannot scrape: status ${status}, want 200: ${text}`);
    const scrape = new Scrape(text);
    assertInvariants(scrape);
    return scrape;
  }

  /** Scrapes until `condition` holds, and gives that scrape. */
  async scrapeUntil(
    what: string,
    condition: (scrape: Scrape) => boolean,
    timeoutMs = PATIENCE_MS,
  ): Promise<Scrape> {
    return await poll(what, async () => {
      const scrape = await this.scrape();
      return condition(scrape) ? scrape : undefined;
    }, timeoutMs);
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Deno.CommandStatus> {
    if (this.#status === undefined) this.#child.kill(signal);
    const status = await this.#child.status;
    await this.#logEnded;
    return status;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for an end that comes by itself. */
  async ended(): Promise<Deno.CommandStatus> {
    await poll("the exporter's end", () => this.#status !== undefined);
    await this.#logEnded;
    return this.#status!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#status === undefined) {
      this.#child.kill("SIGCONT");
      this.#child.kill("SIGTERM");
      await poll("the exporter's end", () => this.#status !== undefined, 5_000).catch(() =>
        this.#child.kill("SIGKILL")
      );
    }
    await this.#child.status;
    await this.#logEnded;
  }
}
