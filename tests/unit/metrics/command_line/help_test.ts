import assert from "node:assert/strict";
import { COMMAND_SET, helpText, SWITCHES, takesValue } from "../../../../metrics/command_line/mod.ts";
import { FAKE_SET } from "./fake_set.ts";

Deno.test("--help names every command; that of a command its flags, their defaults and choices", () => {
  const { commands, groups, byDefault } = COMMAND_SET;
  const program = helpText();
  for (const command of commands) {
    assert.ok(program.includes(command.name), command.name);
    const texts = command === byDefault ? [program, helpText(command.name)] : [helpText(command.name)];
    for (const text of texts) {
      for (const flag of Object.values(command.flags)) {
        if (!takesValue(flag)) assert.ok(text.includes(`${flag.name}\n`), flag.name);
        else {
          assert.ok(text.includes(`--${flag.name}=${flag.placeholder}\n`), flag.name);
          if (flag.default !== undefined) assert.ok(text.includes(`Default: ${flag.default}`), flag.name);
        }
      }
      for (const { name } of SWITCHES) assert.ok(text.includes(`--${name}\n`), name);
    }
  }
  for (const about of [undefined, ...commands.map(({ name }) => name), ...Object.keys(groups)]) {
    for (const line of helpText(about).split("\n")) assert.ok(line.length <= 120, line);
  }
});

Deno.test("the parts of a command's help", () => {
  const text = helpText("show", FAKE_SET);
  assert.match(text, /^Show\.\n\nUsage: cnproc-exporter show \[FLAG…\] NAME…\n\nWhat is shown, and why\.\n/);
  assert.match(text, /\nArguments:\n {2}NAME\n {6}What to show\.\n/);
  assert.match(text, /\n {2}--no-color\n {6}Paint it\. On by default\.\n/);
  assert.match(text, /\n {2}--file=FILE\n {6}Where\. Repeatable\.\n/);
  assert.match(text, /\n {2}-h, --help\n/);
  assert.match(helpText("list all", FAKE_SET), /^List all\.\n\nUsage: cnproc-exporter list all \[FLAG…\] \[NAME\]\n/);
});

Deno.test("the help about the program and about a group", () => {
  const program = helpText(undefined, FAKE_SET);
  assert.match(program, /\n {2}run {7}Run\. The default\.\n {2}show {6}Show\.\n {2}list all {2}List all\.\n/);
  assert.match(program, /These are the flags of run:\n\n {2}--level=low\|high\n {6}How much\. Default: low\n/);
  const group = helpText("list", FAKE_SET);
  assert.match(group, /^Lists\.\n\nUsage: cnproc-exporter list COMMAND \[FLAG…\]\n/);
  assert.match(group, /\n {2}list all {2}List all\.\n/);
  assert.doesNotMatch(group, /show/);
});
