import assert from "node:assert/strict";
import {
  countUsing,
  describeBuild,
  inAscii,
  relativeUrls,
  withBundledUrls,
  withoutLocalPaths,
} from "../../../scripts/compile.ts";
import { PERMISSION_FLAGS, RESTRICTION_FLAGS, RUNTIME_FLAGS } from "../../../scripts/permissions.ts";

const ROOT = `${import.meta.dirname}/../../..`;

Deno.test("a bundle names packages, not the builder's folders", () => {
  const bundle = "// ../../home/me/.cache/deno/npm/registry.example/hono/4.0.0/dist/hono.js\n" +
    "// netlink/wire.ts\nconst a = 1; // ../npm/x\n";
  assert.equal(
    withoutLocalPaths(bundle),
    "// npm:hono/4.0.0/dist/hono.js\n// netlink/wire.ts\nconst a = 1; // ../npm/x\n",
  );
});

Deno.test("a bundle has no character that isn't ASCII, and its texts stay the same", () => {
  const bundle = inAscii('/* a − b */ ["−é😀", /[−é]/.source]');
  assert.match(bundle, /^[\0-\x7f]*$/);
  assert.deepEqual((0, eval)(bundle), ["−é😀", "[\\u2212\\u00e9]"]);
});

Deno.test("relativeUrls finds what code asks for beside itself", () => {
  const bundle =
    'new Worker(new URL("./worker.ts", import.meta.url)); new URL(\n  "./build.json",\n  import.meta.url\n);' +
    'new URL("/metrics", request.url); new URL("http://x");';
  assert.deepEqual(relativeUrls(bundle), ["./worker.ts", "./build.json"]);
});

Deno.test("what a bundle asks for beside itself is JavaScript", () => {
  const other = 'x="./worker.ts";new URL("./a.ts",base)';
  const bundle = `new URL("./worker.ts",import.meta.url);new URL(\n  "./build.json",\n  import.meta.url\n);${other}`;
  assert.equal(withBundledUrls(bundle), bundle.replace("./worker.ts", "./worker.js"));
  assert.deepEqual(relativeUrls(withBundledUrls(bundle)), ["./worker.js", "./build.json"]);
});

Deno.test("describeBuild gives the version of deno.json and, outside a checkout, no revision", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/deno.json`, '{"version": "1.2.3"}');
  assert.deepEqual(await describeBuild(folder, undefined), { version: "1.2.3", revision: "unknown", commitTime: 0 });
  assert.equal((await describeBuild(folder, "1700000000")).commitTime, 1700000000);
  await assert.rejects(describeBuild(folder, "yesterday"), /SOURCE_DATE_EPOCH=yesterday/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("describeBuild tells a changed checkout from a clean one", async () => {
  const folder = await Deno.makeTempDir();
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    const env = { GIT_COMMITTER_DATE: "1700000000 +0000", GIT_CONFIG_GLOBAL: "/dev/null" };
    const { success } = await new Deno.Command("git", { args: [...identity, ...args], cwd: folder, env }).output();
    assert.ok(success, args.join(" "));
  };
  await Deno.writeTextFile(`${folder}/deno.json`, '{"version": "1.2.3"}');
  await git("init", "-q");
  await git("add", "deno.json");
  await git("commit", "-q", "-m", "one");
  const clean = await describeBuild(folder, undefined);
  assert.match(clean.revision, /^[0-9a-f]{40}$/);
  assert.equal(clean.commitTime, 1700000000);
  await Deno.writeTextFile(`${folder}/deno.json`, '{"version": "1.2.4"}');
  assert.equal((await describeBuild(folder, undefined)).revision, `${clean.revision}-dirty`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the start task has the permissions of the compiled file", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)) as {
    tasks: { start: { command: string } };
  };
  const flags = tasks.start.command.split(" ").filter((word) => /^--(?!quiet$|lock=|frozen$)/.test(word));
  assert.deepEqual(flags.toSorted(), [...RUNTIME_FLAGS, ...RESTRICTION_FLAGS, ...PERMISSION_FLAGS].toSorted());
});

Deno.test("what a bundle closes at the end of a block is counted, whatever its names and blanks", () => {
  const bundle = "using a=f();await using $b = await g();for(using c2 of h());// using it\nlet using_ = 1; x.using";
  assert.equal(countUsing(bundle), 2);
});
