/**
 * Which descriptors of this process lead below a folder: those of tests in other threads lead elsewhere.
 *
 * @module
 */

/** Where they lead, in no order. */
export function openFilesBelow(folder: string): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      return target.startsWith(folder) ? [target] : [];
    } catch {
      return []; // closed meanwhile
    }
  });
}
