/**
 * Texts: bytes, quoting, logs, and the values that people write.
 *
 * @module
 */
export { Bytes, encode, NUMBER_BYTES, numberText, varintBytes } from "./bytes.ts";
export { createLogger, LOG_FORMATS, LOG_LEVELS, type LogFormat, type Logger, type LogLevel } from "./log.ts";
export { ConfigError } from "./config_error.ts";
export { escapeLabelValue, jsonText, printable, quote, readable } from "./quoting.ts";
export { LABEL_RULES } from "./label_rules.ts";
export { type Address, addressText, parseAddress } from "./addresses.ts";
export { closest, parseCount, parseDuration, parseSize } from "./values.ts";
