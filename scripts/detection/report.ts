/**
 * The evaluation's figures as Markdown, as docs/detection.md has them.
 *
 * @module
 */

import type { AlertFigures, AttackFigures, Ranking } from "./figures.ts";

export interface Figures {
  readonly techniques: readonly AttackFigures[];
  readonly chains: readonly AttackFigures[];
  readonly alerts: AlertFigures;
  readonly rankings: readonly Ranking[];
  /** What was replayed, in words. */
  readonly what: string;
}

/** Figures that an evaluation must reach. */
export const WANTED = { techniques: 0.9, chains: 1, alerts: 1, auroc: 0.95 } as const;

function percent(part: number, whole: number): string {
  return `${(100 * part / whole).toFixed(1)} %`;
}

export function shownShare(attacks: readonly AttackFigures[]): number {
  return attacks.filter(({ verdict }) => verdict !== "not shown").length / attacks.length;
}

/** A text in code marks, that breaks no table. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|").replaceAll("`", "'")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function attackTable(attacks: readonly AttackFigures[]): string[] {
  return table(
    ["attack", "idea", "by", "evidence", "verdict", "tree"],
    attacks.map((
      { attack: { recording: { id, idea = "" }, entry }, evidence, verdict, tree },
    ) => [id, idea, entry, evidence.join(", "), verdict, tree === "" ? "" : code(tree)]),
  );
}

/** Techniques by what speaks against them. */
function evidenceTable(techniques: readonly AttackFigures[]): string[] {
  const kinds = [...new Set(techniques.flatMap(({ evidence }) => evidence))];
  const count = (kind: string) => techniques.filter(({ evidence }) => evidence.includes(kind)).length;
  return table(
    ["evidence", "techniques that have it"],
    kinds.map((kind) => [kind, count(kind)] as const).sort((a, b) => b[1] - a[1]).map((
      [kind, number],
    ) => [kind, String(number)]),
  );
}

function entryTable(techniques: readonly AttackFigures[]): string[] {
  const groups = [...Map.groupBy(techniques, ({ attack }) => attack.entry)];
  return table(
    ["by", "techniques", "paged", "warned", "not shown"],
    groups.map(([entry, own]) => [
      entry,
      String(own.length),
      ...["paged", "warned", "not shown"].map((verdict) => String(own.filter((one) => one.verdict === verdict).length)),
    ]),
  );
}

/** The figures in a few lines, then the tables. */
export function reportText({ techniques, chains, alerts, rankings, what }: Figures): string {
  const of = (attacks: readonly AttackFigures[]) => {
    const paged = attacks.filter(({ verdict }) => verdict === "paged").length;
    const shown = Math.round(shownShare(attacks) * attacks.length);
    return `${shown} of ${attacks.length} (${percent(shown, attacks.length)}), of which ${paged} page somebody`;
  };
  return [
    what,
    "",
    ...table(["figure", "measured", "wanted"], [
      ["techniques shown", of(techniques), `≥ ${100 * WANTED.techniques} %`],
      ["chains shown", of(chains), "all"],
      [
        "pages per host-day without attacks",
        `${alerts.pages.toFixed(2)} (${alerts.hostDays} host-days)`,
        `< ${WANTED.alerts}`,
      ],
      ["all alerts per host-day without attacks", `${alerts.all.toFixed(2)}`, `< ${WANTED.alerts}`],
    ]),
    "",
    ...table(
      ["AUROC of", "launches", "deeds"],
      rankings.map(({ name, launches, deeds }) => [name, launches.toFixed(3), deeds.toFixed(3)]),
    ),
    "",
    ...evidenceTable(techniques),
    "",
    ...entryTable(techniques),
    "",
    ...table(
      ["cause of an alert, host-days without attacks", "host-days"],
      alerts.causes.map(([cause, n]) => [cause, String(n)]),
    ),
    "",
    "Chains:",
    "",
    ...attackTable(chains),
    "",
    "Techniques:",
    "",
    ...attackTable(techniques),
  ].join("\n");
}
