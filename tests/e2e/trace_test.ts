/** `trace` of the compiled exporter: launches and endings of this machine, in a pipe and beside an exporter. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { BINARY, listeningSockets, requireBinary, traces } from "./binary.ts";

const ignore = requireBinary();

/** A name of words alone: others might be taken for machine-made ones. */
const NAME = "traced-by-the-test";

/** A running `trace`. Use it with `await using`. */
class Trace implements AsyncDisposable {
  text = "";
  errors = "";
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<unknown>;

  constructor(flags: readonly string[], user: { readonly uid?: number; readonly gid?: number } = {}) {
    const env = { NO_COLOR: "", RUST_BACKTRACE: "0" };
    const args = ["trace", ...flags];
    this.#child = new Deno.Command(BINARY, { args, stdout: "piped", stderr: "piped", env, ...user }).spawn();
    const read = async (stream: ReadableStream<Uint8Array>, take: (text: string) => void) => {
      for await (const chunk of stream.pipeThrough(new TextDecoderStream())) take(chunk);
    };
    this.#read = Promise.all([
      read(this.#child.stdout, (text) => this.text += text),
      read(this.#child.stderr, (text) => this.errors += text),
    ]);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** Waits until it ends by itself. */
  ended(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  async stop(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#read;
  }
}

/** Makes a program that ends at once, with a status; gives its path to `work`. */
async function withProgram(status: number, work: (program: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "trace-" });
  try {
    const program = `${folder}/${NAME}`;
    await Deno.copyFile(status === 0 ? "/bin/true" : "/bin/false", program);
    await work(program);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Launches a program again and again until it shows. */
async function launchUntilSeen(program: string, isSeen: () => boolean): Promise<void> {
  await poll("the launch in the trace", async () => {
    await new Deno.Command(program).output();
    return isSeen();
  });
}

Deno.test({ name: "e2e: trace prints launches and endings beside an exporter, until SIGINT", ignore }, async () => {
  await withProgram(1, async (program) => {
    await using exporter = await Exporter.start({ command: [BINARY] });
    await using trace = new Trace([`--filter=${NAME}$`]);
    await launchUntilSeen(program, () => trace.lines.length >= 2);
    const before = trace.lines.length;
    const { pid, status } = await (async () => {
      const child = new Deno.Command(program).spawn();
      return { pid: child.pid, status: await child.status };
    })();
    assert.equal(status.code, 1);
    const lines = await poll("its launch and ending", () => {
      const lines = trace.lines.filter((line) => line.includes(` ${pid} `));
      return lines.length >= 2 ? lines : undefined;
    });
    assert.ok(trace.lines.length >= before + 2);
    const [launch, ending, ...more] = lines;
    assert.deepEqual(more, []);
    assert.match(launch!, new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +${pid} launch +(?:[a-z,]+ +)?/.*/${NAME}$`));
    assert.match(ending!, new RegExp(` ${pid} error +\\d.* (µs|ms|s) +\\d.* (µs|ms|s) +/.*/${NAME}$`));
    assert.ok(!trace.text.includes("\x1b"), "no colours in a pipe");
    assert.deepEqual(listeningSockets(trace.pid), [], "no HTTP");
    // The exporter has seen the same.
    const launched = trace.lines.filter((line) => / launch /.test(line)).length;
    const { text } = await exporter.get("/metrics");
    const counted = new RegExp(`^cnproc_tree_launches_total\\{tree="[^"]*/${NAME}"\\} (\\d+)$`, "m").exec(text);
    assert.ok(Number(counted?.[1]) >= launched, `${counted?.[1]} counted, ${launched} traced`);
    assert.equal(await trace.stop("SIGINT"), 0);
    assert.equal(trace.errors, "");
  });
});

Deno.test({ name: "e2e: trace --output=json --only=endings, until SIGTERM", ignore }, async () => {
  await withProgram(0, async (program) => {
    await using trace = new Trace(["--output=json", "--only=endings", `--filter=${NAME}$`]);
    await launchUntilSeen(program, () => trace.lines.length >= 1);
    assert.equal(await trace.stop("SIGTERM"), 0);
    for (const line of trace.lines) {
      const event = JSON.parse(line);
      assert.deepEqual([event.type, event.outcome], ["ending", "success"]);
      assert.ok(event.seconds > 0 && event.seconds < 5 && event.tree.endsWith(`/${NAME}`), line);
      assert.ok(Math.abs(event.time - Date.now() / 1000) < 60, line);
      assert.ok(event.cpu_seconds > 0 && event.cpu_seconds < 5, line);
    }
  });
});

Deno.test({ name: "e2e: trace | head ends quietly, with status 0", ignore }, async () => {
  const script = `( for i in $(seq 600); do /bin/true; sleep 0.1; [ -e "$1" ] && exit; done ) & ` +
    `"$0" trace --only=launches | head -n 1; echo "status \${PIPESTATUS[0]}"; touch "$1"; wait`;
  const done = await Deno.makeTempDir({ prefix: "trace-" });
  try {
    const { stdout, stderr } = await new Deno.Command("bash", { args: ["-c", script, BINARY, `${done}/done`] })
      .output();
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(lines[0]!, / launch +(?:[a-z,]+ +)?\//);
    assert.equal(lines[1], "status 0");
    assert.equal(new TextDecoder().decode(stderr), "");
  } finally {
    await Deno.remove(done, { recursive: true });
  }
});

Deno.test({ name: "e2e: trace has colours on a terminal, and none with NO_COLOR", ignore }, async () => {
  for (const [environment, hasColours] of [["env -u NO_COLOR", true], ["env NO_COLOR=1", false]] as const) {
    const command = `${environment} timeout -s INT 4 ${BINARY} trace --only=launches`;
    const child = new Deno.Command("script", { args: ["-qec", command, "/dev/null"], stdout: "piped", stderr: "null" });
    const output = child.output();
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        await new Deno.Command("/bin/true").output();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const text = new TextDecoder().decode((await output.finally(() => isOver = true)).stdout);
    await load;
    assert.match(text, /^TIME +PID +OUTCOME/m);
    assert.match(text, /launch /);
    assert.equal(text.includes("\x1b[32mlaunch"), hasColours);
    assert.equal(text.includes("\x1b"), hasColours);
  }
});

Deno.test({ name: "e2e: what trace can't follow is one line", ignore }, async () => {
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(BINARY, { args: ["trace", ...args] }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
    return { code, text: decode(stdout), errors: decode(stderr).split("\n") };
  };
  for (const args of [["--filter=("], ["--output=xml"], ["--only=exits"], ["more"]]) {
    const { code, text, errors } = await run(...args);
    assert.deepEqual([code, text, errors.length], [2, "", 1], errors.join("\n"));
  }
  const { code, text } = await run("--help");
  assert.equal(code, 0);
  assert.match(text, /--filter=REGEX/);
  const { code: failed, stderr } = await new Deno.Command("unshare", {
    args: ["--net", BINARY, "trace", "--source=connector"],
  }).output();
  assert.equal(failed, 1);
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  assert.equal(lines.length, 1, lines.join("\n"));
  assert.match(lines[0]!, /level=error .*Cannot use the proc connector/);
  assert.deepEqual(traces(lines), []);
});

Deno.test({ name: "e2e: trace --url --joined of a running exporter, without rights, for a time", ignore }, async () => {
  await withProgram(1, async (program) => {
    await using exporter = await Exporter.start({ command: [BINARY] });
    const flags = [`--url=${exporter.url}`, "--joined", `--filter=${NAME}$`, "--exclude=nothing", "--for=60s"];
    await using trace = new Trace(flags, { uid: 65_534, gid: 65_534 });
    await launchUntilSeen(program, () => trace.lines.length >= 2);
    for (const line of trace.lines) assert.match(line, new RegExp(` error +\\d.* (µs|ms|s) .*/${NAME}$`));
    assert.equal(await trace.stop("SIGTERM"), 0);
    assert.equal(trace.errors, "");
    await using short = new Trace(["--for=1s", `--url=${exporter.url}`, "--filter=^$"]);
    assert.equal((await short.ended()).code, 0);
  });
});
