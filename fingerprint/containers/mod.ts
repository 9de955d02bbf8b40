/**
 * What containers are called: name, image, Kubernetes pod and namespace, by the files of the runtimes that root runs.
 *
 * @module
 */
export { containerIn, ContainerNames, type SystemContainer } from "./names.ts";
export { RecordFiles } from "./record_files.ts";
export type { ContainerInfo } from "./records.ts";
