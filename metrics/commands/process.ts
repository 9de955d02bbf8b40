/**
 * What the commands know of the process that runs them. `main.ts` gives it to them; nothing else may ask Deno for it.
 *
 * @module
 */

/** Tells the service manager how this process is; see `Notifier` of `netlink/`. */
export interface Notifier {
  extend(milliseconds: number): void;
  ready(status: string): void;
  reloading(): void;
  stopping(): void;
  alive(): void;
}

export interface Process {
  /** Version of `deno.json`. */
  readonly version: string;
  /** Where `scripts/compile.ts` wrote what it built; absent in a checkout. */
  readonly buildFile: URL;
  /** The value of a variable of the environment, which is deleted there; undefined if it isn't set. */
  takeVariable(name: string): string | undefined;
  /** Whether standard error is the stream of systemd's journal that its variable names: systemd.exec(5), `JOURNAL_STREAM`. */
  isJournal(): boolean;
  /** Sets a variable for the program that this process executes next. */
  passVariable(name: string, value: string): void;
  /** Opens a notification socket (sd_notify(3)). Throws an error whose message is one line. */
  openNotifier(address: string): Notifier;
}
