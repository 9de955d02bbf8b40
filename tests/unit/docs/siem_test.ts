/** docs/siem.md against what it describes: the schema of a line, the flags, the families, configurations that are YAML. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { COMMAND_SET, parseCommandLine } from "../../../metrics/command_line/mod.ts";
import { LOG_REASONS } from "../../../metrics/event_log/mod.ts";
import { FAMILIES } from "../../../metrics/exposition/families.ts";
import { assertSchema } from "../metrics/api_schema.ts";

const PAGE = await Deno.readTextFile(new URL("../../../docs/siem.md", import.meta.url));

/** What stands between fences of a language. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))].map((match) => match[1]!);
}

Deno.test("the lines shown are lines by the schema", () => {
  const lines = blocks("json").flatMap((block) => block.trimEnd().split("\n"));
  assert.ok(lines.length >= 3);
  for (const line of lines) assertSchema("line", JSON.parse(line));
});

Deno.test("all reasons, and all ways to lose a line, are explained", () => {
  for (const reason of LOG_REASONS) assert.match(PAGE, new RegExp(`^\\| \`${reason}\` `, "m"));
  const lost = FAMILIES.find(({ name }) => name === "cnproc_event_log_lines_lost")!;
  assert.ok(PAGE.includes(`\`${lost.name}_total{reason=…}\``));
  for (const { label } of lost.series) assert.match(PAGE, new RegExp(`^\\| \`${label![1]}\` `, "m"));
});

Deno.test("the flags are the program's, and one file goes from the unit to the collectors", async () => {
  const names = Object.values(COMMAND_SET.byDefault.flags).map(({ name }) => name);
  for (const [, name] of PAGE.matchAll(/--(event-log[a-z.-]*)/g)) assert.ok(names.includes(name!), name);
  const [args] = /(?<=ARGS=")[^"]*/.exec(PAGE)!, line = parseCommandLine([args]);
  assert.ok(line.command === "serve");
  const file = line.options.eventLog!, unit = await Deno.readTextFile("deploy/systemd/cnproc-exporter.service");
  const folder = /^LogsDirectory=(.*)$/m.exec(unit)![1]!;
  assert.ok(file.startsWith(`/var/log/${folder}/`));
  assert.equal(PAGE.match(/\/var\/log\/[\w/.-]+/g)!.filter((path) => path !== file).length, 0);
  const [alert, vector, promtail] = blocks("yaml").map((block) => parse(block));
  assert.match(alert[0].expr, /cnproc_event_log_lines_lost_total/);
  assert.deepEqual(vector.sources.cnproc_file.include, [file]);
  assert.deepEqual(vector.transforms.cnproc_events.inputs, Object.keys(vector.sources));
  assert.deepEqual(vector.sinks.loki.inputs, Object.keys(vector.transforms));
  assert.equal(promtail.scrape_configs[0].static_configs[0].labels.__path__, file);
});
