import assert from "node:assert/strict";
import { UsageError } from "../../../../metrics/command_line/mod.ts";
import { contextFilterOf } from "../../../../metrics/commands/context_filter.ts";

const NONE = { users: [], units: [], containers: [], context: "auto" } as const;
type Wish = Partial<Record<"users" | "units" | "containers", readonly string[]>>;

/** One of some contexts each; what isn't given is null. */
const CONTEXTS = {
  root: { uid: 0, user: "root", unit: "nginx.service" },
  ann: { uid: 1000, user: "ann", unit: "session-3.scope" },
  mail: { uid: 1000, user: "ann", unit: "user@1000.service/mail.service" },
  directory: { uid: 70_001, unit: "session-4.scope" },
  container: {
    ...{ uid: 0, user: "root", unit: `docker-${"4".repeat(64)}.scope`, container: "444444444444" },
    container_name: "shop-web",
  },
  kernel: {},
};

Deno.test("users, units and containers by globs: of several values one must match, of several flags all", () => {
  for (
    const [wish, want] of [
      [{ users: ["ann"] }, ["ann", "mail"]],
      [{ users: ["1000"] }, ["ann", "mail"]],
      [{ users: ["ann", "70*"] }, ["ann", "mail", "directory"]],
      [{ units: ["nginx"] }, ["root"]],
      [{ units: ["nginx.service", "session-*.scope"] }, ["root", "ann", "directory"]],
      [{ units: ["session-*"] }, ["ann", "directory"]],
      [{ units: ["user@1000.service/**"] }, ["mail"]],
      [{ units: ["mail"] }, []],
      [{ units: ["none"] }, ["kernel"]],
      [{ containers: ["*"] }, ["container"]],
      [{ containers: ["none"], users: ["root"] }, ["root"]],
      [{ containers: ["4444*"] }, ["container"]],
      [{ containers: ["4444"] }, []],
      [{ containers: ["shop-*"] }, ["container"]],
      [{ containers: ["web"] }, []],
      [{ users: ["ann"], units: ["session-*"] }, ["ann"]],
      [{ units: ["*.scope"] }, ["ann", "directory", "container"]],
    ] as [Wish, string[]][]
  ) {
    const filter = contextFilterOf({ ...NONE, ...wish })!;
    const found = Object.entries(CONTEXTS).filter(([, context]) => filter(context)).map(([name]) => name);
    assert.deepEqual(found, want, JSON.stringify(wish));
  }
});

Deno.test("without a flag there is no filter; what can't be a name is an error of the command line", () => {
  assert.equal(contextFilterOf(NONE), undefined);
  for (const [flag, wish] of [["unit", { units: ["a", "/b"] }], ["container", { containers: ["a//b"] }]] as const) {
    assert.throws(
      () => contextFilterOf({ ...NONE, ...wish }),
      (error) => error instanceof UsageError && new RegExp(`^Cannot use .* for --${flag}: `).test(error.message),
    );
  }
});
