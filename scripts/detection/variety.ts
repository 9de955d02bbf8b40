/**
 * What is another text on each machine, for each user or at each run of the same work: versions, names of people, of their
 * projects and scripts, and the random parts of temporary names.
 *
 * @module
 */

import type { Random } from "../randomness/generator.ts";
import { LAB_FOLDER } from "./recording.ts";
import type { Rewrite } from "./host.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz", DIGITS = "0123456789", HEXADECIMAL = "0123456789abcdef";
const LETTERS = LOWER + LOWER.toUpperCase() + DIGITS;

/** Random parts as tools make them: where they stand, of what, and how long. */
const MADE: readonly (readonly [place: RegExp, characters: string, length: number])[] = [
  [/(?<=\/tmp\.)[A-Za-z0-9]{10}(?=\/|$)/g, LETTERS, 10], // mktemp(1), GNU coreutils
  [/(?<=\/tmp\.)[A-Za-z0-9]{6}(?=\/|$)/g, LETTERS, 6], // busybox
  [/(?<=\/tmp)[a-z0-9_]{8}(?=\/|$)/g, `${LOWER}${DIGITS}_`, 8], // Python's tempfile
  [/(?<=\/pip-[a-z]+(?:-env)?-)[a-z0-9_]{8}(?=\/)/g, `${LOWER}${DIGITS}_`, 8],
  [/(?<=_)[0-9a-f]{32}(?=\/|$)/g, HEXADECIMAL, 32],
  [/(?<=\/_npx\/)[0-9a-f]{16}(?=\/)/g, HEXADECIMAL, 16],
];

/** Names of people, of what they work on, and of scripts that they write. */
const USERS = [
  "alice",
  "bob",
  "carol",
  "dave",
  "erin",
  "frank",
  "grace",
  "heidi",
  "ivan",
  "judy",
  "mallory",
  "niaj",
  "olivia",
  "peggy",
];
const PROJECTS = [
  "shop",
  "billing",
  "search",
  "website",
  "inventory",
  "mailer",
  "reports",
  "gateway",
  "planner",
  "catalog",
];
const SCRIPTS = ["deploy", "release", "rollout", "sync", "publish", "install-all", "update-site", "ship"];

/** A person on a machine, with the own names of things. */
export interface Person {
  readonly name: string;
  readonly project: string;
  readonly script: string;
}

export function somebody(random: Random): Person {
  return { name: random.pick(USERS), project: random.pick(PROJECTS), script: random.pick(SCRIPTS) };
}

/** Versions of a machine. */
export interface Versions {
  readonly python: number;
  readonly gcc: number;
}

/** Folders that intruders write to; the last one is a user's own. */
const PLACES = ["/tmp/.X11-cache", "/var/tmp/.spool", "/dev/shm/.s", "/tmp/systemd-private", "/home/USER/.cache/.x"];

/** The lab's program: in ordinary work another one, so that no attack has a name that was learned. */
const PAYLOAD = /\bpayload\b/g;

function made(random: Random, characters: string, length: number): string {
  return Array.from({ length }, () => characters[random.below(characters.length)]!).join("");
}

/** One run of recorded work: the same part has the same new text wherever it stands. `isAttack` puts the lab's folder elsewhere. */
export function rewriter(random: Random, person: Person, { python, gcc }: Versions, isAttack: boolean): Rewrite {
  const renamed = new Map<string, string>();
  const lab = isAttack ? random.pick(PLACES).replace("USER", person.name) : `/home/${person.name}/${person.project}`;
  return (text) =>
    MADE.reduce((path, [place, characters, length], index) =>
      path.replace(place, (part) => {
        const key = `${index} ${part}`, name = renamed.get(key) ?? made(random, characters, length);
        renamed.set(key, name);
        return name;
      }), text)
      .replaceAll(LAB_FOLDER, lab)
      .replace(PAYLOAD, (name) => isAttack ? name : "tidy")
      .replace(/\/home\/alice\/project(?=\/|$)/g, `/home/${person.name}/${person.project}`)
      .replace(/^\.\/deploy\.sh$|(?<=\/home\/alice\/)deploy\.sh$/g, (script) => script.replace("deploy", person.script))
      .replace(/(?<=^\/home\/)alice(?=\/|$)/g, person.name)
      .replace(/(?<=python3\.)11(?=\/|$)/g, String(python))
      .replace(/(?<=x86_64-linux-gnu(?:-gcc-|\/))12(?=\/|$)/g, String(gcc));
}
