import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMAND_SET, helpText, parseCommandLine, UsageError } from "../../metrics/command_line/mod.ts";
import { chooseFormat, wantsGzip, wantsHtml } from "../../metrics/exposition/negotiation.ts";
import { runs } from "./runs.ts";

const flags = COMMAND_SET.commands.flatMap((command) => Object.values(command.flags));
const name = fc.constantFrom(...flags.map(({ name }) => name), "help", "version", "web", "no-help", "");
const word = fc.constantFrom(...COMMAND_SET.commands.flatMap(({ name }) => name.split(" ")));
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom("127.0.0.1:9501", "[::1]:0", "64MiB", "1s", "auto", "serve", "-", "--", "-h", "9".repeat(5000)),
);
const argument = fc.oneof(
  text,
  word,
  fc.tuple(name, text).map(([name, text]) => `--${name}=${text}`),
  name.map((name) => `--${name}`),
);

Deno.test("any command line gives options or one line that says what is wrong", () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
      try {
        const line = parseCommandLine(args);
        if (line.command === "version") return;
        if (line.command === "help") return assert.match(helpText(line.about), /Usage/);
        const { flags } = COMMAND_SET.commands.find(({ name }) => name === line.command)!;
        assert.deepEqual(Object.keys(line.options), Object.keys(flags));
        for (const [field, value] of Object.entries(line.options)) {
          const flag = flags[field]!;
          if ("repeatable" in flag) assert.ok(Array.isArray(value));
          else if (flag.default !== undefined) assert.notEqual(value, undefined, field);
        }
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(error.message, /[\u0000-\u001f\u007f-\u009f]/);
        assert.ok(error.message.length < 1000, error.message);
      }
    }),
    { numRuns: runs(3000) },
  );
});

const headerPart = fc.constantFrom(
  ...[
    "application/openmetrics-text",
    "text/plain",
    "text/html",
    "*/*",
    "gzip",
    "identity",
    "*",
    ";",
    ",",
    '"',
    "\\",
    "=",
  ],
  ...["q=0.5", "q=", "version=1.0.0", "version=0.0.4", " ", "\t", "é", "charset=utf-8"],
);
const header = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(headerPart, { maxLength: 40 }).map((parts) => parts.join("")),
);

Deno.test("any header has an answer", () => {
  fc.assert(
    fc.property(header, (header) => {
      assert.ok(["openmetrics", "text"].includes(chooseFormat(header)));
      assert.equal(typeof wantsHtml(header), "boolean");
      assert.equal(typeof wantsGzip(header), "boolean");
      if (!header.toLowerCase().includes("openmetrics")) assert.equal(chooseFormat(header), "text");
      if (!/gzip|\*/i.test(header)) assert.equal(wantsGzip(header), false);
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("the answer takes no longer than the header's length allows", () => {
  for (const part of ["a,", ";", '"', '\\"', "q=0.5;", "*/*,", 'a/b;c="d\\"",']) {
    const start = performance.now();
    chooseFormat(part.repeat(100_000));
    wantsGzip(part.repeat(100_000));
    // A tenth of a second on a quiet machine; a square of the length takes minutes.
    assert.ok(performance.now() - start < 20_000, part);
  }
});
