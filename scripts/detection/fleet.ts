/**
 * A fleet of a few roles over some days: what each machine does at what time, from a seed.
 *
 * Work is drawn from the recordings. Each machine does each kind of work of its role by a rate of its own; one kind in ten nobody
 * does on the days of learning. People come anew, versions change, names and temporary names are others each time: what isn't
 * known to the baseline then is what an ordinary week brings.
 *
 * @module
 */

import { Random } from "../randomness/generator.ts";
import type { Entry } from "./entries.ts";
import type { Recording } from "./recording.ts";
import { type Person, somebody, type Versions } from "./variety.ts";

const DAY = 86_400;
/** One kind of work in so many is done on no day of learning; and how often a machine does it a day afterwards. */
const LATE_SHARE = 10, LATE_PER_DAY = 1 / 14;
/** How often a kind of work is done a day that isn't daily, by a machine that does it: from this to ten times this. */
const LEAST_A_DAY = 0.3;
/** New people a machine and day. */
const NEW_PEOPLE = 0.1;
/** Day, from 0, on which a machine in three gets new versions. */
const UPGRADE_DAY = 3;

/** What kind of machine it is: by what work comes in, and how much of it a day. */
interface Role {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Requests to programs, logins, jobs of a build service: times a day of all kinds together. */
  readonly perDay: Readonly<Partial<Record<Entry, number>>>;
}

const ROLES: readonly Role[] = [
  { name: "web", entries: ["sshd", "cron", "apache2"], perDay: { apache2: 120, sshd: 6 } },
  { name: "build", entries: ["sshd", "cron", "runner", "apache2"], perDay: { runner: 40, sshd: 8, apache2: 10 } },
  { name: "office", entries: ["sshd", "cron", "runner", "apache2"], perDay: { sshd: 40, runner: 8, apache2: 10 } },
];

/** Jobs of cron: a part of their names, and how often a day each is run; the others once. */
const CRON: readonly (readonly [job: RegExp, perDay: number])[] = [
  [/check_disk/, 48],
  [/debian-sa1|sessionclean|^cron: sh$/, 24],
  [/run-parts$/, 24],
  [/report\.py/, 12],
  [/backup/, 4],
];

/** Something that is done. */
export interface Deed {
  /** Seconds since the beginning. */
  readonly time: number;
  readonly entry: Entry;
  readonly recording: Recording;
  readonly person: Person;
  readonly versions: Versions;
  /** Of an attack: its number. */
  readonly attack?: number;
}

export interface Member {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** In the order of their times. */
  readonly deeds: readonly Deed[];
}

export interface FleetOptions {
  readonly hosts: number;
  readonly days: number;
  /** Days of learning, the first ones. */
  readonly learningDays: number;
  readonly seed: number;
  /** Ordinary work as a share of the usual, for a short test; 1 where it isn't given. */
  readonly pace?: number;
}

/** An attack: what is done, by what it comes in. */
export interface Attack {
  readonly recording: Recording;
  readonly entry: Entry;
}

function entryOf({ below }: Recording, random: Random): Entry {
  if (below === "shell") return random.next() < 0.5 ? "sshd" : "runner";
  return below as Entry;
}

/** Draws a fleet's week. Each attack happens once; a machine has none on every second day, and never two a day by one entry. */
export function drawFleet(ordinary: readonly Recording[], attacks: readonly Attack[], options: FleetOptions): Member[] {
  const { hosts, days, learningDays, seed, pace = 1 } = options, random = new Random(seed);
  const kinds = ordinary.map((recording) => ({
    recording,
    entry: entryOf(recording, random),
    isLate: recording.below !== "cron" && random.below(LATE_SHARE) === 0,
  }));
  const members = Array.from({ length: hosts }, (_, index) => {
    const role = ROLES[index % ROLES.length]!, own = new Random(seed + 1 + index), deeds: Deed[] = [];
    const people = [somebody(own), somebody(own)];
    let versions: Versions = { python: 9 + own.below(3), gcc: 10 + own.below(3) };
    const rates = new Map(role.entries.map((entry) => {
      const ownKinds = kinds.filter((kind) => kind.entry === entry).map((kind) => ({
        ...kind,
        weight: LEAST_A_DAY * 10 ** own.next() / (own.below(3) + 1),
      }));
      return [entry, ownKinds] as const;
    }));
    for (let day = 0; day < days; day++) {
      if (own.next() < NEW_PEOPLE) people.push(somebody(own));
      if (day === UPGRADE_DAY && index % 3 === 0) versions = { python: versions.python + 1, gcc: versions.gcc + 1 };
      for (const entry of role.entries) {
        const able = rates.get(entry)!.filter(({ isLate }) => !isLate || day >= learningDays);
        const all = able.reduce((sum, { weight, isLate }) => sum + (isLate ? 0 : weight), 0);
        for (const { recording, weight, isLate } of able) {
          const perDay = isLate
            ? LATE_PER_DAY
            : entry === "cron"
            ? CRON.find(([job]) => job.test(recording.id))?.[1] ?? 1
            : (role.perDay[entry] ?? 0) * weight / all;
          const paced = perDay * pace, times = Math.floor(paced) + (own.next() < paced % 1 ? 1 : 0);
          for (let i = 0; i < times; i++) {
            const time = day * DAY + (entry === "cron" ? (i + own.next() / 100) / times : own.next()) * DAY;
            deeds.push({ time, entry, recording, person: own.pick(people), versions });
          }
        }
      }
    }
    return { name: `${role.name}-${index + 1}`, entries: role.entries, deeds, people, versions };
  });
  place(attacks, members, options, random);
  return members.map(({ name, entries, deeds }) => ({ name, entries, deeds: deeds.sort((a, b) => a.time - b.time) }));
}

/** Puts attacks on every second day after the learning, one an entry and machine and day. */
function place(
  attacks: readonly Attack[],
  members: readonly {
    readonly entries: readonly Entry[];
    readonly deeds: Deed[];
    readonly people: readonly Person[];
    readonly versions: Versions;
  }[],
  { days, learningDays }: FleetOptions,
  random: Random,
): void {
  const free = members.flatMap((member, index) =>
    Array.from({ length: days - learningDays }, (_, day) => learningDays + day).filter((day) => (day + index) % 2 === 0)
      .flatMap((day) => member.entries.map((entry) => ({ member, day, entry })))
  );
  for (const [number, { recording, entry }] of attacks.entries()) {
    const able = free.filter((one) => one.entry === entry);
    if (able.length === 0) throw new RangeError(`Cannot place ${attacks.length} attacks: take more machines or days`);
    const chosen = random.pick(able), { member, day } = chosen, time = (day + random.next()) * DAY;
    free.splice(free.indexOf(chosen), 1);
    member.deeds.push({
      time,
      entry,
      recording,
      person: random.pick(member.people),
      versions: member.versions,
      attack: number,
    });
  }
}
