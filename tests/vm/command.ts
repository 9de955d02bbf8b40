/**
 * Running commands of the machine that the guests run on.
 *
 * @module
 */

const TEXT = new TextDecoder();

/** Runs a command to its end and gives what it printed. Throws where it fails, with what it said. */
export async function run(command: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const [name, ...args] = command;
  const { success, code, stdout, stderr } = await new Deno.Command(name!, {
    args,
    stdin: "null",
    env: { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive", ...env },
  }).output();
  const out = TEXT.decode(stdout);
  if (!success) {
    throw new Error(`Cannot run ${command.join(" ")}: status ${code}, ${TEXT.decode(stderr).trim() || out.trim()}`);
  }
  return out;
}

/** Whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
