/** `tree` and `top` of the compiled exporter, run by somebody without rights, of an exporter that has them. */

import assert from "node:assert/strict";
import { Exporter } from "../live/exporter.ts";
import { assertSchema } from "../unit/metrics/api_schema.ts";
import { BINARY, requireBinary } from "./binary.ts";

const ignore = requireBinary();
/** A name of words alone, since others might be taken for machine-made ones, and no longer than a thread's name (15 bytes). */
const NAME = "shown-by-tree";

/** Runs a command of the program as nobody; its status and texts. */
async function asNobody(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = new Deno.Command(BINARY, { args: [...args], uid: 65_534, gid: 65_534, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), errors: new TextDecoder().decode(stderr) };
}

Deno.test({ name: "e2e: tree and top of a running exporter, without rights", ignore }, async () => {
  const folder = await Deno.makeTempDir({ prefix: "tree-" });
  try {
    await Deno.copyFile("/bin/false", `${folder}/${NAME}`);
    await using exporter = await Exporter.start({ command: [BINARY] });
    for (let i = 0; i < 3; i++) await new Deno.Command(`${folder}/${NAME}`).output();
    await exporter.scrapeUntil("its launches", (scrape) => scrape.treeNamed(NAME)?.launches === 3);
    const wanted = [`--url=${exporter.url}`, `--filter=${NAME}$`, "--new", "--failing"];
    const json = await asNobody("tree", ...wanted, "--output=json");
    assert.deepEqual([json.code, json.errors], [0, ""]);
    const tree = JSON.parse(json.out);
    assertSchema("tree", tree);
    assert.deepEqual([tree.launches, tree.exits.error], [3, 3]);
    const text = await asNobody("tree", ...wanted);
    assert.match(text.out, new RegExp(` 3 {6}3 .*failing.* ${NAME}\n$`));
    const top = await asNobody("top", ...wanted, "--for=1s");
    assert.equal(top.code, 0);
    assert.match(top.out, new RegExp(` trees .* launches/s[^]* 3 {6}3 .*/${NAME}\n`));
    const nowhere = await asNobody("tree", "--url=http://127.0.0.1:1");
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.errors, /^cnproc-exporter: Cannot read from http:[^\n]+\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
