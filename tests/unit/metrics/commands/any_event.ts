/** What `trace` writes unless it is told otherwise: whatever happens. */

import type { TraceWish } from "../../../../metrics/commands/trace_writer.ts";

export const ANY_EVENT: TraceWish = {
  kinds: "all",
  filter: undefined,
  exclude: [],
  launchFlags: [],
  joined: false,
  context: undefined,
};
