import assert from "node:assert/strict";
import { Contexts, UNKNOWN_CONTEXT, UNTOLD } from "../../../../fingerprint/context/mod.ts";

const group = (unit: string) => `0::/system.slice/${unit}\n`;

Deno.test("a place has one number, however often and by whichever group it is seen", () => {
  const files = new Map([[1, group("a.service")], [2, `${group("a.service/below")}`], [3, group("b.service")]]);
  const contexts = new Contexts((pid) => files.get(pid) ?? "");
  const a = contexts.look(1), b = contexts.look(3);
  assert.notEqual(a, b);
  assert.notEqual(a, UNKNOWN_CONTEXT);
  assert.equal(contexts.look(2), a);
  assert.equal(contexts.look(4), UNKNOWN_CONTEXT, "it has gone");
  assert.deepEqual(contexts.take().added.map(({ id, unit }) => [id, unit]), [[a, "a.service"], [b, "b.service"]]);
  assert.deepEqual(contexts.take().added, []);
});

Deno.test("launches are counted by place between two reports, also those that nobody knows the place of", () => {
  const contexts = new Contexts(() => group("a.service")), a = contexts.look(1);
  contexts.count(a);
  contexts.count(a);
  contexts.count(UNKNOWN_CONTEXT);
  contexts.count(a, -1);
  assert.deepEqual([...contexts.take().launches], [UNKNOWN_CONTEXT, 1, a, 1]);
  assert.deepEqual([...contexts.take().launches], []);
});

Deno.test("places that come and go have a bound, and no number is another's", () => {
  let unit = 0;
  const contexts = new Contexts(() => group(`u${unit}.service`)), seen = new Set<number>();
  for (; !contexts.isFull && unit < 1e5; unit++) {
    const context = contexts.look(1);
    contexts.count(context);
    seen.add(context);
  }
  assert.ok(contexts.isFull);
  assert.equal(seen.size, unit);
  assert.equal(contexts.look(1), UNKNOWN_CONTEXT);
  contexts.restart();
  const next = contexts.look(1);
  assert.ok(!seen.has(next) && next !== UNKNOWN_CONTEXT);
  contexts.count(next);
  const { launches, added } = contexts.take();
  assert.equal(launches.length, 2 * (unit + 1), "what was counted before is kept");
  assert.equal(added.length, unit + 1);
});

/** A machine whose processes are in groups of these paths; a group has an id as long as it is there. */
function machine() {
  const paths = new Map<number, string>(), ids = new Map<string, number>(), read: number[] = [];
  const contexts = new Contexts(
    (pid) => {
      read.push(pid);
      return paths.has(pid) ? `0::${paths.get(pid)}\n` : "";
    },
    undefined,
    (path) => ids.get(path) ?? 0,
  );
  const units = new Map<number, string | undefined>();
  const unitOf = (context: number) => {
    for (const { id, unit } of contexts.take().added) units.set(id, unit);
    return context === UNTOLD ? "untold" : context === UNKNOWN_CONTEXT ? "unknown" : units.get(context);
  };
  return { contexts, paths, ids, read, unit: (id: number, pid: number) => unitOf(contexts.inGroup(id, pid)) };
}

const A = "/system.slice/a.service", B = "/system.slice/b.service", HIGH = 5 * 2 ** 32 + 7;

Deno.test("a group is looked up by a process in it, once: then its id tells, whoever has gone", () => {
  const { contexts, paths, ids, read, unit } = machine();
  ids.set(A, 10).set(B, HIGH).set("/", 1);
  paths.set(1, "/").set(2, A).set(3, B);
  assert.equal(unit(10, 2), "untold", "nobody has been looked at, who could tell whether ids do");
  contexts.look(1);
  read.length = 0;
  assert.deepEqual([unit(10, 2), unit(10, 99), unit(HIGH, 3), unit(HIGH, 99)], [
    "a.service",
    "a.service",
    "b.service",
    "b.service",
  ]);
  assert.deepEqual(read, [2, 3]);
  assert.equal(unit(7, 99), "unknown", "the lower half of an id is another's");
});

Deno.test("a group that the kernel told of by name needs no look, and nobody who is in it", () => {
  const { contexts, paths, ids, read, unit } = machine();
  contexts.told(10, A);
  assert.equal(unit(10, 99), "untold", "nobody has been looked at, who could tell whether ids do");
  paths.set(1, "/");
  ids.set("/", 1);
  contexts.look(1);
  read.length = 0;
  contexts.told(HIGH, B);
  contexts.told(0, B);
  assert.deepEqual([unit(10, 99), unit(HIGH, 99)], ["a.service", "b.service"]);
  assert.deepEqual(read, []);
  contexts.told(10, B);
  assert.equal(unit(10, 99), "a.service", "a group has one path as long as it is there");
});

Deno.test("a process that moved on since its exec tells where it is, not where it was", () => {
  const { contexts, paths, ids, unit } = machine();
  ids.set(A, 10).set(B, 11);
  paths.set(1, A).set(2, B);
  contexts.look(1);
  assert.deepEqual([unit(12, 2), unit(11, 99), unit(12, 99)], ["unknown", "b.service", "unknown"]);
  paths.set(3, "/system.slice/c.service");
  ids.set("/system.slice/c.service", 12);
  assert.deepEqual([unit(12, 3), unit(12, 99)], ["c.service", "c.service"], "one that is still there tells later");
});

Deno.test("a group of the same path has another id, and both have the same place", () => {
  const { paths, ids, unit, contexts } = machine();
  ids.set(A, 10);
  paths.set(1, A);
  contexts.look(1);
  ids.set(A, 20);
  assert.deepEqual([unit(20, 1), unit(10, 99)], ["a.service", "a.service"]);
});

Deno.test("ids tell nothing where version 1 has hierarchies, or folders aren't seen", () => {
  const texts = new Map([[1, `1:name=systemd:${B}\n0::/\n`], [2, `0::/../..${A}\n`], [3, `0::${A}\n`], [
    4,
    `0::${B} (deleted)\n`,
  ]]);
  const read: number[] = [],
    contexts = new Contexts((pid) => (read.push(pid), texts.get(pid)!), undefined, (path) => path === A ? 10 : 0);
  contexts.look(2);
  assert.equal(contexts.inGroup(10, 3), UNTOLD);
  contexts.look(3);
  assert.notEqual(contexts.inGroup(10, 3), UNTOLD);
  read.length = 0;
  assert.deepEqual([contexts.inGroup(11, 2), contexts.inGroup(11, 2)], [UNTOLD, UNTOLD]);
  assert.deepEqual(read, [2], "where it isn't seen it isn't looked for again");
  assert.equal(contexts.inGroup(12, 4), UNTOLD, "it had gone when its last process was looked at");
  assert.equal(contexts.inGroup(13, 1), UNTOLD);
  assert.equal(contexts.inGroup(10, 3), UNTOLD, "one text with another hierarchy says so for all");
});

Deno.test("groups that come and go have a bound, and take no place of one that is used", () => {
  const { contexts, paths, ids, read, unit } = machine();
  ids.set(A, 1);
  paths.set(1, A);
  contexts.look(1);
  paths.set(2, "");
  for (let id = 2; id < 20_000; id++) {
    paths.set(2, `/system.slice/user@1000.service/${id}`);
    ids.clear();
    ids.set(paths.get(2)!, id);
    contexts.inGroup(id, 2);
    if (id % 1000 === 0) assert.equal(unit(1, 99), "a.service");
  }
  read.length = 0;
  assert.equal(unit(2, 99), "unknown");
  assert.deepEqual(read, [99]);
  contexts.restart();
  assert.equal(unit(1, 99), "unknown", "numbers that are given anew are nobody's");
});
