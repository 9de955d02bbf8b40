import assert from "node:assert/strict";
import { EVENT_WIDTH, EventField, EventKind } from "../../../../fingerprint/trees/mod.ts";
import { Rows } from "../../../../netlink/mod.ts";
import { FORKED_NEVER_EXECUTED, Scene } from "../fake_proc.ts";

const group = (unit: string) => `0::/system.slice/${unit}\n`;

/** A daemon, process 1, in a unit. */
class Placed extends Scene {
  readonly #units = new Map<number, string | undefined>();

  constructor() {
    super();
    this.cgroups.set(1, group("daemon.service"));
    this.proc.set(1, { parent: 0, exe: "/opt/daemon", startTicks: 1 });
    this.scanner.scan();
    this.events.listen(true);
  }

  /** Units of the launches, or of the endings, since the last call, by process id. */
  launches(isWanted = (kind: number): boolean => kind === EventKind.Launch): [pid: number, unit: string | undefined][] {
    for (const { id, unit } of this.contexts.take().added) this.#units.set(id, unit);
    const batch = new Rows(EVENT_WIDTH, this.events.take()!.fields);
    return Array.from({ length: batch.capacity }, (_, i) => batch.row(i))
      .filter((event) => isWanted(event[EventField.Kind]!))
      .map((event) => [event[EventField.Pid]!, this.#units.get(event[EventField.Context]!)]);
  }
}

Deno.test("a process is in its parent's unit, and is not looked at again and again", () => {
  const s = new Placed();
  for (let pid = 100; pid < 150; pid++) {
    s.launch(1, pid, "/opt/worker");
    s.exit(pid);
  }
  assert.deepEqual(new Set(s.launches().map(([, unit]) => unit)), new Set(["daemon.service"]));
  assert.ok(s.looks < 10, `${s.looks} looks at 50 launches`);
});

Deno.test("a worker that was forked is looked at when it is found, and what it launches is not looked at again and again", () => {
  const s = new Placed(), layout = "1 2 3";
  s.proc.set(1, { parent: 0, exe: "/opt/daemon", startTicks: 1, layout });
  s.proc.set(50, { parent: 1, exe: "/opt/daemon", startTicks: 2, flags: FORKED_NEVER_EXECUTED, layout });
  s.cgroups.set(50, group("worker.service"));
  s.scanner.scan();
  s.looks = 0;
  for (let pid = 100; pid < 150; pid++) {
    s.launch(50, pid, "/opt/worker");
    s.exit(pid);
  }
  assert.deepEqual(new Set(s.launches().map(([, unit]) => unit)), new Set(["worker.service"]));
  assert.ok(s.looks < 10, `${s.looks} looks at 50 launches`);
});

Deno.test("processes that are moved when they begin are looked at each time; what they launch is where they are", () => {
  const s = new Placed();
  for (let pid = 100; pid < 200; pid += 2) {
    s.cgroups.set(pid, group(`session-${pid}.scope`));
    s.launch(1, pid, "/opt/shell");
    s.launch(pid, pid + 1, "/opt/tool");
  }
  for (const [pid, unit] of s.launches()) assert.equal(unit, `session-${pid & ~1}.scope`, String(pid));
});

Deno.test("an ending has the unit of its process", () => {
  const s = new Placed();
  s.cgroups.set(100, group("session-1.scope"));
  s.launch(1, 100, "/opt/shell");
  s.cgroups.delete(100);
  s.exit(100);
  assert.deepEqual(s.launches((kind) => kind < EventKind.Launch), [[100, "session-1.scope"]]);
});

Deno.test("of one that had gone before it could be looked at nobody knows, where others move", () => {
  const s = new Placed();
  s.cgroups.set(100, group("session-1.scope"));
  s.launch(1, 100, "/opt/shell");
  s.launch(1, 101, "/opt/shell"); // has no file any more
  s.launch(1, 102, "/opt/tool"); // its like doesn't move
  assert.deepEqual(s.launches(), [[100, "session-1.scope"], [101, undefined], [102, "daemon.service"]]);
});

Deno.test("when the numbers are given anew, what runs is looked at again", () => {
  const s = new Placed();
  s.cgroups.set(100, group("a.service"));
  s.launch(1, 100, "/opt/shell");
  s.launches();
  s.contexts.restart();
  s.table.forgetContexts();
  s.exec(100, "/opt/tool");
  assert.deepEqual(s.launches(), [[100, "a.service"]]);
});

/** As {@link Placed}, on a machine whose records tell the control group: those of paths `/system.slice/UNIT`. */
class Told extends Placed {
  #next = 100;

  constructor() {
    super();
    this.cgroups.set(1, group("daemon.service"));
    this.#idOf("daemon.service");
    this.proc.set(2, { parent: 1, exe: "/opt/shell", startTicks: 1 });
    this.cgroups.set(2, group("daemon.service"));
    this.scanner.adopt(2);
    this.launches();
    this.looks = 0;
  }

  #idOf(unit: string): number {
    const path = `/system.slice/${unit}`, id = this.groups.get(path) ?? this.#next++;
    this.groups.set(path, id);
    return id;
  }

  /** A process begins in a unit, and may have gone by the time at which it could be looked at. */
  begin(parent: number, pid: number, exe: string, unit: string, hasGone = false): void {
    if (hasGone) this.cgroups.delete(pid);
    else this.cgroups.set(pid, group(unit));
    this.fork(parent, pid);
    this.exec(pid, exe, undefined, undefined, this.#idOf(unit));
  }
}

Deno.test("by the id of its control group a process is known without a look, however its like move", () => {
  const s = new Told();
  for (let pid = 100; pid < 200; pid += 2) {
    s.begin(2, pid, "/opt/tool", "daemon.service", true);
    s.begin(2, pid + 1, "/opt/tool", pid % 4 === 0 ? "a.service" : "b.service", pid >= 110);
  }
  for (const [pid, unit] of s.launches()) {
    assert.equal(unit, pid % 2 === 0 ? "daemon.service" : pid % 4 === 1 ? "a.service" : "b.service", String(pid));
  }
  assert.equal(s.looks, 2);
});

Deno.test("one that moved into a group of which nobody knows is not taken for its parent's", () => {
  const s = new Told();
  s.begin(2, 100, "/opt/tool", "gone.service", true);
  s.begin(2, 101, "/opt/tool", "daemon.service", true);
  s.begin(2, 102, "/opt/tool", "gone.service");
  s.begin(102, 103, "/opt/tool", "gone.service", true);
  assert.deepEqual(s.launches(), [
    ...[[100, undefined], [101, "daemon.service"], [102, "gone.service"], [103, "gone.service"]] as [number, string][],
  ]);
});

Deno.test("an exec whose record was lost is known by its parent or a look, as without records", () => {
  const s = new Told();
  s.begin(2, 100, "/opt/tool", "a.service");
  s.cgroups.set(101, group("b.service"));
  s.launch(100, 101, "/opt/other");
  s.launch(100, 102, "/opt/third");
  assert.deepEqual(s.launches(), [[100, "a.service"], [101, "b.service"], [102, "a.service"]]);
});
