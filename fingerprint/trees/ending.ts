/**
 * How an image ended.
 *
 * @module
 */

/** Indexes into `OUTCOMES` of report.ts. */
export const Ending = { Success: 0, Error: 1, Signal: 2, Core: 3, Exec: 4, Unknown: 5 } as const satisfies Record<
  string,
  number
>;

export type Ending = (typeof Ending)[keyof typeof Ending];

/** How a process ended, from its status as wait(2) reports it. */
export function endingOf(status: number): Ending {
  if ((status & 0x7f) !== 0) return (status & 0x80) !== 0 ? Ending.Core : Ending.Signal;
  return (status & 0xff00) !== 0 ? Ending.Error : Ending.Success;
}
