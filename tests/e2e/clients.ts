/**
 * HTTP as no library speaks it, for the tests of bad clients.
 *
 * @module
 */

const ENCODER = new TextEncoder();

/** Bytes of a text whose characters are all below 256. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** Sends bytes on a connection of its own, and gives what comes back until the other side closes or `patienceMs` are over. */
export async function ask(port: number, request: string, patienceMs = 5000): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let answer = "";
  const sent = (async () => {
    const bytes = latin1(request);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  })().catch(() => {}); // the other side may have seen enough
  const read = (async () => {
    const buffer = new Uint8Array(65_536), decoder = new TextDecoder();
    for (let length; (length = await connection.read(buffer)) !== null;) {
      answer += decoder.decode(buffer.subarray(0, length), { stream: true });
    }
  })().catch(() => {});
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, patienceMs);
  await Promise.race([Promise.all([sent, read]), timer.promise]);
  clearTimeout(timeout);
  return answer;
}

/** Clients that never finish their request: a line of a header every second. */
export class SlowClients implements Disposable {
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #timer: number;

  private constructor() {
    this.#timer = setInterval(() => {
      for (const connection of this.#connections) connection.write(ENCODER.encode("X: y\r\n")).catch(() => {});
    }, 1000);
  }

  /** Connects `count` of them. */
  static async connect(port: number, count: number): Promise<SlowClients> {
    const clients = new SlowClients();
    for (let i = 0; i < count; i++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      clients.#connections.add(connection);
      await connection.write(ENCODER.encode("GET /metrics HTTP/1.1\r\nHost: localhost\r\n")).catch(() => {});
      clients.#follow(connection);
    }
    return clients;
  }

  /** Those whose connection stands. */
  get connected(): number {
    return this.#connections.size;
  }

  async #follow(connection: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(1024);
    try {
      while (await connection.read(buffer) !== null);
    } catch {
      // Cut off.
    }
    if (this.#connections.delete(connection)) connection.close();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }
}
