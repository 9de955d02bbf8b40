/**
 * Sections of a baseline: trees that are expected in one systemd unit, or in containers of one image, and nowhere else.
 *
 * @module
 */

import { matchesPieces } from "../../fingerprint/mod.ts";
import { type ExpectedPlaces, type LaunchPlace, NO_UNIT } from "../registry/mod.ts";

/** The keys of a file that hold sections by name. */
export const SECTION_KINDS = ["units", "images"] as const;
export type SectionKind = (typeof SECTION_KINDS)[number];

/** A section. */
export interface Section {
  readonly kind: SectionKind;
  /** The unit as `cnproc_unit_launches_total` has it, or the image as the container's runtime calls it; `*` is any text. */
  readonly name: string;
}

/** By what launches are told apart: not at all, by unit, by image. */
export const PROFILES = ["machine", "unit", "image"] as const;
export type Profile = (typeof PROFILES)[number];

/** Whether a name is one that a section stands for. */
export function isNamed({ name }: Section, text: string): boolean {
  const pieces = name.split("*");
  return name === text || pieces.length > 1 && matchesPieces(pieces, text);
}

/** A section in words, to follow "expected": `in nginx.service`. */
export function sectionText({ kind, name }: Section): string {
  return kind === "images" ? `in containers of ${name}` : name === NO_UNIT ? "in no unit" : `in ${name}`;
}

/** A text by which sections can be told apart; empty for none. */
export function sectionKey(section: Section | undefined): string {
  return section === undefined ? "" : `${section.kind}\0${section.name}`;
}

/** The section of a place: undefined where it has none, because nobody knows, or a process is in no container. */
export function sectionOf({ unit, image }: LaunchPlace, profile: Profile): Section | undefined {
  if (profile === "unit" && unit !== undefined) return { kind: "units", name: unit === "" ? NO_UNIT : unit };
  return profile === "image" && image !== undefined && image !== "" ? { kind: "images", name: image } : undefined;
}

/** The sections in which alone a tree is expected. */
export class Sections implements ExpectedPlaces {
  constructor(readonly sections: readonly Section[]) {}

  /** A unit or an image that nobody knows may be one of these. */
  has(place: LaunchPlace): boolean {
    const unit = place.unit === "" ? NO_UNIT : place.unit;
    return this.sections.some((section) => {
      const name = section.kind === "units" ? unit : place.image;
      return name === undefined || name !== "" && isNamed(section, name);
    });
  }

  reason({ unit, image }: LaunchPlace): string {
    const kinds = new Set(this.sections.map(({ kind }) => kind));
    const byUnit = unit === undefined ? "" : sectionText({ kind: "units", name: unit === "" ? NO_UNIT : unit });
    const byImage = image === undefined ? "" : image === "" ? "in no container" : `in a container of ${image}`;
    const here = [...kinds.has("units") ? [byUnit] : [], ...kinds.has("images") ? [byImage] : []].join(", ");
    const some = this.sections.slice(0, 3).map(sectionText).join(", "), more = this.sections.length - 3;
    return `it is expected ${some}${more > 0 ? ` and ${more} other places` : ""}, but not ${here}`;
  }

  /** Whether a section that was learned is one of these. */
  includes(learned: Section): boolean {
    return this.sections.some((section) => section.kind === learned.kind && isNamed(section, learned.name));
  }
}
