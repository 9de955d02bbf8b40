/**
 * The example machine: Debian under its own systemd, in namespaces of this machine's kernel, where the exporter sees each launch.
 *
 * It has an own network with nothing but loopback, and an own branch of the control groups. Whoever ends it, or dies, ends all
 * of it: its init dies with the process that started it, and everything in its namespaces with the init.
 *
 * @module
 */

import { poll } from "../live/exporter.ts";
import { run } from "../vm/command.ts";

/** How long it may take to boot, to do a piece of work and to end, on a busy machine. */
const WAIT_MS = 300_000;
/** The prompt of Debian's bash, at the end of what a terminal shows. */
const PROMPT = /@example:\S*[$#] $/;
const LONGEST_PROMPT = 128;
const FOLDER = import.meta.dirname;

/** Where the second hierarchy of control groups is mounted: the only one, or the one beside those of version 1. */
async function cgroupRoot(): Promise<string> {
  const mounts = await Deno.readTextFile("/proc/self/mounts");
  const path = /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1];
  if (path === undefined) throw new Error("Cannot boot the example machine: no cgroup2 file system is mounted");
  return path;
}

/** The only child of a process; undefined where it has none yet. */
async function childOf(pid: number): Promise<number | undefined> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  return text === "" ? undefined : parseInt(text);
}

/** A machine that runs. Use it with `await using`. */
export class Machine implements AsyncDisposable {
  readonly #unshare: Deno.ChildProcess;
  readonly #cgroup: string;
  /** The init, as this machine knows it; 0 until it is there. */
  #init = 0;

  private constructor(readonly root: string, cgroup: string) {
    this.#cgroup = cgroup;
    const namespaces = ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net"];
    const enter = ["unshare", "--fork", "--kill-child", "--propagation=private", ...namespaces];
    this.#unshare = new Deno.Command("setpriv", {
      args: [
        ...["--pdeathsig", "KILL", "sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', cgroup],
        ...[...enter, `${FOLDER}/enter.sh`, root],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  }

  /** Makes a folder the root of a machine that waits to {@link boot}. */
  static async prepare(root: string): Promise<Machine> {
    const cgroup = `${await cgroupRoot()}/cnproc-example-${Deno.pid}`;
    await Deno.mkdir(cgroup);
    const machine = new Machine(root, cgroup);
    try {
      await poll("the machine's namespaces", async () => {
        machine.#init = await childOf(machine.#unshare.pid) ?? 0;
        const title = await Deno.readTextFile(`/proc/${machine.#init}/cmdline`).catch(() => "");
        return title.includes("/run/example-machine.sh");
      }, WAIT_MS);
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Lets it boot, and waits until it has: all units of its default target have started, or failed. */
  async boot(): Promise<void> {
    await Deno.writeTextFile(`/proc/${this.#init}/root/run/boot`, "\n", { create: false });
    await poll("the end of the boot", async () => {
      // Its status tells of anything but the first of these two.
      const state = await this.run("systemctl is-system-running 2>&1 || true");
      return state === "running" || state === "degraded";
    }, WAIT_MS);
  }

  /** Runs a command of the shell in it, as root. It is no part of the machine's trees: this process launches it. */
  async run(command: string): Promise<string> {
    const target = ["-t", String(this.#init), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
    return (await run(["nsenter", ...target, "/bin/sh", "-c", command])).trim();
  }

  /**
   * Runs a client of ssh or scp on its loopback. Lines are typed one at a time, when a shell asks for them by its prompt: `sudo`
   * takes what is typed ahead. Its status counts for nothing: a login may be refused.
   */
  async client(args: readonly string[], lines: readonly string[] = []): Promise<void> {
    const child = new Deno.Command("nsenter", {
      args: ["-t", String(this.#init), "--net", ...args],
      env: { TERM: "dumb" }, // nothing is shown after the prompt then
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const writer = child.stdin.getWriter(), encoder = new TextEncoder(), left = [...lines];
    let shown = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      shown = (shown + text).slice(-LONGEST_PROMPT);
      if (!PROMPT.test(shown) || left.length === 0) continue;
      shown = "";
      await writer.write(encoder.encode(`${left.shift()}\r`)).catch(() => {});
    }
    await writer.close().catch(() => {});
    await child.status;
    if (left.length > 0) throw new Error(`Cannot type ${left[0]}: ${args.at(-1)} has left`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#unshare.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#unshare.status;
    await poll("an empty control group", async () => {
      const events = await Deno.readTextFile(`${this.#cgroup}/cgroup.events`);
      return events.includes("populated 0");
    }, WAIT_MS);
    await run(["find", this.#cgroup, "-depth", "-type", "d", "-delete"]);
  }
}
