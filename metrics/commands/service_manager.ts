/**
 * The service manager that started this process, if one did: systemd.service(5), `Type=notify-reload` and `WatchdogSec=`.
 *
 * @module
 */

import type { Logger } from "../text/mod.ts";
import type { Notifier, Process } from "./process.ts";

/** Its variables: sd_notify(3), sd_watchdog_enabled(3). */
const VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/** While the start goes on it is given so much time more, again and again: a slow machine takes minutes, a stuck one is ended. */
const EXTENSION_MS = 60_000;
const EXTEND_EVERY_MS = 20_000;
const EXTENSIONS = 30;

/** Tells the service manager how the exporter is; without one nobody is told. */
export class ServiceManager implements Disposable {
  readonly #process: Pick<Process, "takeVariable" | "passVariable">;
  readonly #variables = new Map<string, string>();
  readonly #notifier: Notifier | undefined;
  /** Within this time it wants to hear again; 0 is never. */
  readonly #watchdogMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #starting: ReturnType<typeof setInterval> | undefined;
  /** Undefined until the start is over. */
  #status: string | undefined;
  /** Why the last reload changed nothing. */
  #failure: string | undefined;
  /** Reloads under way. */
  #reloads = 0;

  /** Takes its variables out of the environment. */
  constructor(process: Pick<Process, "takeVariable" | "passVariable" | "openNotifier">, log: Logger) {
    this.#process = process;
    for (const name of VARIABLES) {
      const value = process.takeVariable(name);
      if (value !== undefined) this.#variables.set(name, value);
    }
    const microseconds = Number(this.#variables.get("WATCHDOG_USEC") ?? 0), pid = this.#variables.get("WATCHDOG_PID");
    const isMeant = microseconds > 0 && (pid === undefined || Number(pid) === Deno.pid);
    this.#watchdogMs = isMeant ? microseconds / 1000 : 0;
    const address = this.#variables.get("NOTIFY_SOCKET");
    if (!address) return;
    try {
      this.#notifier = process.openNotifier(address);
    } catch (error) {
      this.#variables.delete("NOTIFY_SOCKET"); // said once, not by each program that is executed
      log.log("warn", error instanceof Error ? error.message : String(error));
    }
  }

  /** Gives its variables to the program that this process executes next. */
  passOn(): void {
    for (const [name, value] of this.#variables) this.#process.passVariable(name, value);
  }

  /** The start has begun; {@link ready} follows, sooner or later. */
  starting(): void {
    const notifier = this.#notifier;
    if (notifier === undefined) return;
    let left = EXTENSIONS;
    const extend = () => left-- > 0 ? notifier.extend(EXTENSION_MS) : clearInterval(this.#starting);
    extend();
    this.#starting = setInterval(extend, EXTEND_EVERY_MS);
  }

  /**
   * Once the start is over it hears often enough that the process is alive, while it is well. Not before: the first word of it
   * would begin the manager's watch, and a slow start is no hang.
   */
  keepAlive(isWell: () => Promise<boolean>): void {
    const notifier = this.#notifier;
    if (notifier === undefined || this.#watchdogMs === 0) return;
    const tell = async () => {
      if (this.#status !== undefined && await isWell()) notifier.alive();
    };
    this.#timer = setInterval(tell, Math.max(1, this.#watchdogMs / 3));
  }

  /** The start is over. */
  ready(status: string): void {
    clearInterval(this.#starting);
    this.#status = status;
    this.#tellReady(status);
  }

  /** The configuration is being read again; {@link reloaded} follows. Several at a time are one for the manager. */
  reloading(): void {
    if (this.#reloads++ === 0 && this.#status !== undefined) this.#notifier?.reloading();
  }

  /** A reload is over; `failure` is why it changed nothing. */
  reloaded(failure?: string): void {
    this.#failure = failure;
    if (--this.#reloads === 0 && this.#status !== undefined) this.#tellReady(this.#status);
  }

  /** The end has begun. */
  stopping(): void {
    clearInterval(this.#starting);
    this.#notifier?.stopping();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#starting);
    clearInterval(this.#timer);
  }

  #tellReady(status: string): void {
    this.#notifier?.ready(this.#failure === undefined ? status : `${status}; the last reload failed: ${this.#failure}`);
  }
}
