import type { Catalog } from "@leastwise/catalog";
import { type IntervalSet, size } from "@leastwise/core";
import type { ComeAndGone, RunView } from "@leastwise/store";
import { levelled } from "../drift/levels.ts";
import type { PolicyChange, PolicyChangeKind } from "../history/policy-change.ts";
import type { PrincipalChange, PrincipalChangeKind } from "../history/principal-change.ts";
import type { ChangeGroup, Tally } from "../history/tally.ts";
import { count } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { wordWrapped } from "./wrap.ts";

export interface RunDifferencesFacts {
  readonly from: RunView;
  readonly to: RunView;
  readonly comeAndGone: ComeAndGone;
  readonly tally: Tally;
  /** The later run's, by which both are measured. */
  readonly catalog: Catalog;
  readonly all: boolean;
  /** Whether all actions are named. */
  readonly actions: boolean;
}

const MOST_GROUPS = 15;
const MOST_NAMES = 6;

/** For the principals of a kind. */
const PRINCIPALS: Readonly<Record<PrincipalChangeKind, string>> = {
  worse: "may do more than before",
  new: "came",
  "other-terms": "may do the same on other terms (resources, conditions, Deny, or another policy)",
  better: "may do less than before",
  gone: "are gone",
  same: "may do the same, with another recommendation or other evidence",
};

/** For the policies of a kind: several, and one. */
const POLICIES: Readonly<Record<PolicyChangeKind, string>> = {
  worse: "grants more",
  "other-terms": "grants on other terms",
  new: "is new",
  "more-to-remove": "is the same, and more may go",
  "other-to-remove": "is the same, and something else may go",
  "less-to-remove": "is the same, and less may go",
  better: "grants less",
  applied: "is as was recommended",
  copy: "is new, and as was recommended for one that is gone",
  gone: "is gone",
  rewritten: "is another text that says the same",
  same: "is the same, and the same may go on other evidence or settings",
};

/** What differs between two runs, for people: figures, then what has happened, the worst and most frequent first. */
export function runDifferencesText(facts: RunDifferencesFacts, terminal: Terminal): string {
  const { tally, all } = facts;
  const groups = tally.groups();
  const shown = all ? groups : groups.slice(0, MOST_GROUPS);
  const parts = [
    figures(facts),
    ...catalogNote(facts),
    summary(facts, terminal),
    ...shown.map((group) => groupText(group, facts, terminal)),
    ...(shown.length < groups.length
      ? [
          `and ${count(groups.length - shown.length)} more kinds of change; --all shows them, --json gives every principal`,
        ]
      : []),
    ...(tally.isCut ? ["there are too many different changes to tell all apart; --json gives every principal"] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** How many actions go once what the run recommends is applied. */
function mayGo({ actions_before, actions_after }: RunView): number {
  return (actions_before ?? 0) - (actions_after ?? 0);
}

function figures({ from, to, comeAndGone }: RunDifferencesFacts): string {
  const rows = (
    [
      ["finished", from.finished_at?.slice(0, 10) ?? "", to.finished_at?.slice(0, 10) ?? "", ""],
      [
        "principals",
        from.principals,
        to.principals,
        `${count(comeAndGone.principalsCame)} came, ${count(comeAndGone.principalsGone)} gone`,
      ],
      [
        "policies",
        "",
        "",
        `${count(comeAndGone.policiesCame)} came, ${count(comeAndGone.policiesGone)} gone, ${count(comeAndGone.policiesChanged)} changed`,
      ],
      ["attached policies", from.attachments, to.attachments, ""],
      [
        "actions granted",
        from.actions_before,
        to.actions_before,
        signed(difference(from.actions_before, to.actions_before)),
      ],
      ["of these may go", mayGo(from), mayGo(to), signed(mayGo(to) - mayGo(from))],
    ] as const
  ).map(([name, a, b, note]) => [name, text(a), text(b), note] as const);
  const heads = ["", `run ${from.run_id}`, `run ${to.run_id}`, ""] as const;
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length))); // rows have four cells
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    ) // as wide as rows
    .join("\n");
}

function text(value: string | number | null): string {
  return typeof value === "number" ? count(value) : (value ?? "");
}

function difference(a: number | null, b: number | null): number {
  return (b ?? 0) - (a ?? 0);
}

function signed(value: number): string {
  return value === 0 ? "" : `${value > 0 ? "+" : "−"}${count(Math.abs(value))}`;
}

function catalogNote({ from, to }: RunDifferencesFacts): readonly string[] {
  if (from.catalog_sha256 === to.catalog_sha256) return [];
  const [a, b] = [from.catalog_sha256.slice(0, 12), to.catalog_sha256.slice(0, 12)];
  return [
    `the runs have different catalogs; below, both are measured by that of run ${to.run_id}\n\`leastwise catalog diff ${a} ${b} --db FILE\` says what AWS changed`,
  ];
}

function summary({ tally, from }: RunDifferencesFacts, { colours, width }: Terminal): string {
  const line = (number: number, words: string): readonly string[] =>
    number === 0
      ? []
      : [`${count(number).padStart(9)}  ${wordWrapped(words, (width ?? Infinity) - 11).join(`\n${" ".repeat(11)}`)}`];
  const { principals, policies, inPlace, newlyRemovable, noLongerRemovable } = tally;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[colours.bold(title), ...lines].join("\n")];
  const kinds = (counts: Readonly<Record<PolicyChangeKind, number>>): readonly string[] =>
    (Object.keys(POLICIES) as PolicyChangeKind[]) // all keys are kinds
      .filter((kind) => kind !== "applied")
      .flatMap((kind) => line(counts[kind], POLICIES[kind].replace(/^is /, "").replace(/^grants/, "grant")));
  const parts = [
    ...section(
      "principals",
      (Object.keys(PRINCIPALS) as PrincipalChangeKind[]).flatMap((kind) => line(principals[kind], PRINCIPALS[kind])), // all keys are kinds
    ),
    ...section("attached policies", [
      ...line(
        policies.applied,
        `as run ${from.run_id} recommended, of ${count(from.to_change ?? 0)} that it wanted changed`,
      ),
      ...kinds(policies),
      ...line(newlyRemovable.policies, `of which ${actionsOf(newlyRemovable.actions)} may go that might not before`),
      ...line(
        noLongerRemovable.policies,
        `with the same document, of which ${actionsOf(noLongerRemovable.actions)} may no longer go`,
      ),
    ]),
    ...section("shared policies in place", [
      ...line(inPlace.applied, `as run ${from.run_id} recommended`),
      ...kinds(inPlace),
    ]),
  ];
  return parts.length === 0 ? "nothing differs" : parts.join("\n\n");
}

function groupText(
  { first, principals }: ChangeGroup,
  facts: RunDifferencesFacts,
  { colours, width }: Terminal,
): string {
  const { kind, principal, gained, lost, policies } = first;
  const colour = kind === "worse" ? colours.red : kind === "better" ? colours.green : colours.yellow;
  const room = width ?? Infinity;
  const who =
    principals === 1
      ? printable(principal.arn)
      : `${count(principals)} principals, such as ${printable(principal.arn)}`;
  const lines = [
    ...actionsText("+", gained, facts),
    ...actionsText("−", lost, facts),
    ...policies.map((policy) => policyText(policy)),
  ];
  return [
    ...wordWrapped(`${TITLES[kind]}: ${who}`, room).map((text_, i) => (i === 0 ? colour(text_) : text_)),
    ...lines.flatMap((text_) => wordWrapped(text_, room - 4).map((part, i) => `${i === 0 ? "  " : "    "}${part}`)),
  ].join("\n");
}

const TITLES: Readonly<Record<PrincipalChangeKind, string>> = {
  worse: "may do more",
  new: "came",
  "other-terms": "may do the same on other terms",
  better: "may do less",
  gone: "gone",
  same: "may do the same",
};

function actionsText(
  sign: string,
  actions: IntervalSet,
  { catalog, actions: all }: RunDifferencesFacts,
): readonly string[] {
  const number = size(actions);
  if (number === 0) return [];
  const names = levelled(catalog, actions).map(({ action }) => action);
  const shown = all ? names : names.slice(0, MOST_NAMES);
  const more = number > shown.length ? ` and ${count(number - shown.length)} more` : "";
  return [`${sign}${count(number)}: ${shown.join(", ")}${more}`];
}

function policyText({ kind, from, to, gained, lost, newlyRemovable, noLongerRemovable }: PolicyChange): string {
  const { policyName = "", policyKind = "", group = null } = to ?? from ?? {};
  const isSame = from?.documentId === to?.documentId;
  const figures_ = isSame
    ? [figure("+", newlyRemovable, " may go"), figure("−", noLongerRemovable, " may go")]
    : [figure("+", gained, ""), figure("−", lost, ""), figure("", newlyRemovable, " newly may go")];
  const said = figures_.filter((part) => part !== "").join(", ");
  const what = kind === "applied" && to === undefined ? "is gone, as was recommended" : POLICIES[kind];
  const by = group === null ? "" : ` by the group ${printable(group.slice(group.lastIndexOf("/") + 1))}`;
  return `${printable(policyName)} (${policyKind})${by} ${what}${said === "" ? "" : ` (${said})`}`;
}

function figure(sign: string, actions: IntervalSet, words: string): string {
  const number = size(actions);
  return number === 0 ? "" : `${sign}${count(number)}${words}`;
}

/** A principal as one value. Names of actions only where they are asked for, since they may be thousands. */
export function principalDifference(
  change: PrincipalChange,
  names: ((actions: IntervalSet) => readonly string[]) | null,
): object {
  const { principal, kind, gained, lost, policies } = change;
  return {
    scope: "principal",
    principalArn: principal.arn,
    accountId: principal.accountId,
    change: kind,
    ...counted({ gained, lost }, names),
    policies: policies.map((policy) => policyDifference(policy, names)),
  };
}

/** A shared policy in place as one value. */
export function inPlaceDifference(
  change: PolicyChange,
  names: ((actions: IntervalSet) => readonly string[]) | null,
): object {
  return { scope: "policy", ...policyDifference(change, names) };
}

function policyDifference(change: PolicyChange, names: ((actions: IntervalSet) => readonly string[]) | null): object {
  const { kind, from, to, gained, lost, newlyRemovable, noLongerRemovable } = change;
  const { policyKey, policyName, policyKind, group } = (to ?? from)!; // one of the runs has it
  const isInBoth = from !== undefined && to !== undefined;
  return {
    policyKey,
    policyName,
    policyKind,
    group,
    change: kind,
    documentChanged: isInBoth && from.documentId !== to.documentId,
    evidenceChanged: isInBoth && from.unusedId !== to.unusedId,
    recommendedBefore: from?.recommendedAction ?? null,
    recommendedAfter: to?.recommendedAction ?? null,
    ...counted({ gained, lost, newlyRemovable, noLongerRemovable }, names),
  };
}

function counted(
  sets: Readonly<Record<string, IntervalSet>>,
  names: ((actions: IntervalSet) => readonly string[]) | null,
): object {
  return Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, names === null ? size(set) : names(set)]));
}

function actionsOf(number: number): string {
  return `${count(number)} action${number === 1 ? "" : "s"}`;
}
