import type { RecommendationRow } from "@leastwise/store";
import { count } from "../progress.ts";
import { printable } from "./printable.ts";

/** What the lines need to know of a recommendation, for a principal or in place. */
export type FittedRow = Pick<
  RecommendationRow,
  "size_after" | "size_limit" | "form" | "fit" | "parts" | "policy_name"
> & {
  readonly policy_kind: RecommendationRow["policy_kind"] | "in place";
};

/** Why something does not fit although it was asked to: into how many policies it splits, null for none, and how many there may be. */
export interface Misfit {
  readonly partsNeeded: number | null;
  readonly partsAllowed: number | null;
  /** Those that take the most characters, the largest first. */
  readonly statements: readonly {
    readonly statement: number;
    readonly sid: string | null;
    readonly characters: number;
  }[];
}

/** How a recommendation stands to IAM's size limits, a line each; nothing where there is nothing to say. */
export function fitLines(row: FittedRow, misfit: Misfit | undefined): readonly string[] {
  const { size_after: size, size_limit: limit, form, fit, parts, policy_name, policy_kind } = row;
  const sizes = `${count(size)} of ${count(limit)} characters${policy_kind === "inline" ? ", all inline policies together" : ""}`;
  switch (fit) {
    case null:
      return [];
    case "fits":
      return form === "prefixes" ? [] : [`written with ${WRITTEN_WITH[form]} to fit: ${sizes}`];
    case "split":
      return [splitLine(printable(policy_name), partsOf(parts).length, policy_kind)];
    case "too-large":
      return [`over the limit: ${sizes}; \`leastwise refine --fit\` makes it fit where it can`];
    case "does-not-fit":
      return [
        `does not fit: ${sizes}, written with ${WRITTEN_WITH[form]}`,
        ...(policy_kind === "in place"
          ? ["it is not split in place; the recommendations for its principals may be"]
          : []),
        ...(misfit === undefined || policy_kind === "in place" ? [] : [neededLine(misfit)]),
        ...(misfit?.statements ?? []).map(
          ({ statement, sid, characters }) =>
            `${count(characters)} characters: statement ${statement}${sid === null || sid === "" ? "" : ` (${printable(sid)})`}`,
        ),
      ];
  }
}

/** The documents that a policy is split into, minified and in order; none where it is not. */
export function partsOf(parts: string | null): readonly string[] {
  return JSON.parse(parts ?? "[]") as readonly string[]; // SQLite wrote it
}

/** What a part is called: the policy's name and its number, from 1. */
export function partName(policyName: string, index: number): string {
  return `${policyName}-${index + 1}`;
}

const WRITTEN_WITH: Readonly<Record<RecommendationRow["form"], string>> = {
  prefixes: "word prefixes",
  inner: "inner wildcards",
  characters: "inner wildcards and prefixes that end inside words",
};

function splitLine(name: string, parts: number, kind: FittedRow["policy_kind"]): string {
  const from = kind === "inline" ? "moved out of the inline policies, " : "";
  if (parts === 1) return `${from}to the customer managed policy ${name}-1`;
  return `${from}split into ${parts} customer managed policies, ${name}-1 to ${name}-${parts}`;
}

function neededLine({ partsNeeded, partsAllowed }: Misfit): string {
  if (partsNeeded === null) return "it cannot be split: a statement is too large that can be cut along no list";
  const policies = `${partsNeeded} managed ${partsNeeded === 1 ? "policy" : "policies"}`;
  return `it would take ${policies}, and the principal has room for ${partsAllowed ?? 0}`;
}
