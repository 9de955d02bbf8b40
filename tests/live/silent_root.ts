/**
 * Processes whose root lies in a file system that has gone silent (silent_fuse.c).
 *
 * @module
 */
import assert from "node:assert/strict";
import { poll } from "./exporter.ts";

/** Builds a program of this folder, static, so that it runs in any root. */
export function buildStatic(source: string, into: string): void {
  const args = ["-O1", "-static", "-Wall", "-Werror", "-o", into, `${import.meta.dirname}/${source}`];
  const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** The file system and the processes in it. They end with it, and whatever waits for it gets an error. */
export class SilentRoot implements AsyncDisposable {
  readonly #folder: string;
  readonly #server: Deno.ChildProcess;
  #hasEnded = false;

  private constructor(folder: string, server: Deno.ChildProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  /**
   * Starts `count` processes that all have the file system as their root (`one`), or each a folder of it (`many`); or those of a
   * `user` whose file system is closed to all others.
   */
  static async start(mode: "one" | "many" | "user", count: number): Promise<SilentRoot> {
    const folder = await Deno.makeTempDir({ prefix: "cnproc-silent-" }), program = `${folder}/silent_fuse`;
    buildStatic("silent_fuse.c", program);
    await Deno.mkdir(`${folder}/root`);
    await Deno.chmod(folder, 0o755);
    const args = [`${folder}/root`, mode, String(count)];
    const server = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
    const root = new SilentRoot(folder, server);
    try {
      let text = "";
      for await (const piece of server.stdout.pipeThrough(new TextDecoderStream())) {
        text += piece;
        if (text.endsWith("silent\n")) break;
      }
      assert.equal(text.split("\n").length, count + 2, text);
      return root;
    } catch (error) {
      await root[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Ends everything, once: the kernel fails all requests when the server has gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    let hasEnded = false;
    const ended = this.#server.status.then(() => hasEnded = true);
    await this.#server.stdin.close().catch(() => {});
    await poll("the end of the file system", () => hasEnded, 5000).catch(() => this.#server.kill("SIGKILL"));
    await ended;
    await new Deno.Command("umount", { args: ["--lazy", `${this.#folder}/root`], stderr: "null" }).output();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
