/** The command `explain` of the compiled exporter. */

import assert from "node:assert/strict";
import { BINARY, requireBinary } from "./binary.ts";

const ignore = requireBinary();
const MAX_SECONDS = 3;

/** Runs the compiled file as `nobody`, which may read nothing that others can't. */
async function explain(args: string[], input = "") {
  const child = new Deno.Command(BINARY, {
    args: ["explain", ...args],
    uid: 65534,
    gid: 65534,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output(); // read while it is written to: a pipe holds 64 KiB
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await output;
  const text = new TextDecoder();
  return { code, text: text.decode(stdout), errors: text.decode(stderr) };
}

Deno.test({ name: "e2e: explain takes 30,000 names from standard input in under 3 s", ignore }, async () => {
  const names = Array.from(
    { length: 30_000 },
    (_, i) => i % 3 === 0 ? `/tmp/tmp.${i}X3kQ9ZbT1a/run` : `tool-${i % 997}`,
  );
  const start = performance.now();
  const { code, text, errors } = await explain(["--output=json", "-"], names.join("\n"));
  const seconds = (performance.now() - start) / 1000;
  console.log(`30,000 names in ${seconds.toFixed(2)} s`);
  assert.deepEqual([code, errors], [0, ""]);
  const objects = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(objects.map(({ program }) => program), names);
  assert.ok(objects[0].random && objects[0].label === "run");
  assert.ok(seconds < MAX_SECONDS, `${seconds} s, want less than ${MAX_SECONDS}`);
});

Deno.test({ name: "e2e: explain tells about a running process without privileges", ignore }, async () => {
  const { code, text, errors } = await explain(["--output=json", String(Deno.pid), "/bin/dd"]);
  assert.deepEqual([code, errors], [0, ""]);
  const [process, program] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(process.pid, Deno.pid);
  assert.equal(process.ancestors.at(-1).pid, Deno.pid);
  assert.equal(process.ancestors[0].pid, 1);
  assert.equal(program.label, "base");
});

Deno.test({ name: "e2e: explain's help, its errors, and a reader that goes away", ignore }, async () => {
  assert.match((await explain(["--help"])).text, /^Tell why.*\n\nUsage: cnproc-exporter explain /);
  const usage = await explain([]);
  assert.equal(usage.code, 2);
  assert.match(usage.errors, /^cnproc-exporter: Cannot use explain without an argument: want PROGRAM\|PID\|-\n$/);
  assert.equal((await explain(["4194305"])).code, 1);
  const pipe = `yes /srv/some-program | head -50000 | "$0" explain - | head -1`;
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", pipe, BINARY] }).output();
  assert.deepEqual([success, new TextDecoder().decode(stderr)], [true, ""]);
});
