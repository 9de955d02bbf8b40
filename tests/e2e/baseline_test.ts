/** The baseline with the compiled exporter: `--baseline.file`, its reload, and the commands. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { BINARY, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();

/** A folder whose name no machine made, because that would mark the trees. */
const FOLDER = "/opt/cnproc-baseline-test";

/** The folder with two programs, gone with the test. */
async function programs() {
  await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
  await Deno.mkdir(FOLDER);
  for (const name of ["knownprogram", "oddprogram"]) await Deno.copyFile("/bin/true", `${FOLDER}/${name}`);
  return {
    launch: async (name: string, times: number) => {
      for (let i = 0; i < times; i++) await new Deno.Command(`${FOLDER}/${name}`).output();
    },
    [Symbol.asyncDispose]: () => Deno.remove(FOLDER, { recursive: true }),
  };
}

/** Runs a command of the exporter to its end. The variables would make the YAML parser talk, if it saw them. */
async function run(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(BINARY, {
    args,
    env: { NO_COLOR: "1", LOG_STREAM: "1", LOG_TOKENS: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test({ name: "e2e: trees are expected or not, launches of the others counted exactly", ignore }, async () => {
  await using programsHere = await programs();
  const { launch } = programsHere;
  const file = `${FOLDER}/baseline.yml`;
  await Deno.writeTextFile(file, "trees:\n  - /**/knownprogram\n");
  await using exporter = await Exporter.start({ command: [BINARY], flags: [`--baseline.file=${file}`] });
  await launch("knownprogram", 5);
  await launch("oddprogram", 7);
  const of = (name: string) => (text: string) =>
    new RegExp(`^${name}\\{tree="([^"]*)"\\} (\\S+)$`, "gm").exec(text) && [
      ...text.matchAll(new RegExp(`^${name}\\{tree="((?:[^"\\\\]|\\\\.)*)"\\} (\\S+)`, "gm")),
    ].map(([, tree, value]) => [tree!, Number(value)] as const);
  const text = await poll("both programs", async () => {
    const { text } = await exporter.get("/metrics");
    const launches = new Map(of("cnproc_tree_launches_total")(text));
    const count = (end: string) => [...launches].find(([tree]) => tree.endsWith(`/${end}`))?.[1];
    return count("knownprogram") === 5 && count("oddprogram") === 7 ? text : undefined;
  });
  const launches = of("cnproc_tree_launches_total")(text)!;
  const expected = new Map(of("cnproc_tree_expected")(text));
  assert.equal(expected.size, launches.length);
  for (const [tree, value] of expected) assert.equal(value, tree.endsWith("/knownprogram") ? 1 : 0, tree);
  const unexpected = launches.filter(([tree]) => expected.get(tree) === 0).reduce((sum, [, count]) => sum + count, 0);
  assert.equal(Number(/^cnproc_unexpected_launches_total (\d+)$/m.exec(text)![1]), unexpected);

  // One line, whatever the number of launches.
  const lines = exporter.log.filter((line) => line.includes("oddprogram"));
  assert.equal(lines.length, 1, lines.join("\n"));
  assert.match(lines[0]!, /level=warn msg="Launched what the baseline doesn't expect" tree=\S+\/oddprogram /);
  assert.match(lines[0]!, / ancestry="[^"]+ > oddprogram" reason="nothing that it was launched by is expected"$/);
  assert.ok(!exporter.log.some((line) => line.includes("knownprogram")));
});

Deno.test({ name: "e2e: a new baseline by SIGHUP; a broken one keeps the old and says so", ignore }, async () => {
  await using programsHere = await programs();
  const { launch } = programsHere;
  const file = `${FOLDER}/baseline.yml`;
  await Deno.writeTextFile(file, "trees: []\n");
  await using exporter = await Exporter.start({ command: [BINARY], flags: [`--baseline.file=${file}`] });
  await launch("oddprogram", 1);
  const odd = (value: number) => new RegExp(`^cnproc_tree_expected\\{tree="[^"]*/oddprogram"\\} ${value}$`, "m");
  const until = (what: string, ...patterns: RegExp[]) =>
    poll(what, async () => {
      const { text } = await exporter.get("/metrics");
      return patterns.every((pattern) => pattern.test(text)) ? text : undefined;
    });
  const counted = (text: string) => Number(/^cnproc_unexpected_launches_total (\d+)$/m.exec(text)![1]);
  const ok = /^cnproc_config_last_reload_successful 1$/m;
  const before = counted(await until("the program, unexpected", odd(0), ok));

  await Deno.writeTextFile(file, "trees:\n  - /**\n");
  exporter.kill("SIGHUP");
  const after = counted(await until("the program, expected", odd(1), ok));
  assert.ok(after >= before, `${after} after ${before}`);
  // Everything is expected now: nothing more is counted, whatever runs on the machine.
  await launch("oddprogram", 5);
  const text = await until("five more launches", /^cnproc_tree_launches_total\{tree="[^"]*\/oddprogram"\} 6$/m);
  assert.equal(counted(text), after);

  await Deno.writeTextFile(file, "trees:\n  - /**\n  - oddprogram\n");
  exporter.kill("SIGHUP");
  await until("the failure, and the old baseline", odd(1), /^cnproc_config_last_reload_successful 0$/m);
  const line = exporter.log.find((line) => line.includes("level=error"))!;
  assert.match(line, /baseline\.yml:3:5: .*oddprogram.* is no tree: it doesn't begin with \//);
  assert.deepEqual(traces(exporter.log), []);

  await Deno.writeTextFile(file, "trees: []\n");
  exporter.kill("SIGHUP");
  assert.ok(counted(await until("the next one, whole again", odd(0), ok)) >= after);
});

Deno.test({ name: "e2e: a baseline that can't be used at the start is one line and status 1", ignore }, async () => {
  await using _programs = await programs();
  await Deno.writeTextFile(`${FOLDER}/broken.yml`, "trees: 5\n");
  for (
    const [file, want] of [["broken.yml", /broken\.yml:1:8: \\"trees\\": want a list/], [
      "nowhere.yml",
      /can't be read/,
    ]] as const
  ) {
    const { code, stderr } = await run("--web.listen-address=127.0.0.1:0", `--baseline.file=${FOLDER}/${file}`);
    assert.equal(code, 1);
    assert.match(stderr, want);
    assert.deepEqual(traces(stderr.split("\n")), []);
  }
});

Deno.test(
  { name: "e2e: baseline learn sees what runs on this machine, and a signal ends it early", ignore },
  async () => {
    await using programsHere = await programs();
    const { launch } = programsHere;
    const file = `${FOLDER}/baseline.yml`;
    await Deno.writeTextFile(file, "# Mine.\ntrees:\n  - /**/knownprogram # a person's\n");
    const learning = Exporter.launch({ command: [BINARY], flags: ["baseline", "learn", "--for=24h", file] });
    await using _learning = learning;
    await poll("the start of learning", () => learning.log.some((line) => line.includes("Learning")));
    await launch("knownprogram", 1);
    await launch("oddprogram", 3);
    const { code } = await learning.stop("SIGINT");
    assert.equal(code, 0, learning.log.join("\n"));
    const text = await Deno.readTextFile(file);
    assert.match(text, /^# Mine\.\ntrees:\n {2}- \/\*\*\/knownprogram # a person's\n/);
    assert.match(
      text,
      /^ {2}- \S*\/oddprogram # first seen \d{4}-\d\d-\d\dT\S+Z, last seen \d{4}-\d\d-\d\d, 3 launches$/m,
    );
    assert.doesNotMatch(text.slice(60), /knownprogram/);
    const diff = await run("baseline", "diff", file, file);
    assert.deepEqual(diff, { code: 0, stdout: "", stderr: "" });
  },
);

/** An exporter's metrics, served to who says the password. */
function replay(trees: Readonly<Record<string, number>>) {
  const text = Object.entries(trees).map(([tree, launches]) =>
    `cnproc_tree_launches_total{tree="${tree}"} ${launches}\n` +
    `cnproc_tree_first_seen_timestamp_seconds{tree="${tree}"} 1800000000.25\n`
  ).join("");
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) =>
      request.headers.get("authorization") === `Basic ${btoa("ann:secret")}`
        ? new Response(text)
        : new Response("who are you?\n", { status: 401 }),
  );
  return { host: `127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test({ name: "e2e: baseline learn, check and diff over HTTP", ignore }, async () => {
  await using _programs = await programs();
  await using one = replay({ "/sshd/base": 3, "/cron": 1 });
  await using two = replay({ "/sshd/base": 4, "/sshd/base/nc": 1 });
  await Deno.writeTextFile(`${FOLDER}/password`, "secret\n");
  await Deno.writeTextFile(`${FOLDER}/http.yml`, "basic_auth: {username: ann, password_file: password}\n");
  const file = `${FOLDER}/baseline.yml`, other = `${FOLDER}/other.yml`;
  const from = (...hosts: string[]) => [
    ...hosts.map((host) => `--exporter.url=http://${host}`),
    `--http.config.file=${FOLDER}/http.yml`,
  ];
  const learned = await run("baseline", "learn", file, ...from(one.host));
  assert.equal(learned.code, 0, learned.stderr);
  assert.match(
    await Deno.readTextFile(file),
    /- \/cron # first seen 2027-01-15T08:00:00Z, 1 launch\n {2}- \/sshd\/base #/,
  );
  assert.equal((await run("baseline", "check", file, ...from(one.host))).code, 0);

  const checked = await run("baseline", "check", file, ...from(one.host, two.host));
  assert.equal(checked.code, 1);
  assert.equal(
    checked.stdout,
    `/sshd/base/nc  1 launch, first seen 2027-01-15T08:00:00Z, on ${two.host}: ` +
      "/sshd/base is expected, but not that it launches nc\n3 trees, 1 of them unexpected\n" +
      "2 rules, 0 of them stale; of 2 there is no telling yet, nothing says since when launches are known\n",
  );
  const json = await run("baseline", "check", file, "--output=json", ...from(two.host));
  assert.equal(json.code, 1);
  assert.deepEqual(JSON.parse(json.stdout).unexpected, [{
    tree: "/sshd/base/nc",
    launches: 1,
    instances: [two.host],
    flags: [],
    unexpectedFlags: [],
    firstSeen: "2027-01-15T08:00:00Z",
    reason: "/sshd/base is expected, but not that it launches nc",
  }]);

  const printed = await run("baseline", "learn", ...from(one.host, two.host));
  await Deno.writeTextFile(other, printed.stdout);
  assert.match(printed.stdout, /- \/sshd\/base # first seen \S+, 7 launches on 2 of 2 hosts\n/);
  const diff = await run("baseline", "diff", file, other);
  assert.deepEqual([diff.code, diff.stdout], [1, "+ /sshd/base/nc\n"]);
  assert.deepEqual(JSON.parse((await run("baseline", "diff", "--output=json", file, other)).stdout), {
    recordsFlags: [true, true],
    removed: [],
    added: [{ pattern: "/sshd/base/nc", line: 7 }],
  });

  // There is no telling: status 2, one line, no secret.
  const troubles: [args: string[], want: RegExp][] = [
    [["baseline", "check", file, `--exporter.url=http://${one.host}`], /answers 401 \(--http\.config\.file/],
    [["baseline", "check", file, ...from("127.0.0.1:1")], /Cannot read from http:\/\/127\.0\.0\.1:1\/metrics: /],
    [["baseline", "check", `${FOLDER}/nowhere.yml`, ...from(one.host)], /nowhere\.yml: it can't be read/],
    [["baseline", "diff", file, `${FOLDER}/nowhere.yml`], /nowhere\.yml: it can't be read/],
    [["baseline", "check", file, "--exporter.url=ftp://x"], /want http/],
  ];
  for (const [args, want] of troubles) {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, want);
    assert.match(stderr, /^cnproc-exporter: [^\n]+\n$/);
    assert.doesNotMatch(stderr, /secret/);
  }
});
