/**
 * Logs: one line per record on standard error, as logfmt or JSON, through LogTape.
 *
 * @module
 */

import { configureSync, getLogger, type LogLevel as TapeLevel, type LogRecord } from "@logtape/logtape";
import { quote } from "./quoting.ts";

/** The levels, the most urgent first; each includes those before it. */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How a line is written. */
export const LOG_FORMATS = ["logfmt", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Named values of a record. The names are the program's own; the values may come from anywhere. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the parts of the program log to. What a worker says is passed on with {@link Logger.log}. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** Whether a record of this level would be written: to spare the making of its fields. */
  enabled(level: LogLevel): boolean;
}

const TAPE_LEVELS: Readonly<Record<LogLevel, TapeLevel>> = {
  error: "error",
  warn: "warning",
  info: "info",
  debug: "debug",
  trace: "trace",
};

const CATEGORY = "cnproc";

/** A value of logfmt: bare where nothing in it could be misread, else quoted. */
function logfmtValue(value: unknown): string {
  const text = String(value);
  return /^[!#-<>-[\]-~]+$/.test(text) ? text : quote(text);
}

function levelName(level: TapeLevel): string {
  return level === "warning" ? "warn" : level;
}

function* fieldsOf({ properties }: LogRecord): Generator<[string, unknown]> {
  for (const field of Object.entries(properties)) if (field[1] !== undefined) yield field;
}

/** `ts=2026-01-02T03:04:05.678Z level=info msg="Listening" address=127.0.0.1:9501` and a line feed. */
function logfmtLine(record: LogRecord): string {
  const { timestamp, level, rawMessage } = record;
  let line = `ts=${new Date(timestamp).toISOString()} level=${levelName(level)} msg=${quote(String(rawMessage))}`;
  for (const [name, value] of fieldsOf(record)) line += ` ${name}=${logfmtValue(value)}`;
  return `${line}\n`;
}

/** The same as an object of JSON and a line feed. */
function jsonLine(record: LogRecord): string {
  const { timestamp, level, rawMessage } = record;
  const time = new Date(timestamp).toISOString();
  let line = `{"ts":"${time}","level":"${levelName(level)}","msg":${quote(String(rawMessage))}`;
  for (const [name, value] of fieldsOf(record)) {
    // JSON has no NaN and no infinity: they become texts.
    const plain = typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    line += `,${quote(name)}:${plain ? value : quote(String(value))}`;
  }
  return `${line}}\n`;
}

/** What a {@link Logger} is made of. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one line with its line feed. Standard error unless a test says otherwise. */
  readonly write?: (line: string) => void;
}

/** Writes to standard error. A log that can't be written (a closed pipe, a full disk) must not end what it tells about. */
function writeToStderr(line: string): void {
  const bytes = new TextEncoder().encode(line);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  } catch {
    // Nobody is left to be told.
  }
}

/**
 * Sets up the logs of this thread and gives the logger. A second call replaces the first one's settings: LogTape holds one
 * configuration per thread.
 */
export function createLogger({ level, format, write = writeToStderr }: LoggerOptions): Logger {
  const line = format === "json" ? jsonLine : logfmtLine;
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(line(record)) },
    loggers: [
      { category: CATEGORY, lowestLevel: TAPE_LEVELS[level], sinks: ["lines"] },
      // LogTape's own reports, such as a sink that failed.
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["lines"] },
    ],
  });
  const logger = getLogger(CATEGORY);
  return {
    log(level, message, fields = {}) {
      // `emit` takes the message as it is; the other methods would read `{…}` in it as a placeholder.
      logger.emit({
        level: TAPE_LEVELS[level],
        message: [message],
        rawMessage: message,
        timestamp: Date.now(),
        properties: { ...fields },
      });
    },
    enabled: (level) => logger.isEnabledFor(TAPE_LEVELS[level]),
  };
}
