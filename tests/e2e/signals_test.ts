/** Signals that open a debugger or kill other programs of this runtime do neither here. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { BINARY, listeningSockets, loopback, portOf, requireBinary } from "./binary.ts";

/** Whether the signal was delivered: pending signals of the process are in SigPnd and ShdPnd of its status. */
async function delivered(pid: number): Promise<boolean> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s+(\S+)$/gm)].every(([, mask]) => /^0+$/.test(mask!));
}

for (const signal of ["SIGUSR1", "SIGUSR2", "SIGHUP"] as const) {
  Deno.test(
    { name: `e2e: ${signal} leaves it alive, serving, with no new listening socket`, ignore: requireBinary() },
    async () => {
      await using exporter = await Exporter.start({ command: [BINARY] });
      for (let times = 0; times < 3; times++) {
        exporter.kill(signal);
        await poll("the signal delivered", () => delivered(exporter.pid));
        assert.equal((await exporter.get("/-/healthy")).status, 200);
      }
      await exporter.scrape();
      assert.equal(exporter.status, undefined);
      assert.deepEqual(listeningSockets(exporter.pid), [loopback(portOf(exporter.url))]);
    },
  );
}
