/**
 * The byte order of the kernel's structures.
 *
 * @module
 */

/**
 * The kernel speaks in the byte order of the machine; both supported architectures are little endian.
 *
 * What every event goes through reads `getInt32(…) >>> 0` and `getInt16(…) & 0xffff`: of the signed reads V8's first optimizing
 * compiler (Maglev) makes no call, of `getUint32` and `getUint16` only its second, which takes tens of thousands of launches.
 */
export const LITTLE = true;
