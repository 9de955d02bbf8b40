import assert from "node:assert/strict";
import { helpText, parseCommandLine, UsageError } from "../../../../metrics/command_line/mod.ts";

/** The options that these arguments give, and the operands. */
function parse(...args: string[]): Record<string, unknown> {
  const line = parseCommandLine(["baseline", ...args]);
  return "options" in line ? { command: line.command, operands: line.operands, ...line.options } : assert.fail();
}

Deno.test("the defaults of the baseline commands", () => {
  const source = {
    exporterUrls: [],
    prometheusUrl: undefined,
    prometheusMatchers: undefined,
    httpConfigFile: undefined,
    forMs: undefined,
  };
  assert.deepEqual(parse("learn"), {
    command: "baseline learn",
    operands: [],
    ...source,
    until: "time",
    stableMs: 86_400_000,
    stableLaunches: 1000,
    by: "machine",
    refresh: false,
    source: "auto",
    capture: "auto",
    ringBytes: 2 << 20,
    pollIntervalMs: 1000,
    maxTrees: 1000,
    maxOnce: 64,
    configFile: undefined,
    logLevel: "info",
    logFormat: "logfmt",
  });
  assert.deepEqual(parse("check", "b.yml"), {
    command: "baseline check",
    staleAfterMs: 432_000_000,
    operands: ["b.yml"],
    ...source,
    output: "text",
  });
  assert.deepEqual(parse("diff", "a.yml", "b.yml"), {
    command: "baseline diff",
    operands: ["a.yml", "b.yml"],
    output: "text",
  });
});

Deno.test("the flags of the baseline commands", () => {
  const given = parse(
    ...["check", "b.yml", "--exporter.url=http://a:9501", "--exporter.url", "https://[::1]/x", "--for=90m"],
    ...["--prometheus.url=http://p:9090", '--prometheus.matchers=job="a{}",role=~"b|c"', "--output=json"],
    "--http.config.file=h.yml",
  );
  assert.deepEqual(given, {
    command: "baseline check",
    staleAfterMs: 432_000_000,
    operands: ["b.yml"],
    exporterUrls: ["http://a:9501/", "https://[::1]/x"],
    prometheusUrl: "http://p:9090/",
    prometheusMatchers: 'job="a{}",role=~"b|c"',
    httpConfigFile: "h.yml",
    forMs: 5_400_000,
    output: "json",
  });
});

Deno.test("what the baseline commands can't use", () => {
  const cases: [args: string[], want: RegExp][] = [
    [[], /"?baseline"? by itself: want one of learn, check, diff/],
    [["lern"], /did you mean learn\?/],
    [["check"], /check/],
    [["check", "a", "b"], /"b"/],
    [["diff", "a"], /diff/],
    [["learn", "a", "b"], /"b"/],
    [["check", "a", "--exporter.url=web-1:9501"], /want http:\/\/HOST/],
    // A password on a command line is everybody's.
    [["check", "a", "--exporter.url=http://ann:secret@web-1:9501"], /names and passwords in --http\.config\.file/],
    [["check", "a", "--prometheus.matchers={job='x'}"], /want matchers without braces/],
    [["check", "a", "--prometheus.matchers=a)[1d]"], /want matchers without braces/],
    [["check", "a", "--for=24"], /want a duration/],
    [["diff", "a", "b", "--for=24h"], /it is one of .*baseline learn, baseline check/],
  ];
  for (const [args, want] of cases) {
    assert.throws(() => parseCommandLine(["baseline", ...args]), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, want);
      return true;
    });
  }
  assert.match(helpText("baseline"), /baseline learn .*\n {2}baseline check .*\n {2}baseline diff /);
});

Deno.test("learning until it is stable looks at what comes, not at a server's past", () => {
  const given = parse("learn", "--until=stable", "--stable.time=90m", "--stable.launches=50", "--for=7d");
  assert.deepEqual([given["until"], given["stableMs"], given["stableLaunches"]], ["stable", 5_400_000, 50]);
  const server = "--prometheus.url=http://p:9090";
  assert.throws(() => parse("learn", "--until=stable", server), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^Cannot use --until=stable with --prometheus\.url: a server's past is over/);
    return true;
  });
  assert.equal(parse("learn", "--until=time", server)["until"], "time");
});
