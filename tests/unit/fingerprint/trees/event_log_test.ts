import { UNKNOWN_CONTEXT } from "../../../../fingerprint/context/mod.ts";
import { NO_USER } from "../../../../netlink/mod.ts";
import assert from "node:assert/strict";
import { EVENT_WIDTH, EventField, EventKind, EventLog } from "../../../../fingerprint/trees/event_log.ts";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { OUTCOMES } from "../../../../fingerprint/trees/columns.ts";
import { ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Ending } from "../../../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";

/** The pids of a batch. */
function pids(fields: Float64Array): number[] {
  return Array.from({ length: fields.length / EVENT_WIDTH }, (_, i) => fields[i * EVENT_WIDTH + EventField.Pid]!);
}

/** In place of a context and a user. */
const NOBODY = [UNKNOWN_CONTEXT, NO_USER] as const;

Deno.test("a full log gives the newest events in their order, and counts the others", () => {
  for (const capacity of [1, 3, 4]) {
    const log = new EventLog(capacity);
    log.listen(true);
    let pid = 0;
    for (const count of [0, 1, capacity - 1, capacity, capacity + 1, 2 * capacity, 2 * capacity + 1, 1]) {
      const added = Array.from({ length: count }, () => ++pid);
      for (const one of added) log.add(Ending.Success, 3, one, 0, 0, 0);
      const { fields, skipped } = log.take()!;
      assert.deepEqual(pids(fields), added.slice(-capacity), `${count} into ${capacity}`);
      assert.equal(skipped, Math.max(0, count - capacity));
    }
  }
});

Deno.test("launches, endings, corrections and further flags are told to a log, and to nobody without one", () => {
  const labels = new LabelTable(), events = new EventLog();
  const trees = new TreeTable(labels, { limit: 10 }, events), { trie } = trees;
  const a = trie.child(ROOT, labels.idOf("a", false)), b = trie.child(a, labels.idOf("b", false));
  trees.begin(a, 1, 100);
  events.listen(true);
  trees.begin(a, 2, 200);
  trees.revoke(a, 2);
  trees.begin(b, 2, 200, 5, 3, 1000);
  trees.flagLaunched(b, 2, 8);
  trees.end(b, Ending.Error, 2, 0.5, 200.5, 0.25, 3, 1000);
  trees.end(a, Ending.Exec, 1, 100, 200);
  const { fields, skipped } = events.take()!;
  events.listen(false);
  trees.begin(a, 3, 300);
  assert.equal(skipped, 0);
  assert.deepEqual([...fields], [
    ...[EventKind.Launch, a, 2, 200, NaN, NaN, 0, ...NOBODY],
    ...[EventKind.Correction, a, 2, NaN, NaN, NaN, 0, ...NOBODY],
    ...[EventKind.Launch, b, 2, 200, NaN, NaN, 5, 3, 1000],
    ...[EventKind.Flags, b, 2, NaN, NaN, NaN, 8, ...NOBODY],
    ...[Ending.Error, b, 2, 200.5, 0.5, 0.25, 0, 3, 1000],
    ...[Ending.Exec, a, 1, 200, 100, NaN, 0, ...NOBODY],
  ]);
});

Deno.test("no kind of an event is an outcome's index", () => {
  for (const kind of Object.values(EventKind)) assert.equal(OUTCOMES[kind], undefined);
  assert.equal(new Set(Object.values(EventKind)).size, Object.keys(EventKind).length);
});
