/**
 * The evaluation: a fleet's week is replayed through the exporter's code, a baseline is learned on its first days, and every launch
 * of the days after that is judged as the shipped rules do.
 *
 * @module
 */

import type { FlagName } from "../../fingerprint/mod.ts";
import { mergeBaseline, parseBaseline } from "../../metrics/baseline/mod.ts";
import { AlertRules, type Severity } from "./rules.ts";
import { Daemons } from "./entries.ts";
import { type Attack, drawFleet, type FleetOptions, type Member } from "./fleet.ts";
import { Host, type Launch } from "./host.ts";
import { Random } from "../randomness/generator.ts";
import { rewriter } from "./variety.ts";

const DAY = 86_400;
const NAME = "baseline.yml";

/** What speaks against a launch. */
export const EVIDENCE = ["baseline", "flag", "random"] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** Whose a launch is: `setup` are launches of a technique that hide nothing, and what an intruder comes in by. */
export type Owner = "ordinary" | "attack" | "setup";

/** A launch with all that is known of it in the report that has it. */
export interface Sighting extends Launch {
  readonly host: number;
  readonly day: number;
  readonly owner: Owner;
  /** What was done, of which it is a launch: once on its host. */
  readonly deed: number;
  /** Number of the attack that it comes of. */
  readonly attack: number | undefined;
  /** Rarity of the tree and of those above it that the rules look at, in bits. */
  readonly bits: readonly number[];
}

/** A sighting, judged. */
export interface Judged extends Sighting {
  readonly evidence: readonly Evidence[];
  readonly grave: readonly FlagName[];
  /** Whether it is rare, or one of the three programs above it, or new to the fleet. */
  readonly isRare: boolean;
  /** Alerts that fire for it, with their severity. */
  readonly alerts: readonly (readonly [cause: string, severity: Severity])[];
}

/** Replays a machine's deeds of some days. */
class Replayed {
  readonly host = new Host();
  readonly sightings: Sighting[] = [];
  readonly #daemons: Daemons;
  readonly #random: Random;
  #next = 0;

  constructor(
    readonly index: number,
    readonly member: Member,
    readonly attacks: readonly Attack[],
    readonly rules: AlertRules,
    seed: number,
  ) {
    this.#daemons = new Daemons(this.host, member.entries);
    this.#random = new Random(seed + index);
    this.host.report();
  }

  /** Up to this time, in seconds. */
  advance(until: number): void {
    const { deeds } = this.member, { host } = this;
    for (; this.#next < deeds.length && deeds[this.#next]!.time < until; this.#next++) {
      const { time, entry, recording, person, versions, attack } = deeds[this.#next]!, day = Math.floor(time / DAY);
      const rewrite = rewriter(this.#random, person, versions, attack !== undefined);
      host.time = time;
      const take = (owners: (launch: number) => Owner) =>
        host.report().forEach((launch, number) => {
          const bits = this.rules.stepsOf(launch.tree).map((step) => {
            const { bits = 0, age = Infinity } = host.rarity(step) ?? {};
            return age <= this.rules.recentSeconds ? bits : 0;
          });
          this.sightings.push({
            ...launch,
            host: this.index,
            day,
            deed: this.#next,
            owner: owners(number),
            attack,
            bits,
          });
        });
      const replay = (above: number) => host.replay(recording, above, rewrite);
      const isAttack = attack !== undefined;
      if (recording.below === "shell") {
        this.#daemons.enter(entry, replay, () => take(() => isAttack ? "setup" : "ordinary"));
      } else replay(this.#daemons.pid(entry));
      if (!isAttack) take(() => "ordinary");
      else {
        const execs = recording.events.flatMap(([kind], index) => kind === "exec" ? [index] : []);
        take((launch) => recording.hidden?.includes(execs[launch]!) ?? true ? "attack" : "setup");
      }
    }
  }
}

/** Judges launches by the rules. */
function judge(sightings: readonly Sighting[], rules: AlertRules): Judged[] {
  const first = new Map<string, number>(), random = new Set<string>();
  for (const { tree, time, host, isExpectedTree } of sightings) {
    if (time < (first.get(tree) ?? Infinity)) first.set(tree, time);
    if (tree.startsWith("/random/") && !(rules.expectsRandom && isExpectedTree)) random.add(`${host} ${tree}`);
  }
  const above = (tree: string) => tree.slice(0, tree.lastIndexOf("/"));
  return sightings.map((sighting): Judged => {
    const { tree, time, bits, isExpected, flags, host } = sighting, alerts: (readonly [string, Severity])[] = [];
    const fire = (alert: string, cause = alert) => alerts.push([cause, rules.severities.get(alert) ?? "note"]);
    const evidence: Evidence[] = [], grave = rules.graveFlags(tree, flags);
    if (isExpected === false) {
      evidence.push("baseline");
      fire("CnprocUnexpectedLaunches");
    }
    if (grave.length > 0) evidence.push("flag");
    for (const flag of grave) {
      const alert = rules.byFlag.get(flag);
      if (alert !== undefined) fire(alert);
    }
    const isExpectedTree = rules.expectsRandom && sighting.isExpectedTree;
    if (tree.startsWith("/random/") && !isExpectedTree && !random.has(`${host} ${above(tree)}`)) {
      evidence.push("random");
      fire("CnprocRandomExecutable", `CnprocRandomExecutable ${tree}`);
    }
    // The fleet's memory is a day old before it calls anything new.
    const isNewToFleet = time > DAY && rules.stepsOf(tree).some((step) => time - (first.get(step) ?? -Infinity) <= DAY);
    const isRare = isNewToFleet || bits.some((own) => own >= rules.rareBits);
    if (isRare && evidence.length > 0) fire("CnprocRareSuspect");
    return { ...sighting, evidence, grave, isRare, alerts };
  });
}

/** The launches of the learning days, and those after it, all judged. */
export interface Week {
  readonly learning: readonly Judged[];
  readonly after: readonly Judged[];
  readonly hosts: number;
  readonly days: number;
  /** Expected trees that were learned. */
  readonly learned: number;
}

/** Replays a fleet's week. */
export function replayWeek(members: readonly Member[], attacks: readonly Attack[], options: FleetOptions): Week {
  const { learningDays, days, seed } = options, rules = new AlertRules();
  const replayed = members.map((member, index) => new Replayed(index, member, attacks, rules, seed));
  for (const one of replayed) one.advance(learningDays * DAY);
  const { text, added } = mergeBaseline(
    undefined,
    NAME,
    replayed.flatMap(({ host, member }) => host.seen(member.name)),
  );
  const baseline = parseBaseline(text, NAME);
  for (const one of replayed) {
    one.host.expect(baseline);
    one.advance(days * DAY);
  }
  const judged = judge(replayed.flatMap(({ sightings }) => sightings), rules);
  return {
    learning: judged.filter(({ day }) => day < learningDays),
    after: judged.filter(({ day }) => day >= learningDays),
    hosts: members.length,
    days: days - learningDays,
    learned: added.length,
  };
}

/** Draws and replays. */
export function evaluate(
  ordinary: Parameters<typeof drawFleet>[0],
  attacks: readonly Attack[],
  options: FleetOptions,
): Week {
  return replayWeek(drawFleet(ordinary, attacks, options), attacks, options);
}
