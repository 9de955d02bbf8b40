/**
 * What README and the pictures show: a web server whose scripts launch programs, one of them with a made-up name.
 *
 * @module
 */

import { poll } from "../live/exporter.ts";

/** Where the program with the made-up name is put. Letters like these are known as such in every language. */
const DROPPED = "/tmp/ZW50cm9weQo";

/** Scripts by their names; what `pay.sh` is asked for with (`?1`) is how long the dropped program runs, in seconds. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "basket.sh": "cgi-bin/stock.sh",
  "invoice.sh": "seq 200000 | sha256sum",
  "order.sh": "date",
  "pay.sh": `if [ -n "$QUERY_STRING" ]; then
  rm -f ${DROPPED}; cp /bin/sleep ${DROPPED}
  ${DROPPED} "$QUERY_STRING" > /dev/null 2>&1 &
fi
id -un`,
  "search.sh": "sleep 0.2",
  // Fails where it is asked for what there is none of.
  "stock.sh": '[ -z "$QUERY_STRING" ]',
};

/** What the web server runs on an ordinary day. */
export const ORDINARY_SCRIPTS: readonly string[] = Object.keys(SCRIPTS).filter((name) => name !== "stock.sh");

/** The web server, in a session of its own and adopted by the first process, as a daemon is. Use it with `await using`. */
export class Shop implements AsyncDisposable {
  readonly #url: string;
  readonly #pidFile: string;

  private constructor(url: string, pidFile: string) {
    this.#url = url;
    this.#pidFile = pidFile;
  }

  /** Puts the scripts into a folder that nobody, who runs them, may read, and starts; nobody may answer yet. */
  static async start(folder: string): Promise<Shop> {
    await Deno.mkdir(`${folder}/cgi-bin`, { recursive: true });
    for (const [name, script] of Object.entries(SCRIPTS)) {
      const path = `${folder}/cgi-bin/${name}`;
      await Deno.writeTextFile(path, `#!/bin/sh\necho "Content-Type: text/plain"\necho\n${script}\n`);
      await Deno.chmod(path, 0o755);
    }
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const server = `echo $$ > pid; exec python3 -m http.server --cgi --bind 127.0.0.1 ${port}`;
    await new Deno.Command("setsid", {
      args: ["--fork", "sh", "-c", server],
      cwd: folder,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    await poll(
      "the web server's process",
      () => Deno.stat(`${folder}/pid`).then(({ size }) => size > 0, () => false),
      60_000,
    );
    return new Shop(`http://127.0.0.1:${port}/cgi-bin`, `${folder}/pid`);
  }

  /** Has a script run; what it answers, undefined as long as nobody does. */
  async ask(script: string): Promise<string | undefined> {
    const answer = await fetch(`${this.#url}/${script}`).catch(() => undefined);
    return await answer?.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = Number(await Deno.readTextFile(this.#pidFile).catch(() => ""));
    if (pid > 1) Deno.kill(pid, "SIGKILL");
    await Deno.remove(DROPPED).catch(() => {});
  }
}
