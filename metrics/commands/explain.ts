/**
 * The command `explain`: programs and processes in, explanations of their labels out.
 *
 * @module
 */

import { explanationJson, explanationText } from "./explain_text.ts";
import { type UserNames, userNames } from "../registry/mod.ts";
import type { ExplainOptions } from "../command_line/mod.ts";
import {
  CommandLineError,
  type Explainer,
  type Explanation,
  parseCommandLine,
  type ProcessExplanation,
} from "../../fingerprint/mod.ts";
import { quote } from "../text/mod.ts";

/** Where programs come from and explanations go. */
export interface ExplainIo {
  readonly input: ReadableStream<Uint8Array>;
  readonly output: WritableStream<Uint8Array>;
  /** The working folder, in which a command line would be executed. */
  readonly folder: () => string;
  /** Takes one line about what can't be explained. */
  readonly complain: (message: string) => void;
  /** Names of users; those of this machine unless given. */
  readonly users?: UserNames;
}

export interface ExplainArguments {
  readonly operands: readonly string[];
  /** A command line of its own. */
  readonly argv?: readonly string[];
}

/** Standard input: programs, a line each. */
const STANDARD_INPUT = "-";
/** Begins a line that is a command line, and no path. */
const JSON_SIGN = "{";
/** Characters that are gathered before they are written. */
const BATCH = 65_536;
/** Characters of a line that are looked at: no path is longer than 4096 bytes (PATH_MAX), so it isn't one. */
const MAX_LINE = 65_536;
/** The same of a line of JSON: a command line has 6 MiB at most (execve(2)), of which JSON may write a byte as six. */
const MAX_JSON = 6 * 6 * 1_048_576;

/**
 * Explains each operand: a program, a number as the id of a process, `-` as the programs and command lines on standard input; and
 * then the command line. Returns the exit status: 1 when there was no such process, or a line that can't be read. It ends early, and
 * well, when nobody reads the output any more.
 */
export async function explain(
  explainer: Explainer,
  { output }: Pick<ExplainOptions, "output">,
  { operands, argv }: ExplainArguments,
  io: ExplainIo,
): Promise<number> {
  const writer = io.output.getWriter();
  const encoder = new TextEncoder();
  const users = io.users ?? userNames();
  const print = (explained: Explanation | ProcessExplanation) =>
    output === "json" ? explanationJson(explained, users) : `${explanationText(explained, users)}\n`;
  let status = 0;
  let batch = "";
  const complain = (what: string, why: string) => {
    io.complain(`Cannot explain ${what}: ${why}`);
    status = 1;
  };
  const flush = async () => {
    await writer.write(encoder.encode(batch));
    batch = "";
  };
  try {
    for (const operand of operands) {
      if (operand === STANDARD_INPUT) {
        for await (const { text, number } of lines(io.input)) {
          try {
            batch += print(
              text.startsWith(JSON_SIGN) ? explainer.seen(parseCommandLine(text)) : explainer.program(text),
            );
          } catch (error) {
            if (!(error instanceof CommandLineError)) throw error;
            complain(`line ${number} of standard input`, error.message);
          }
          if (batch.length > BATCH) await flush();
        }
        continue;
      }
      const explained = /^\d{1,10}$/.test(operand)
        ? await explainer.process(Number(operand))
        : await explainer.command(operand);
      if (explained === undefined) {
        complain(quote(operand), `there is no process with this id; a program of this name is ./${operand}`);
      } else {
        batch += print(explained);
      }
    }
    if (argv !== undefined) batch += print(await explainer.commandLine(argv, io.folder()));
    await flush();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  return status;
}

/** The lines that aren't empty, without their ends; what is longer than a path or a command line can be is cut. */
async function* lines(input: ReadableStream<Uint8Array>): AsyncGenerator<{ text: string; number: number }> {
  let rest = "", number = 1;
  // Bytes that are no UTF-8 become U+FFFD, as in the paths of processes.
  for await (const text of input.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    const parts = text.split("\n");
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!, most = (rest || part).startsWith(JSON_SIGN) ? MAX_JSON : MAX_LINE;
      if (rest.length < most) rest += part.slice(0, most);
      if (i === parts.length - 1) break;
      if (rest !== "") yield { text: rest, number };
      rest = "";
      number++;
    }
  }
  if (rest !== "") yield { text: rest, number };
}
