/**
 * The changelog of the Debian package (deb-changelog(5)).
 *
 * @module
 */

import { MAINTAINER } from "./repository.ts";

/** The section of CHANGELOG.md about a version, without its heading; undefined where there is none with a date. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${version} / `));
  return section === undefined || !/^\S+ \/ \d{4}-\d{2}-\d{2}\n/.test(section)
    ? undefined
    : section.slice(section.indexOf("\n")).trim();
}

/** A time as RFC 5322 has it, in UTC. */
function emailDate(time: number): string {
  return new Date(time * 1000).toUTCString().replace("GMT", "+0000");
}

/** One entry: what changed is in the program's own changelog, beside it. `time` is in seconds since 1970. */
export function debianChangelog(version: string, release: string, time: number): string {
  return `cnproc-exporter (${version}-${release}) unstable; urgency=medium

  * Version ${version}; changelog.gz tells what is new.

 -- ${MAINTAINER}  ${emailDate(time)}
`;
}
