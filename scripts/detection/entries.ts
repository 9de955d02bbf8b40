/**
 * By what programs work and intruders come in: the daemons of a machine, and what each launches before anything of its own runs.
 *
 * @module
 */

import type { Host } from "./host.ts";

export const ENTRIES = ["sshd", "cron", "apache2", "runner"] as const;
export type Entry = (typeof ENTRIES)[number];

/** A program with its arguments. */
type Program = readonly [exe: string, ...argv: string[]];

interface Way {
  readonly daemon: Program;
  /** Launched one below the other; a shell is last. */
  readonly steps: readonly Program[];
}

const WAYS: Readonly<Record<Entry, Way>> = {
  // A login shell, as OpenSSH 9 on Debian starts it.
  sshd: {
    daemon: ["/usr/sbin/sshd", "sshd", "-D"],
    steps: [["/usr/sbin/sshd", "sshd", "-D", "-R"], ["/usr/bin/bash", "-bash"]],
  },
  // A job that is a script in its own folder.
  cron: {
    daemon: ["/usr/sbin/cron", "cron", "-f"],
    steps: [["/usr/bin/dash", "/bin/sh", "-c", "x"], ["/usr/bin/dash", "/bin/sh", "/etc/update-cache/run.sh"]],
  },
  // A shell of a program that answers requests.
  apache2: {
    daemon: ["/usr/sbin/apache2", "apache2", "-DFOREGROUND"],
    steps: [["/usr/bin/dash", "sh", "-c", "x"]],
  },
  // A step of a job, as GitHub's runner has it run.
  runner: {
    daemon: ["/opt/actions-runner/bin/Runner.Listener"],
    steps: [["/opt/actions-runner/bin/Runner.Worker"], ["/usr/bin/bash", "bash", "-e", "x"]],
  },
};

/** The daemons of a machine, that run. */
export class Daemons {
  readonly #pids: ReadonlyMap<Entry, number>;

  constructor(readonly host: Host, entries: Iterable<Entry>) {
    this.#pids = new Map([...entries].map((entry) => [entry, this.#start(1, WAYS[entry].daemon)]));
  }

  /** Its process. */
  pid(entry: Entry): number {
    return this.#pids.get(entry)!;
  }

  has(entry: Entry): boolean {
    return this.#pids.has(entry);
  }

  /** Comes in, has `work` done below the shell that it comes to, and goes; `entered` is called in between. */
  enter(entry: Entry, work: (shell: number) => void, entered: () => void = () => {}): void {
    const pids: number[] = [];
    for (const step of WAYS[entry].steps) pids.push(this.#start(pids.at(-1) ?? this.pid(entry), step));
    entered();
    work(pids.at(-1)!);
    for (const pid of pids.reverse()) this.host.end(pid);
  }

  #start(parent: number, [exe, ...argv]: Program): number {
    return this.host.start(parent, exe, argv.length === 0 ? undefined : argv);
  }
}
