/**
 * Where the project is at home, for packages and for all that leads people to its documents. A test holds the addresses in
 * deploy/, docs/ and .github/ against it.
 *
 * @module
 */

/** `owner/name` on GitHub. */
export const REPOSITORY = "nfx/cnproc-exporter";

export const HOMEPAGE = `https://github.com/${REPOSITORY}`;

/** The field of that name of packages. The address takes no mail: faults are told as SECURITY.md says, all else as an issue. */
export const MAINTAINER = `cnproc-exporter maintainers <${REPOSITORY.split("/")[0]}@users.noreply.github.com>`;
