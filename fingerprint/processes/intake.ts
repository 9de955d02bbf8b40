/**
 * Takes the events into the table: what they name and the table doesn't know is looked for in /proc first.
 *
 * @module
 */
import { NO_USER } from "../../netlink/mod.ts";
import type { Scanner } from "./scan.ts";
import type { ProcessTable } from "./table.ts";

export class Intake {
  readonly #table: ProcessTable;
  readonly #scanner: Scanner;

  constructor(table: ProcessTable, scanner: Scanner) {
    this.#table = table;
    this.#scanner = scanner;
  }

  /** See {@link ProcessTable.userOf}. */
  userOf(pid: number): number {
    return this.#table.userOf(pid);
  }

  /** See {@link ProcessTable.fork}. The parent's fork may have been lost; the child can be found with it. */
  fork(timestampNs: number, parent: number, child: number): void {
    if (!this.#table.has(parent)) this.#scanner.adopt(parent);
    this.#table.fork(timestampNs, parent, child);
  }

  /** See {@link ProcessTable.exec}. Its fork may have been lost. */
  exec(timestampNs: number, pid: number, program: number, readNs = timestampNs, user = NO_USER, group = 0): void {
    if (!this.#table.has(pid)) this.#scanner.adopt(pid);
    this.#table.exec(timestampNs, pid, program, readNs, user, group);
  }

  /** See {@link ProcessTable.exit}. */
  exit(timestampNs: number, pid: number, status: number): void {
    this.#table.exit(timestampNs, pid, status);
  }
}
