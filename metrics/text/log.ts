/**
 * Logs: one line per record on standard error, as logfmt or JSON, through LogTape, which filters by level.
 *
 * The formatters are given to it: its own (2.4.2) have other names (`time`, `level=warning`, in JSON `@timestamp`, `message`),
 * a `logger` in each line, null for NaN, and leave characters as they are that make a text run backwards.
 *
 * @module
 */

import { configureSync, getLogger, type LogLevel as TapeLevel, type TextFormatter } from "@logtape/logtape";
import { jsonText, quote } from "./quoting.ts";

/** The levels, the most urgent first; each includes those before it. */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ["logfmt", "json", "journald"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Named values of a record. The names are the program's own; the values may come from anywhere. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the parts of the program log to. What a worker says is passed on with {@link Logger.log}. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** Whether a record of this level would be written: to spare the making of its fields. */
  enabled(level: LogLevel): boolean;
}

const CATEGORY = "cnproc";

/** The priorities of syslog(3) by which the journal sorts lines: sd-daemon(3). It takes them off the line. */
const PRIORITIES: Readonly<Record<TapeLevel, string>> = {
  fatal: "<2>",
  error: "<3>",
  warning: "<4>",
  info: "<6>",
  debug: "<7>",
  trace: "<7>",
};

/** A value of logfmt: bare where nothing in it could be misread, else quoted. */
function logfmtValue(value: unknown): string {
  const text = String(value);
  return /^[!#-<>-[\]-~]+$/.test(text) ? text : quote(text);
}

/** LogTape calls one of the levels otherwise. */
function tapeLevel(level: LogLevel): TapeLevel {
  return level === "warn" ? "warning" : level;
}

function levelName(level: TapeLevel): string {
  return level === "warning" ? "warn" : level;
}

/** `ts=2026-01-02T03:04:05.678Z level=info msg="Listening" address=127.0.0.1:9501` and a line feed. */
const logfmtLine: TextFormatter = ({ timestamp, level, rawMessage, properties }) => {
  let line = `ts=${new Date(timestamp).toISOString()} level=${levelName(level)} msg=${quote(String(rawMessage))}`;
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) line += ` ${name}=${logfmtValue(value)}`;
  }
  return `${line}\n`;
};

/** The same as an object of JSON and a line feed. JSON has no NaN and no infinity: they become texts. */
const jsonLine: TextFormatter = ({ timestamp, level, rawMessage, properties }) => {
  const fields = Object.entries(properties).map(([name, value]) => [
    name,
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  ]);
  const head = { ts: new Date(timestamp).toISOString(), level: levelName(level), msg: rawMessage };
  return `${jsonText({ ...head, ...Object.fromEntries(fields) })}\n`;
};

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Whether the lines go to systemd's journal: they get their priority in front, as with the format `journald`, which is logfmt. */
  readonly toJournal?: boolean;
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
export function createLogger({ level, format, toJournal = false, write = writeToStderr }: LoggerOptions): Logger {
  const plain = format === "json" ? jsonLine : logfmtLine;
  const line: TextFormatter = toJournal || format === "journald"
    ? (record) => PRIORITIES[record.level] + plain(record)
    : plain;
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(line(record)) },
    loggers: [
      { category: CATEGORY, lowestLevel: tapeLevel(level), sinks: ["lines"] },
      // LogTape's own reports, such as a sink that failed.
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["lines"] },
    ],
  });
  const logger = getLogger(CATEGORY);
  return {
    log(level, message, fields = {}) {
      // `emit` takes the message as it is; the other methods would read `{…}` in it as a placeholder.
      logger.emit({
        level: tapeLevel(level),
        message: [message],
        rawMessage: message,
        timestamp: Date.now(),
        properties: { ...fields },
      });
    },
    enabled: (level) => logger.isEnabledFor(tapeLevel(level)),
  };
}
