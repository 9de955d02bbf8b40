import assert from "node:assert/strict";
import { createLogger, type LogFormat, type Logger, type LogLevel } from "../../../../metrics/text/mod.ts";
import { LOG_LEVELS } from "../../../../metrics/text/log.ts";

const HOSTILE = '\x1b[2J\nts=1 level=error msg="forged"\u202e\u2028\u0085\ufeff\udb40\udc01\ud800\\"';

/** The lines that `use` writes. */
function lines(format: LogFormat, level: LogLevel, use: (log: Logger) => void): string[] {
  const written: string[] = [];
  use(createLogger({ level, format, write: (line) => written.push(line) }));
  return written;
}

Deno.test("logfmt is a line of keys and values, quoted where needed", () => {
  const [line, ...more] = lines(
    "logfmt",
    "info",
    (log) =>
      log.log("info", "Listening {x}", {
        address: "127.0.0.1:9501",
        x: "a b",
        none: "",
        gone: undefined,
        n: 1.5,
        b: false,
      }),
  );
  assert.deepEqual(more, []);
  assert.match(
    line!,
    /^ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=info msg="Listening \{x\}" address=127\.0\.0\.1:9501 x="a b" none="" n=1\.5 b=false\n$/,
  );
});

Deno.test("JSON is an object a line", () => {
  const [line] = lines(
    "json",
    "info",
    (log) => log.log("warn", "Slow {x}", { seconds: 1.5, up: true, name: "a", bad: NaN }),
  );
  assert.ok(line!.endsWith("}\n"));
  const { ts, ...rest } = JSON.parse(line!);
  assert.match(ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(rest, { level: "warn", msg: "Slow {x}", seconds: 1.5, up: true, name: "a", bad: "NaN" });
});

Deno.test("no value ends its line, commands a terminal or forges a record", () => {
  for (const format of ["logfmt", "json"] as const) {
    const written = lines(format, "info", (log) => {
      log.log("info", HOSTILE, { value: HOSTILE });
    });
    assert.equal(written.length, 1);
    assert.match(written[0]!, /^[\x20-\x7e]+\n$/, "printable ASCII");
    if (format === "json") assert.equal(JSON.parse(written[0]!).value, HOSTILE);
  }
});

Deno.test("the journal gets priorities in front, whatever the format", () => {
  const written: string[] = [], write = (line: string) => written.push(line);
  const logs = [
    () => createLogger({ level: "trace", format: "journald", write }),
    () => createLogger({ level: "trace", format: "json", toJournal: true, write }),
    () => createLogger({ level: "trace", format: "logfmt", write }),
  ];
  for (const log of logs.map((create) => create)) {
    const logger = log();
    for (const level of LOG_LEVELS) logger.log(level, "x");
  }
  const priorities = ["<3>", "<4>", "<6>", "<7>", "<7>"];
  assert.deepEqual(written.map((line) => /^<\d>/.exec(line)?.[0]), [...priorities, ...priorities, ...Array(5)]);
  assert.match(written[0]!, /^<3>ts=\S+ level=error msg="x"\n$/);
  assert.equal(JSON.parse(written[5]!.slice(3)).level, "error");
});

Deno.test("each level includes those before it", () => {
  LOG_LEVELS.forEach((level, index) => {
    const written = lines("logfmt", level, (log) => {
      for (const other of LOG_LEVELS) {
        log.log(other, "x");
        assert.equal(log.enabled(other), LOG_LEVELS.indexOf(other) <= index, `${other} at ${level}`);
      }
    });
    assert.deepEqual(written.map((line) => / level=(\w+) /.exec(line)![1]), LOG_LEVELS.slice(0, index + 1));
  });
});
