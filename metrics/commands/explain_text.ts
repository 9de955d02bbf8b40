/**
 * Explanations of labels, for people and as JSON.
 *
 * @module
 */

import {
  type ContainerInfo,
  type Explanation,
  type Judgement,
  type ProcessExplanation,
  Verdict,
} from "../../fingerprint/mod.ts";
import { containerJson, type UserNames } from "../registry/mod.ts";
import { jsonText, LABEL_RULES, readable } from "../text/mod.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  [Verdict.Unchanged]: "unchanged",
  [Verdict.Modified]: "modified",
  [Verdict.Unverified]: "unverified",
};

const BASE_UNKNOWN = "not known: this machine doesn't have the file";

/** Whether nobody can tell if a program is of the base system: what is installed is, and this isn't. */
function isBaseUnknown({ base, exists }: Explanation): boolean {
  return exists === false && !base;
}

export function explanationJson(explained: Explanation | ProcessExplanation, users: UserNames): string {
  const { program, label, base, random, exists, verification, flags } = explained;
  const elements = explained.elements.map(({ name, random, collapsed, score, rule }) => ({
    name,
    random,
    collapsed,
    score,
    rule,
  }));
  const file = {
    ...isBaseUnknown(explained) && { doubt: BASE_UNKNOWN },
    ...exists === undefined ? {} : { exists },
    ...verification === undefined ? {} : { verification: VERDICTS[verification.verdict] },
    ...verification?.doubt === undefined ? {} : { doubt: verification.doubt },
  };
  const own = { program, label, base, random, flags, ...file, elements };
  if (!("pid" in explained)) return `${jsonText(own)}\n`;
  const { pid, tree, ancestors, user: uid = null, place } = explained;
  const context = {
    uid,
    user: uid === null ? null : users(uid),
    unit: place.unit ?? null,
    slice: place.slice ?? null,
    container: place.container ?? null,
    runtime: place.runtime ?? null,
    pod_uid: place.pod ?? null,
    ...containerJson(explained.container),
  };
  return `${jsonText({ pid, tree, ...context, ...own, ancestors })}\n`;
}

export function explanationText(explained: Explanation | ProcessExplanation, users: UserNames): string {
  const { program, label, base, random, rule, origin, exists, verification, flags, elements } = explained;
  const lines = [
    "pid" in explained ? `process ${explained.pid}: ${readable(program)}` : readable(program),
    `  label   ${label}  (${LABEL_RULES[rule]})`,
    isBaseUnknown(explained)
      ? `  base    ${BASE_UNKNOWN}`
      : `  base    ${base ? "yes" : "no"}, by ${
        origin === "built-in" ? "the built-in list" : `the ${origin} database`
      }`,
    `  random  ${random ? "yes: a part of its path was made by a machine" : "no"}`,
  ];
  if (verification !== undefined) lines.push(`  file    ${verificationText(verification)}`);
  if (flags.length > 0) lines.push(`  flags   ${flags.join(", ")}`);
  if (exists === false) lines.splice(1, 0, "  file    not there: explained by its name alone");
  if (elements.length > 0) {
    const rows = elements.map(({ name, score, rule, random, collapsed }) => [
      readable(name),
      score.toFixed(3),
      rule,
      random || collapsed !== name ? `becomes ${readable(collapsed)}` : "",
    ]);
    lines.push(...table([["element", "score", "rule", ""], ...rows]).map((line) => `  ${line}`));
  }
  if ("pid" in explained) {
    lines.push(...contextLines(explained, users));
    const rows = explained.ancestors.map(({ pid, label, program, rule }) => [
      String(pid),
      rule === "kernel" ? "(kernel)" : label,
      readable(program),
    ]);
    lines.push(`  tree    ${explained.tree}`, ...table(rows).map((line) => `    ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

/** Whose a process is, and where; no line for what it has none of. */
function contextLines({ user, place, container: called = {} }: ProcessExplanation, users: UserNames): string[] {
  const { unit, slice, container, runtime, pod } = place, name = user === undefined ? null : users(user);
  const rows = [
    ["user", user === undefined ? undefined : name === null ? String(user) : `${readable(name)} (${user})`],
    ["unit", unit && readable(unit)],
    ["slice", slice && readable(slice)],
    ["in", container && `container ${readable(container)} of ${runtime === "oci" ? "some runtime" : runtime}`],
    ["name", called.name],
    ["image", called.image],
    ["pod", podText(pod, called)],
  ];
  return rows.flatMap(([what, text]) => text === undefined ? [] : [`  ${what!.padEnd(7)} ${text}`]);
}

/** A pod by its name, behind its namespace, and by its id. */
function podText(id: string | undefined, { pod, namespace }: ContainerInfo): string | undefined {
  if (pod === undefined) return id;
  const name = namespace === undefined ? pod : `${namespace}/${pod}`;
  return id === undefined ? name : `${name} (${id})`;
}

function verificationText({ verdict, doubt }: Judgement): string {
  if (verdict === Verdict.Unchanged) return "unchanged: what its package brought";
  if (verdict === Verdict.Modified) return "modified: not what its package brought, so it isn't of the base system";
  return `unverified: ${doubt}`;
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
}
