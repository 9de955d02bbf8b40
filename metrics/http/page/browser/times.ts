/**
 * Times on the page that go on by themselves.
 *
 * @module
 */

import { type PageElement, say } from "./dom.ts";
import { agoText } from "./format.ts";

/** Says how long ago the time in an element is. */
export function writeAge(inside: PageElement): void {
  const time = inside.querySelector("time"), at = Date.parse(time?.getAttribute("datetime") ?? "");
  if (time !== null && !Number.isNaN(at)) say(time, agoText((Date.now() - at) / 1000));
}
