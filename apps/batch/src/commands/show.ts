import {
  type Connection,
  type EventView,
  type EvidenceView,
  type PolicyRecommendationRow,
  type PrincipalView,
  type RecommendationRow,
  readBlockersOf,
  readHoldersOf,
  readPolicyRecommendations,
  openForReading,
  readChanges,
  readEventsOf,
  readEvidenceOf,
  readGroupsOf,
  readMisfit,
  readRecommendations,
} from "@leastwise/store";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { changeLines } from "../format/changes.ts";
import { colourDiff } from "../format/diff.ts";
import { patchOf, policyPatchOf } from "../format/exports.ts";
import { fitLines } from "../format/fit-lines.ts";
import { printable } from "../format/printable.ts";
import { wordWrapped } from "../format/wrap.ts";
import { requiredPrincipal } from "../given/principal.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import { count } from "../progress.ts";
import { type Colors, type Terminal, write } from "../terminal.ts";

export interface ShowOptions {
  readonly db: string;
  readonly run?: string;
  readonly all?: boolean;
}

/** `leastwise show ARN`: one principal, its policies, what goes and why; or a policy that several share, what goes in place. */
export async function showCommand(arn: string, options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(options.db, options.run);
  const isWhole = options.all === true;
  try {
    tellUnfinished(db, terminal);
    const [shared] = readPolicyRecommendations(db, arn);
    if (shared !== undefined) {
      await write(terminal.out, `${sharedText(db, shared, isWhole, terminal)}\n`);
      return EXIT.done;
    }
    const principal = requiredPrincipal(db, arn);
    await write(terminal.out, `${header(db, principal, terminal)}\n`);
    for (const row of readRecommendations(db, principal.arn))
      await write(terminal.out, `\n${policyText(db, row, isWhole, terminal)}\n`);
    return EXIT.done;
  } finally {
    db.close();
  }
}

function header(db: Connection, principal: PrincipalView, { colours, width }: Terminal): string {
  const { arn, kind, account_id, marked, last_used_at, boundary_arn, left_because, unused_by, unused_since } =
    principal;
  const groups = readGroupsOf(db, principal.principal_id);
  const facts = [
    `${kind} of account ${account_id}`,
    ...(marked === "service-linked" ? ["service-linked: AWS manages its policies, so it is skipped"] : []),
    ...(marked === "identity-center" ? ["of IAM Identity Center: make the change in the permission set"] : []),
    ...(last_used_at === null ? [] : [`last used ${last_used_at.slice(0, 10)}`]),
    ...(unused_by === null ? [] : [unusedText(unused_by, unused_since)]),
    ...(left_because === null ? [] : [`left alone: ${left_because}`]),
    ...(boundary_arn === null ? [] : [`has the permissions boundary ${boundary_arn}`]),
    ...groups.map((group) => `member of ${group}`),
    ...evidenceLines(principal, readEvidenceOf(db, arn)),
    ...eventLines(readEventsOf(db, arn)),
  ];
  const room = width === null ? Infinity : width - 4;
  const lines = facts.map((fact) => `  ${wordWrapped(printable(fact), room).join("\n    ")}`);
  return [colours.bold(arn), ...lines].join("\n");
}

function eventLines(events: readonly EventView[]): readonly string[] {
  if (events.length === 0) return [];
  const total = events.reduce((sum, event) => sum + event.events, 0);
  const kinds = events.length === 1 ? "one kind" : `${count(events.length)} kinds`;
  return [`evidence: CloudTrail, ${count(total)} event${total === 1 ? "" : "s"} of ${kinds}`];
}

function unusedText(by: NonNullable<PrincipalView["unused_by"]>, since: string | null): string {
  const source = by === "access-analyzer" ? "an Access Analyzer finding" : "the export";
  const use = since === null ? "it was never used while AWS kept track" : `its last use was on ${since.slice(0, 10)}`;
  return `unused altogether, as ${source} says (${use}); its policies are left as they are`;
}

function evidenceLines({ evidence, marked }: PrincipalView, sources: readonly EvidenceView[]): readonly string[] {
  const lines = sources.map(({ source, report_id, standing, updated_at, inputs }) => {
    const name = {
      "access-analyzer": `Access Analyzer finding ${report_id}`,
      "last-accessed": "service last accessed details",
      "plain-list": "list of unused actions",
    }[source];
    const date = updated_at === null ? "" : ` of ${updated_at.slice(0, 10)}`;
    const note = {
      counts: "",
      "not-active": ", no longer active",
      superseded: ", superseded by a newer one",
      predecessor: ", older than the principal",
      stale: ", too old to count",
    }[standing];
    const more = inputs.length > 1 ? ` and ${count(inputs.length - 1)} more` : "";
    return `evidence: ${name}${date}${note} (${inputs[0] ?? ""}${more})`;
  });
  if (evidence === "members") return ["evidence: what none of its members uses", ...lines];
  if (evidence === "use-only") return [...lines, "only use is known of it, so it keeps everything"];
  if (evidence === "none" && marked !== "service-linked")
    return [...lines, "nothing is known of its use, so it keeps everything"];
  return lines;
}

/** A policy in place: who has it, who blocks more, and what goes. */
function sharedText(db: Connection, row: PolicyRecommendationRow, isWhole: boolean, terminal: Terminal): string {
  const { colours } = terminal;
  const facts = [
    `customer managed policy of account ${row.account_id}`,
    ...readHoldersOf(db, row.policy_key).map((arn) => `attached to ${arn}`),
    ...readBlockersOf(db, row.policy_key).map(
      ({ principalArn, reason, actions }) =>
        `${count(actions)} action${actions === 1 ? "" : "s"} kept by ${principalArn ?? "the policy itself"}: ${reason}`,
    ),
  ];
  const heading = [colours.bold(printable(row.policy_key)), ...facts.map((fact) => `  ${printable(fact)}`)].join("\n");
  return `${heading}\n\n${answerText(db, { ...row, policy_kind: "in place" }, policyPatchOf(row), isWhole, terminal)}`;
}

function policyText(db: Connection, row: RecommendationRow, isWhole: boolean, terminal: Terminal): string {
  return answerText(db, row, patchOf(row), isWhole, terminal);
}

/** Of a policy that does not fit, the largest. */
const STATEMENTS_SHOWN = 3;
/** Lines of a policy's diff that a terminal shows unasked: more would drive what was said of the others off it. */
const DIFF_LINES = 60;

type Answer = (Omit<PolicyRecommendationRow, "policy_kind"> | Omit<RecommendationRow, "policy_kind">) & {
  readonly policy_kind: RecommendationRow["policy_kind"] | "in place";
};

function answerText(db: Connection, row: Answer, diff: string, isWhole: boolean, { colours, width }: Terminal): string {
  const verdict = {
    CREATE_POLICY: colours.yellow("replace"),
    DETACH_POLICY: colours.red("detach"),
    NONE: colours.green("keep"),
  }[row.recommended_action];
  const title = `${verdict}  ${colours.bold(printable(row.policy_name))} (${row.policy_kind})`;
  const left = row.left_because === null ? [] : [`  left alone: ${printable(row.left_because)}`];
  const principal = "principal_arn" in row ? row.principal_arn : null;
  const misfit = row.fit === "does-not-fit" ? readMisfit(db, row.policy_key, principal, STATEMENTS_SHOWN) : undefined;
  const copy =
    row.policy_kind === "aws" && row.recommended_action === "CREATE_POLICY"
      ? ["  as a customer managed copy, in place of the AWS managed policy"]
      : [];
  const figures = `actions ${count(row.actions_before)} → ${count(row.actions_after)}, characters ${count(row.characters_before)} → ${count(row.characters_after)}, verified`;
  const changes = changeLines(readChanges(db, row.unit_id), colours, width === null ? null : width - 2);
  const room = width === null ? Infinity : width - 4;
  const sizes = fitLines(row, misfit).map((line) => `  ${wordWrapped(line, room).join("\n    ")}`);
  return [
    title,
    `  ${figures}`,
    ...sizes,
    ...left,
    ...copy,
    ...changes.map((change) => `  ${change.replaceAll("\n", "\n  ")}`),
    ...(diff === "" ? [] : ["", ...diffLines(diff, isWhole || width === null, colours)]),
  ].join("\n");
}

/** A diff, or its start and how much more of it there is. */
function diffLines(diff: string, isWhole: boolean, colours: Colors): readonly string[] {
  const lines = colourDiff(diff, colours).trimEnd().split("\n");
  const more = lines.length - DIFF_LINES;
  if (isWhole || more <= 1) return lines;
  return [...lines.slice(0, DIFF_LINES), colours.dim(`… ${count(more)} more lines of this diff; --all shows them`)];
}
