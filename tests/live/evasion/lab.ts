/**
 * Where techniques and ordinary work are tried: a folder with the payload in its forms, and marker scripts. Scripts find in
 * the environment: `LAB`, the folder with payload and tricks; `PAYLOAD`, the program among them; `PIDS`, the file that
 * descriptor 9 writes to; `SHM`, a folder in memory; `LINK`, a name in /tmp; `LOADER`, the dynamic loader.
 *
 * @module
 */

import assert from "node:assert/strict";
import { findTool } from "../../require.ts";
import { poll } from "../exporter.ts";
import type { Technique, Trial } from "./technique.ts";

/** Two ordinary users without names: one who tries, one whose rights a file gives. */
const USER = 41_357, OTHER_USER = 41_358;

/** A number of this process in words: digits might be taken for a machine-made name. */
const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const OWN_NAME = [...String(Deno.pid)].map((digit) => WORDS[Number(digit)]).join("-");

/** The payload in each language: says its process id on descriptor 9, lives for 50 ms. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "payload.sh": "#!/bin/bash\necho $$ >&9\nsleep 0.05\n",
  "payload.py": "import os, time\nos.write(9, b'%d\\n' % os.getpid())\ntime.sleep(0.05)\n",
  "payload.pl": "open(my $out, '>&=', 9); syswrite($out, qq($$\\n)); select(undef, undef, undef, 0.05);\n",
  "payload.js": "require('fs').writeSync(9, process.pid + '\\n'); setTimeout(() => {}, 50)\n",
  "Payload.java":
    `class Payload { public static void main(String[] a) throws Exception { try (var out = new java.io.FileOutputStream("/proc/self/fd/9", true)) ` +
    `{ out.write((ProcessHandle.current().pid() + "\\n").getBytes()); } Thread.sleep(50); } }\n`,
};

/** No trial takes longer; one that does is ended, and has failed. */
const BOUND_SECONDS = 60;

/** What a script does to a program that waits, such as to delete it, it has done by then. */
const SETTLE_MS = 300;

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "piped" })
    .output();
  assert.ok(success, `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A technique that was started and waits. */
export interface Standing {
  readonly technique: Technique;
  readonly end: () => Promise<void>;
}

/** The folder. Use it with `await using`. */
export class Lab implements AsyncDisposable {
  readonly folder = `/tmp/cnproc-evasion-${OWN_NAME}`;
  /** A folder in memory, and a link in /tmp, that some techniques make. */
  readonly #shm = `/dev/shm/cnproc-evasion-${OWN_NAME}`;
  readonly #link = `/tmp/cnproc-evasion-link-${OWN_NAME}`;

  private constructor(readonly loader: string) {}

  /** Builds the payload and the tricks; needs a C compiler. */
  static async build(): Promise<Lab> {
    const source = import.meta.dirname!;
    const lab = new Lab(await findLoader());
    try {
      await Deno.mkdir(lab.path("setuid"), { recursive: true });
      await Promise.all([
        run("cc", "-O1", "-static", "-o", lab.path("payload"), `${source}/payload.c`),
        run("cc", "-O1", "-static", "-DSHORT", "-o", lab.path("payload-short"), `${source}/payload.c`),
        run("cc", "-O1", "-o", lab.path("payload-dynamic"), `${source}/payload.c`),
        run("cc", "-O1", "-shared", "-fPIC", "-DLIBRARY", "-o", lab.path("payload.so"), `${source}/payload.c`),
        run("cc", "-O1", "-static", "-pthread", "-o", lab.path("tricks"), `${source}/tricks.c`),
      ]);
      for (const [name, text] of Object.entries(SCRIPTS)) {
        await Deno.writeTextFile(lab.path(name), text, { mode: 0o755 });
      }
      for (const [from, to] of [[lab.path("payload"), "own"], ["/bin/bash", "sh"]] as const) {
        await Deno.copyFile(from, lab.path(`setuid/${to}`));
        await Deno.chown(lab.path(`setuid/${to}`), OTHER_USER, OTHER_USER);
        await Deno.chmod(lab.path(`setuid/${to}`), 0o4755);
      }
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  path(name: string): string {
    return `${this.folder}/lab/${name}`;
  }

  /** Whether the machine has what a trial needs. */
  hasTools({ needs = [] }: Trial): boolean {
    return needs.every((tool) => tool.startsWith("/") ? exists(tool) : findTool(tool) !== undefined);
  }

  /** Name of the marker script, an element of the trees of all its launches. */
  marker({ id }: Trial): string {
    return `try-${id}.sh`;
  }

  #pidsFile({ id }: Trial): string {
    return `${this.folder}/${id}.pids`;
  }

  /** Processes that said that they were what hides. */
  async pids(technique: Technique): Promise<number[]> {
    return (await Deno.readTextFile(this.#pidsFile(technique))).split("\n").filter(Boolean).map(Number);
  }

  /** The same, and forgets them. */
  async takePids(technique: Technique): Promise<number[]> {
    const pids = await this.pids(technique);
    await Deno.truncate(this.#pidsFile(technique));
    return pids;
  }

  /** Starts the marker script of a trial in a folder of its own. */
  async #spawn(trial: Trial, stdin: "null" | "piped"): Promise<Deno.ChildProcess> {
    const { id, script, asUser } = trial;
    const folder = `${this.folder}/${id}`, marker = `${this.folder}/${this.marker(trial)}`;
    const pids = this.#pidsFile(trial), shm = `${this.#shm}/${id}`;
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder);
    await Deno.writeTextFile(pids, "", { append: true });
    await Deno.chmod(pids, 0o666);
    if (asUser) await Deno.chown(folder, USER, USER);
    const lines = ["#!/bin/sh", `exec 9>>'${pids}'`, `cd '${folder}'`, script];
    await Deno.writeTextFile(marker, lines.join("\n") + "\n", { mode: 0o755 });
    const user = asUser ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups"] : [];
    const bound = stdin === "null" ? ["timeout", "--kill-after=5", String(BOUND_SECONDS)] : [];
    const [command, ...args] = [...bound, ...user, "/bin/sh", marker];
    return new Deno.Command(command!, {
      args,
      stdin,
      stdout: "null",
      stderr: "piped",
      env: {
        LAB: `${this.folder}/lab`,
        PAYLOAD: this.path("payload"),
        PIDS: pids,
        SHM: shm,
        LOADER: this.loader,
        LINK: this.#link,
      },
    }).spawn();
  }

  /** Runs a trial to its end; gives what it complained about. */
  async run(trial: Trial): Promise<string> {
    const child = await this.#spawn(trial, "null");
    const { code, stderr } = await child.output();
    return (code === 0 ? "" : `status ${code}: `) + new TextDecoder().decode(stderr).trim();
  }

  /** Starts a technique that waits, and waits until it does. */
  async stand(technique: Technique): Promise<Standing> {
    const child = await this.#spawn(technique, "piped");
    const end = async () => {
      await child.stdin.close().catch(() => {});
      await child.stderr.cancel().catch(() => {});
      await child.status;
    };
    try {
      await poll(`${technique.id} waiting`, async () => (await this.pids(technique)).length > 0);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      return { technique, end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const path of [this.folder, this.#shm, this.#link]) {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    }
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The dynamic loader: what the shell names as its interpreter. */
async function findLoader(): Promise<string> {
  const { stdout } = await new Deno.Command("ldd", { args: ["/bin/sh"] }).output();
  return /^\s*(\/\S*ld-\S+)/m.exec(new TextDecoder().decode(stdout))?.[1] ?? "/lib64/ld-linux-x86-64.so.2";
}
