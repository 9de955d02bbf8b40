/**
 * The baseline: which trees are expected to run. Its rules and their file, learning it, and comparing with it.
 *
 * Trees come and go as texts (`/sshd/base/pstree`): this folder knows nothing of processes.
 *
 * @module
 */
export { check, type CheckRequest, diff } from "./commands.ts";
export { type BaselineDifference, compareBaselines, differenceText, isSame } from "./difference.ts";
export { parseBaseline, readBaseline } from "./file.ts";
export { HttpClient, SourceError } from "./http_client.ts";
export { readHttpConfig } from "./http_config.ts";
export { learn, type LearnIo, type LearnProgress, type LearnRequest, type OwnWatch } from "./learn.ts";
export { Learning } from "./learning.ts";
export { type LaunchedIn, type Look } from "./look.ts";
export { type Learned, learnInto, mergeBaseline } from "./merge.ts";
export { findUnexpected, type Report, reportText } from "./report.ts";
export { Baseline, type FlagEntry, type Verdict } from "./baseline.ts";
export { mergeSeen, type SeenTree } from "./seen.ts";
export { isNamed, type Profile, PROFILES, type Section, SECTION_KINDS, Sections } from "./sections.ts";
export { bySection } from "./by_place.ts";
export { findStale, type Staleness, staleText } from "./stale.ts";
export { knownToPrometheus, lookAtExporter, placesOfPrometheus, treesOfPrometheus } from "./sources.ts";
