import assert from "node:assert/strict";
import { Reloader, ReloadRecord } from "../../../../metrics/commands/reload.ts";
import { KeptLog } from "../fake_watcher.ts";

/** A part whose file holds a number; one that is broken can't be read. */
class Part {
  file: number | Error = 1;
  inForce = 0;
  load(): Promise<() => void> {
    const read = this.file;
    return read instanceof Error ? Promise.reject(read) : Promise.resolve(() => void (this.inForce = read));
  }
}

Deno.test("all parts change together, or none does", async () => {
  const [one, two] = [new Part(), new Part()];
  const log = new KeptLog(), record = new ReloadRecord();
  const reloader = new Reloader([one, two], record, log);
  assert.equal(record.successSeconds, 0);
  await reloader.start();
  assert.deepEqual([one.inForce, two.inForce], [1, 1]);
  const started = record.successSeconds;
  assert.ok(Math.abs(started - Date.now() / 1000) < 60);
  one.file = 2;
  two.file = new Error("Cannot use two.yml: line 3: no");
  assert.equal(await reloader.reload(), "Cannot use two.yml: line 3: no");
  assert.deepEqual([one.inForce, two.inForce], [1, 1]);
  assert.deepEqual({ ...record }, { successful: false, successSeconds: started });
  two.file = 2;
  assert.equal(await reloader.reload(), undefined);
  assert.deepEqual([one.inForce, two.inForce], [2, 2]);
  assert.ok(record.successful && record.successSeconds >= started);
  assert.deepEqual(log.lines, [
    'error Cannot reload: everything stays as it was {"reason":"Cannot use two.yml: line 3: no"}',
    "info Reloaded the configuration {}",
  ]);
});

Deno.test("a start with a broken file fails", async () => {
  const part = new Part();
  part.file = new Error("no");
  await assert.rejects(new Reloader([part], new ReloadRecord(), new KeptLog()).start(), /no/);
});

Deno.test("a start reads the parts that it is given, a reload all of them", async () => {
  const [one, two] = [new Part(), new Part()];
  const reloader = new Reloader([one, two], new ReloadRecord(), new KeptLog());
  await reloader.start([two]);
  assert.deepEqual([one.inForce, two.inForce], [0, 1]);
  one.file = two.file = 2;
  assert.equal(await reloader.reload(), undefined);
  assert.deepEqual([one.inForce, two.inForce], [2, 2]);
});

Deno.test("reloads come one after the other", async () => {
  const order: string[] = [];
  const barrier = Promise.withResolvers<void>();
  let count = 0;
  const part = {
    async load() {
      const number = ++count;
      if (number === 1) await barrier.promise;
      return () => void order.push(`apply ${number}`);
    },
  };
  const reloader = new Reloader([part], new ReloadRecord(), new KeptLog());
  const both = [reloader.reload(), reloader.reload()];
  barrier.resolve();
  await Promise.all(both);
  assert.deepEqual(order, ["apply 1", "apply 2"]);
});
