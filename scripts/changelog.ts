/**
 * The changelog of the Debian package (deb-changelog(5)).
 *
 * @module
 */

const MAINTAINER = "cnproc-exporter maintainers <cnproc-exporter@users.noreply.github.com>";

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
