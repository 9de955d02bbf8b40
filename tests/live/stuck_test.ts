/** A reading thread that doesn't come round any more is told by /-/healthy, and so is its return. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { Exporter, poll } from "./exporter.ts";
import { Forest, forestEnded } from "./forest.ts";
import { Stopwatch } from "./stopwatch.ts";

/** For starting the program that holds the thread, and for asking. */
const SLACK_MS = 500;

/** Thread of a process by its name. */
function threadNamed(pid: number, name: string): number {
  for (const { name: thread } of Deno.readDirSync(`/proc/${pid}/task`)) {
    if (Deno.readTextFileSync(`/proc/${pid}/task/${thread}/comm`).trim() === name) return Number(thread);
  }
  throw new Error(`Cannot find the thread ${name} of process ${pid}`);
}

/** Holds a thread of another process until it is disposed of. */
async function hold(program: string, thread: number): Promise<AsyncDisposable> {
  const child = new Deno.Command(program, { args: [String(thread)], stdin: "piped", stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value).trim(), "stopped");
  return {
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      assert.ok((await child.status).success);
      await reader.cancel();
    },
  };
}

Deno.test(
  { name: "live: a stuck reading thread is not healthy, and loses nothing", ignore: requireRoot() },
  async () => {
    await using forest = await Forest.build();
    const program = forest.path("hold_thread"), source = `${import.meta.dirname}/hold_thread.c`;
    assert.ok((await new Deno.Command("cc", { args: ["-O2", "-Wall", "-o", program, source] }).output()).success);
    await using exporter = await Exporter.start({ flags: ["--source=connector"] });
    assert.equal((await exporter.get("/-/healthy")).status, 200);
    const load = await forest.start("unread", "launch", "base", "2000", "200", "/bin/true");
    await exporter.scrapeUntil("the load", (scrape) => scrape.treeNamed(load.name) !== undefined);
    using held = new Stopwatch();
    {
      await using _held = await hold(program, threadNamed(exporter.pid, "worker-1"));
      const answer = await poll("not healthy", async () => {
        const answer = await exporter.get("/-/healthy");
        return answer.status !== 200 && answer;
      });
      const tookMs = held.fairMs;
      assert.ok(tookMs < 5000 + SLACK_MS, `told after ${tookMs} ms`);
      assert.deepEqual([answer.status, /stuck/.test(answer.text)], [503, true]);
      assert.equal((await exporter.get("/metrics")).status, 503); // in time, and with nothing that may be wrong
    }
    const run = await load.end();
    await poll("healthy again", async () => (await exporter.get("/-/healthy")).status === 200);
    const scrape = await exporter.scrapeUntil("what was launched meanwhile", (now) => forestEnded(now, run));
    assert.equal(scrape.treeNamed(run.name) !== undefined, true);
    assert.equal(scrape.value("cnproc_events_lost_total"), 0);
  },
);
