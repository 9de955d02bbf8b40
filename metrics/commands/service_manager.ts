/**
 * The service manager that started this process, if one did: systemd.service(5), `Type=notify-reload` and `WatchdogSec=`.
 *
 * @module
 */

import type { Logger } from "../text/mod.ts";
import type { Notifier, Process } from "./process.ts";

/** Tells the service manager how the exporter is; without one nobody is told. */
export class ServiceManager implements Disposable {
  readonly #notifier: Notifier | undefined;
  /** Within this time it wants to hear again; 0 is never. */
  readonly #watchdogMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Undefined until the start is over. */
  #status: string | undefined;

  /** Takes its variables out of the environment: sd_notify(3), sd_watchdog_enabled(3). */
  constructor({ takeVariable, openNotifier }: Pick<Process, "takeVariable" | "openNotifier">, log: Logger) {
    const address = takeVariable("NOTIFY_SOCKET");
    const microseconds = Number(takeVariable("WATCHDOG_USEC") ?? 0), pid = takeVariable("WATCHDOG_PID");
    const isMeant = microseconds > 0 && (pid === undefined || Number(pid) === Deno.pid);
    this.#watchdogMs = isMeant ? microseconds / 1000 : 0;
    if (!address) return;
    try {
      this.#notifier = openNotifier(address);
    } catch (error) {
      log.log("warn", error instanceof Error ? error.message : String(error));
    }
  }

  /** From now on it hears often enough that the process is alive, while it is well. */
  keepAlive(isWell: () => boolean): void {
    const notifier = this.#notifier;
    if (notifier === undefined || this.#watchdogMs === 0) return;
    this.#timer = setInterval(() => isWell() && notifier.alive(), Math.max(1, this.#watchdogMs / 3));
  }

  /** The start is over. */
  ready(status: string): void {
    this.#status = status;
    this.#notifier?.ready(status);
  }

  /** The configuration is being read again; {@link reloaded} follows. */
  reloading(): void {
    this.#notifier?.reloading();
  }

  reloaded(): void {
    if (this.#status !== undefined) this.#notifier?.ready(this.#status);
  }

  /** The end has begun. */
  stopping(): void {
    this.#notifier?.stopping();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
