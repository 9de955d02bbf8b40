/**
 * Figures of an evaluated week.
 *
 * @module
 */

import type { Attack } from "./fleet.ts";
import type { Judged, Week } from "./evaluation.ts";
import type { Severity } from "./rules.ts";
import { auroc } from "./scores.ts";

/** How an attack was told, at best. */
export type Verdict = "paged" | "warned" | "not shown";

export interface AttackFigures {
  readonly attack: Attack;
  readonly verdict: Verdict;
  /** The tree of the launch that tells most. */
  readonly tree: string;
  /** What speaks against its launches: the baseline, flags by their names, a machine-made name; and that they are rare. */
  readonly evidence: readonly string[];
}

/** Alerts on host-days without an attack: one a cause, host and day. */
export interface AlertFigures {
  readonly hostDays: number;
  /** Each host-day. */
  readonly pages: number;
  readonly all: number;
  /** Causes by how many host-days had them. */
  readonly causes: readonly (readonly [cause: string, count: number])[];
}

/** Areas under the ROC curve. */
export interface Ranking {
  readonly name: string;
  /** Of single launches, and of all that came of one request, login or job, by its highest score. */
  readonly launches: number;
  readonly deeds: number;
}

const LEAST: readonly Verdict[] = ["not shown", "warned", "paged"];

function verdictOf({ alerts }: Judged): Verdict {
  const has = (severity: Severity) => alerts.some(([, own]) => own === severity);
  return has("page") ? "paged" : has("ticket") ? "warned" : "not shown";
}

/** How each attack was told. */
export function attackFigures({ after }: Week, attacks: readonly Attack[]): AttackFigures[] {
  const byAttack = Map.groupBy(after.filter(({ owner }) => owner === "attack"), ({ attack }) => attack);
  return attacks.map((attack, number) => {
    const own = byAttack.get(number) ?? [];
    const most = own.toSorted((a, b) => LEAST.indexOf(verdictOf(b)) - LEAST.indexOf(verdictOf(a)))[0];
    const evidence = new Set(own.flatMap(({ evidence, grave, isRare }): string[] => [
      ...evidence.filter((one) => one !== "flag").map((one) => one === "baseline" ? "unexpected" : one),
      ...grave,
      ...isRare ? ["rare"] : [],
    ]));
    return {
      attack,
      verdict: most === undefined ? "not shown" : verdictOf(most),
      tree: most?.tree ?? "",
      evidence: [...evidence].sort(),
    };
  });
}

/** Alerts of host-days on which nobody attacked. */
export function alertFigures({ after, hosts, days }: Week): AlertFigures {
  const dayOf = ({ host, day }: Judged) => `${host} ${day}`;
  const attacked = new Set(after.filter(({ attack }) => attack !== undefined).map(dayOf));
  const fired = new Map<string, Severity>();
  for (const sighting of after) {
    if (attacked.has(dayOf(sighting))) continue;
    for (const [cause, severity] of sighting.alerts) fired.set(`${dayOf(sighting)} ${cause}`, severity);
  }
  const hostDays = hosts * days - attacked.size, causes = new Map<string, number>();
  for (const [key, severity] of fired) {
    const cause = key.split(" ").slice(2, 3).join(" ");
    if (severity !== "note") causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  const count = (...severities: readonly Severity[]) =>
    [...fired.values()].filter((one) => severities.includes(one)).length;
  return {
    hostDays,
    pages: count("page") / hostDays,
    all: count("page", "ticket") / hostDays,
    causes: [...causes].sort((a, b) => b[1] - a[1]),
  };
}

/** The highest bits of a launch's lineage. */
export function rarityOf({ bits }: Judged): number {
  return Math.max(0, ...bits);
}

/** More than any rarity: what is spoken against twice stands before what is only rare. */
const ONE_EVIDENCE = 64;

/** All evidence together: how many kinds speak against a launch, and among equals the rarer one. */
export function evidenceOf(sighting: Judged): number {
  return ONE_EVIDENCE * sighting.evidence.length + rarityOf(sighting);
}

/** Ranks the launches after the learning, those that are an attack's setup left out, by scores in their order. */
export function rank(name: string, after: readonly Judged[], scores: readonly number[]): Ranking {
  const launches: Record<"attack" | "ordinary", number[]> = { attack: [], ordinary: [] };
  const deeds = new Map<string, { owner: "attack" | "ordinary"; score: number }>();
  for (const [at, { owner, host, deed }] of after.entries()) {
    if (owner === "setup") continue;
    const score = scores[at]!, key = `${host} ${deed}`, before = deeds.get(key)?.score ?? -Infinity;
    launches[owner].push(score);
    deeds.set(key, { owner, score: Math.max(score, before) });
  }
  const of = (owner: "attack" | "ordinary") =>
    [...deeds.values()].filter((one) => one.owner === owner).map(({ score }) => score);
  return {
    name,
    launches: auroc(launches.attack, launches.ordinary),
    deeds: auroc(of("attack"), of("ordinary")),
  };
}
