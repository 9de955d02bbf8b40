/**
 * The configuration file, and what a file of this kind is read with.
 *
 * @module
 */
export { readRules } from "./rules.ts";
export { ConfigError, readYaml, type YamlValue } from "./yaml_reader.ts";
