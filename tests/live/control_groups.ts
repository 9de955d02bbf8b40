/**
 * Control groups of version 2 for a test to put processes into.
 *
 * @module
 */

import { skipUnless } from "../require.ts";
import { poll } from "./exporter.ts";

/** A hierarchy of version 2 of the test's own sight, with a slice in it; taken away again, whatever happened. */
export class Groups implements AsyncDisposable {
  readonly #made: string[] = [];
  #isMounted = false;

  private constructor(readonly folder: string) {}

  static async create(): Promise<Groups> {
    const groups = new Groups(await Deno.makeTempDir({ dir: "/tmp", prefix: "cgroups-" }));
    groups.#isMounted = await succeeds("mount", "-t", "cgroup2", "none", groups.folder);
    if (groups.#isMounted) return groups;
    await groups[Symbol.asyncDispose]();
    throw new Error("Cannot mount cgroup2");
  }

  /** Makes a group and those above it; gives the file that takes processes in. */
  async make(path: string): Promise<string> {
    let at = this.folder;
    for (const name of path.split("/")) {
      at += `/${name}`;
      if (this.#made.includes(at)) continue;
      await Deno.mkdir(at);
      this.#made.push(at);
    }
    return `${at}/cgroup.procs`;
  }

  /** Removes a group, once it is empty. */
  async remove(path: string): Promise<void> {
    const at = `${this.folder}/${path}`;
    await poll(`${at} empty`, () => Deno.remove(at).then(() => true, () => undefined));
    this.#made.splice(this.#made.indexOf(at), 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // A group is empty some moments after its last process was waited for.
      for (const path of this.#made.reverse()) {
        await poll(`${path} empty`, () => Deno.remove(path).then(() => true, () => undefined));
      }
    } finally {
      if (this.#isMounted) await succeeds("umount", "-l", this.folder);
      await Deno.remove(this.folder);
    }
  }
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
}

/** Whether units are told by the hierarchy of version 2 here, in which the test makes groups. */
export function requireVersion2(): boolean {
  const lines = Deno.readTextFileSync("/proc/self/cgroup").trim().split("\n");
  const isHere = lines.some((line) => line.startsWith("0::"));
  const isElsewhere = lines.some((line) => /:name=systemd:\/./.test(line));
  return skipUnless(isHere && !isElsewhere, "needs cgroup version 2, and no service manager's own of version 1");
}
