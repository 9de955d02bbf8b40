/**
 * The files that people write settings in.
 *
 * @module
 */
export { parseSettings, readSettingsFile, type Settings } from "./yaml_settings.ts";
export { readRules } from "./rules.ts";
export { ConfigError, readYaml, type YamlValue } from "./yaml_reader.ts";
