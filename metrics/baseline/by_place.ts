/**
 * Trees by where they were launched: one of each unit or image, for the sections of a baseline.
 *
 * @module
 */

import type { LaunchedIn } from "./look.ts";
import type { SeenTree } from "./seen.ts";
import { type Profile, sectionKey, sectionOf } from "./sections.ts";

/**
 * Tells trees apart by section. A tree stands once for each that it was launched in. Launches of which nobody knows where they were
 * count in none of these; a tree of which there are no others stands without a section, and so does, by image, what ran in no container.
 */
export function bySection(
  trees: readonly SeenTree[],
  launchedIn: Iterable<LaunchedIn>,
  profile: Profile,
): SeenTree[] {
  if (profile === "machine") return [...trees];
  const places = Map.groupBy(launchedIn, ({ tree }) => tree);
  return trees.flatMap((seen) => {
    const all = places.get(seen.tree) ?? [], known = all.filter(({ place }) => !isUnknown(place, profile));
    const sections = [...Map.groupBy(known, ({ place }) => sectionKey(sectionOf(place, profile))).values()];
    if (sections.length === 0) return [seen];
    // When it was launched in one of several, nobody knows.
    const { firstSeenSeconds: first, lastSeenSeconds: last, ...rest } = seen,
      isOne = sections.length + all.length - known.length === 1;
    return sections.map((same): SeenTree => {
      const section = sectionOf(same[0]!.place, profile);
      return {
        ...rest,
        launches: same.reduce((sum, { launches = 0 }) => sum + launches, 0),
        firstSeenSeconds: isOne ? first : undefined,
        ...isOne && last !== undefined ? { lastSeenSeconds: last } : {},
        ...section === undefined ? {} : { section },
      };
    });
  });
}

/** Whether nobody knows in which unit, or image, it was launched. */
export function isUnknown({ unit, image }: LaunchedIn["place"], profile: Profile): boolean {
  return (profile === "unit" ? unit : image) === undefined;
}
