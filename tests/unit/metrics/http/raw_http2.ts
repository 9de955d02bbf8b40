/** A client of HTTP/2 without TLS that asks and never reads: RFC 9113, with the header fields of RFC 7541 as literals. */

const ENCODER = new TextEncoder();
const PREFACE = ENCODER.encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const FRAME = { headers: 1, settings: 4 } as const;
/** END_STREAM and END_HEADERS: a whole request. */
const WHOLE = 0x5;
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

/** Asks for each path on one connection, whose window is 0: no byte of a body is taken. */
export async function askAndNeverRead(port: number, paths: readonly string[]): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const requests = paths.map((path, i) => {
    const fields = [[":method", "GET"], [":scheme", "http"], [":path", path], [":authority", `127.0.0.1:${port}`]];
    return frame(FRAME.headers, WHOLE, 2 * i + 1, fields.flatMap(([name, value]) => field(name!, value!)));
  });
  const settings = frame(FRAME.settings, 0, 0, [0, INITIAL_WINDOW_SIZE, 0, 0, 0, 0]);
  const writer = connection.writable.getWriter();
  await writer.write(Uint8Array.from([...PREFACE, ...settings, ...requests.flat()]));
  writer.releaseLock();
  return connection;
}
