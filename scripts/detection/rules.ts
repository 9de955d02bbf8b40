/**
 * The shipped alert rules as far as they are about single launches: their thresholds and exceptions are read from the files,
 * so that a change there changes the evaluation.
 *
 * @module
 */

import { parse } from "yaml";
import { type FlagName, FLAGS } from "../../fingerprint/mod.ts";

const FOLDER = `${import.meta.dirname}/../../deploy/prometheus`;

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
}

function rulesOf(file: string): Rule[] {
  const { groups } = parse(Deno.readTextFileSync(`${FOLDER}/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** What a text has for a pattern's group 1; an Error that says which rule changed its form. */
function part(text: string, pattern: RegExp, rule: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Cannot read the rule ${rule}: nothing matches ${pattern.source}`);
  return found;
}

/** A pattern of PromQL: anchored at both ends, in a string whose backslashes are doubled. */
function expression(text: string): RegExp {
  return new RegExp(`^(?:${text.replaceAll("\\\\", "\\")})$`);
}

/** Who is told: `page` wakes somebody (critical), `ticket` wants somebody today (warning), `note` nobody (info). */
export type Severity = "page" | "ticket" | "note";
const SEVERITIES: Readonly<Record<string, Severity>> = { critical: "page", warning: "ticket", info: "note" };

/** The rules. */
export class AlertRules {
  /** Bits from which on a launch is rare. */
  readonly rareBits: number;
  /** … where it isn't longer ago than this: what runs since the machine began is no event. */
  readonly recentSeconds: number;
  /** Whether a machine-made name that a baseline expects is no evidence. */
  readonly expectsRandom: boolean;
  readonly severities = new Map<string, Severity>();
  /** Flag → the alert that tells it. */
  readonly byFlag = new Map<FlagName, string>();
  readonly #ordinary: ReadonlySet<string>;
  readonly #usual: readonly (readonly [flag: string, trees: RegExp])[];
  readonly #steps: readonly RegExp[];

  constructor() {
    const alerts = rulesOf("cnproc.alerts.yml"), records = rulesOf("cnproc.rules.yml");
    const exprOf = (name: string) => {
      const found = records.find(({ record }) => record === name);
      if (found === undefined) throw new Error(`Cannot find the rule ${name} in ${FOLDER}/cnproc.rules.yml`);
      return found.expr;
    };
    for (const { alert, expr, labels } of alerts) {
      if (alert === undefined) continue;
      this.severities.set(alert, SEVERITIES[labels?.severity ?? ""] ?? "note");
      const flag = /grave_launches:increase5m\{flag="(\w+)"\}/.exec(expr)?.[1] as FlagName | undefined;
      if (flag !== undefined && FLAGS.includes(flag)) this.byFlag.set(flag, alert);
    }
    const grave = "instance_tree_flag:cnproc_tree_grave_launches:increase5m",
      rare = "instance_tree:cnproc_tree_rare_launches:increase5m";
    this.#ordinary = new Set(part(exprOf(grave), /flag!~"([^"]*)"/, grave).split("|"));
    this.#usual = [...exprOf(grave).matchAll(/flag="(\w+)",tree=~"([^"]*)"/g)].map((
      [, flag, trees],
    ) => [flag!, expression(trees!)]);
    this.rareBits = Number(part(exprOf(rare), /cnproc_tree_rarity >= (\d+)/, rare));
    this.recentSeconds = 3600 * Number(part(exprOf(rare), /cnproc_tree_launches_total offset (\d+)h/, rare));
    this.expectsRandom = /cnproc_tree_expected == 1/.test(
      exprOf("instance_tree:cnproc_tree_random_launches:increase5m"),
    );
    const steps = "instance_tree_step:cnproc_tree_suspect_launches:increase5m";
    this.#steps = [...exprOf(steps).matchAll(/"step", "\$1", "tree", "([^"]*)"/g)].map(([, tree]) => expression(tree!));
  }

  /** The grave flags of a launch that count: those that the tree doesn't usually have. */
  graveFlags(tree: string, flags: readonly FlagName[]): FlagName[] {
    return flags.filter((flag) =>
      !this.#ordinary.has(flag) && !this.#usual.some(([usual, trees]) => usual === flag && trees.test(tree))
    );
  }

  /** The tree and those above it that the rule looks at, by its own patterns. */
  stepsOf(tree: string): string[] {
    return this.#steps.map((pattern) => pattern.exec(tree)?.[1]).filter((step) => step !== undefined);
  }
}
