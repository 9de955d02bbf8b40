/**
 * The numbers of all trees, as of the last report.
 *
 * @module
 */
export {
  type ContainerJson,
  containerJson,
  type ContainerNaming,
  type ContextJson,
  type LaunchedBy,
  type NamedContainer,
  NO_UNIT,
  OTHER_UNIT,
  UNKNOWN_UNIT,
} from "./contexts.ts";
export { type LaunchPlace, UNKNOWN_PLACE } from "./launch_places.ts";
export { lostIn, Registry } from "./registry.ts";
export { RunTimeHistogram } from "./run_time_histogram.ts";
export {
  BASELINE_MODES,
  type BaselineMode,
  type Expectation,
  EXPECTED,
  type ExpectedPlaces,
  flagsIn,
  isLaunchExpected,
  type Judged,
  RARITY,
  UNEXPECTED,
} from "./shown_row.ts";
export { type ContextOf, type EventTree, type Tree, type TreeOf, type Watcher } from "./tree.ts";
export { type UserNames, userNames } from "./users.ts";
