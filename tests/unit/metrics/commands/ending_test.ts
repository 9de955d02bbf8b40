/** A signal ends a command in an orderly way, and so does an error that nothing caught. */

import assert from "node:assert/strict";

const MODULE = new URL("../../../../metrics/commands/ending.ts", import.meta.url).href;
const IMPORT_MAP = new URL("../../../../import_map.json", import.meta.url).href;

/** Runs a program that waits for its end, and says how it came; `provoke` is done once it waits. */
async function ends(provoke: (pid: number) => void, cause = ""): Promise<{ code: number; output: string }> {
  const program = `
    import { untilEnd } from ${JSON.stringify(MODULE)};
    const end = untilEnd(["SIGHUP"]), alive = setInterval(() => {}, 1000);
    console.log("waiting");
    ${cause}
    await end.then(() => console.log("told"), (error) => console.log("failed: " + error.message));
    clearInterval(alive);
    console.log("cleaned up");
    Deno.exit(7);`;
  const url = `data:application/typescript,${encodeURIComponent(program)}`;
  const args = ["run", "--quiet", "--no-lock", `--import-map=${IMPORT_MAP}`, "-A", url];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  let output = "", isProvoked = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (isProvoked || !output.includes("waiting")) continue;
    isProvoked = true;
    provoke(child.pid);
  }
  return { code: (await child.status).code, output };
}

for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const) {
  Deno.test(`${signal} ends a command that waits for it, and lets it clean up`, async () => {
    const { code, output } = await ends((pid) => Deno.kill(pid, signal));
    assert.deepEqual({ code, output }, { code: 7, output: "waiting\ntold\ncleaned up\n" });
  });
}

for (
  const [what, cause] of [
    ["an exception in a callback", `setTimeout(() => { throw new Error("lost"); }, 1);`],
    ["a rejection that nobody handles", `Promise.reject(new Error("lost"));`],
    ["a callback that throws no error", `setTimeout(() => { throw { message: "lost" }; }, 1);`],
  ] as const
) {
  Deno.test(`${what} ends it too, and lets it clean up`, async () => {
    const { code, output } = await ends(() => {}, cause);
    assert.deepEqual({ code, output }, { code: 7, output: "waiting\nfailed: lost\ncleaned up\n" });
  });
}
