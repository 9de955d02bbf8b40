/**
 * The command `explain`: programs and processes in, explanations of their labels out.
 *
 * @module
 */

import { explanationJson, explanationText } from "./explain_text.ts";
import type { ExplainOptions } from "../command_line/mod.ts";
import type { Explainer, Explanation, ProcessExplanation } from "../../fingerprint/mod.ts";
import { quote } from "../text/mod.ts";

/** Where programs come from and explanations go. */
export interface ExplainIo {
  readonly input: ReadableStream<Uint8Array>;
  readonly output: WritableStream<Uint8Array>;
  /** Takes one line about what can't be explained. */
  readonly complain: (message: string) => void;
}

/** Standard input: programs, a line each. */
const STANDARD_INPUT = "-";
/** Characters that are gathered before they are written. */
const BATCH = 65_536;
/** Characters of a line that are looked at: no path is longer than 4096 bytes (PATH_MAX), so it isn't one. */
const MAX_LINE = 65_536;

/**
 * Explains each operand: a program, a number as the id of a process, `-` as the programs on standard input, for which no file is
 * looked at. Returns the exit status: 1 when there was no such process. It ends early, and well, when nobody reads the output any more.
 */
export async function explain(
  explainer: Explainer,
  { output }: Pick<ExplainOptions, "output">,
  operands: readonly string[],
  io: ExplainIo,
): Promise<number> {
  const writer = io.output.getWriter();
  const encoder = new TextEncoder();
  const print = output === "json"
    ? explanationJson
    : (explained: Explanation | ProcessExplanation) => `${explanationText(explained)}\n`;
  let status = 0;
  let batch = "";
  const flush = async () => {
    await writer.write(encoder.encode(batch));
    batch = "";
  };
  try {
    for (const operand of operands) {
      if (operand === STANDARD_INPUT) {
        for await (const program of lines(io.input)) {
          batch += print(explainer.program(program));
          if (batch.length > BATCH) await flush();
        }
        continue;
      }
      const explained = /^\d{1,10}$/.test(operand)
        ? await explainer.process(Number(operand))
        : await explainer.command(operand);
      if (explained === undefined) {
        io.complain(
          `Cannot explain ${quote(operand)}: there is no process with this id; a program of this name is ./${operand}`,
        );
        status = 1;
      } else {
        batch += print(explained);
      }
    }
    await flush();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  return status;
}

/** The lines that aren't empty, without their ends; what is longer than a path can be is cut. */
async function* lines(input: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  // Bytes that are no UTF-8 become U+FFFD, as in the paths of processes.
  for await (const text of input.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    const parts = text.split("\n");
    for (let i = 0; i < parts.length; i++) {
      if (rest.length < MAX_LINE) rest += parts[i]!.slice(0, MAX_LINE);
      if (i === parts.length - 1) break;
      if (rest !== "") yield rest;
      rest = "";
    }
  }
  if (rest !== "") yield rest;
}
