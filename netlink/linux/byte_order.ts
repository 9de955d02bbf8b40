/**
 * The byte order of the kernel's structures.
 *
 * @module
 */

/** The kernel speaks in the byte order of the machine; both supported architectures are little endian. */
export const LITTLE = true;
