import {
  type Connection,
  type EvidenceView,
  type PrincipalView,
  type RecommendationRow,
  findPrincipal,
  openForReading,
  readChanges,
  readEvidenceOf,
  readGroupsOf,
  readRecommendations,
  suggestPrincipals,
} from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { changeLines } from "../format/changes.ts";
import { colourDiff } from "../format/diff.ts";
import { patchOf } from "../format/exports.ts";
import { printable } from "../format/printable.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

/** `leastwise show ARN`: one principal, its policies, what goes and why. */
export async function showCommand(
  arn: string,
  options: { readonly db: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const db = openForReading(options.db);
  try {
    const principal = findPrincipal(db, arn);
    if (principal === undefined) {
      const meant = suggestPrincipals(db, arn);
      const hint =
        meant.length === 0
          ? "`leastwise query --db FILE --sql 'SELECT arn FROM principals'` lists them"
          : `did you mean ${meant.join(", ")}`;
      throw new Failure(EXIT.usage, `the database has no principal \`${arn}\``, hint);
    }
    await write(terminal.out, `${header(db, principal, terminal)}\n`);
    for (const row of readRecommendations(db, arn)) await write(terminal.out, `\n${policyText(db, row, terminal)}\n`);
    return EXIT.done;
  } finally {
    db.close();
  }
}

function header(db: Connection, principal: PrincipalView, { colours }: Terminal): string {
  const { arn, kind, account_id, marked, last_used_at, boundary_arn } = principal;
  const groups = readGroupsOf(db, principal.principal_id);
  const facts = [
    `${kind} of account ${account_id}`,
    ...(marked === "service-linked" ? ["service-linked: AWS manages its policies, so it is skipped"] : []),
    ...(marked === "identity-center" ? ["of IAM Identity Center: make the change in the permission set"] : []),
    ...(last_used_at === null ? [] : [`last used ${last_used_at.slice(0, 10)}`]),
    ...(boundary_arn === null ? [] : [`has the permissions boundary ${boundary_arn}`]),
    ...groups.map((group) => `member of ${group}`),
    ...evidenceLines(principal, readEvidenceOf(db, arn)),
  ];
  return [colours.bold(arn), ...facts.map((fact) => `  ${printable(fact)}`)].join("\n");
}

function evidenceLines({ evidence, marked }: PrincipalView, sources: readonly EvidenceView[]): readonly string[] {
  const lines = sources.map(({ source, report_id, active, updated_at, path }) => {
    const name = source === "access-analyzer" ? `Access Analyzer finding ${report_id}` : "list of unused actions";
    const date = updated_at === null ? "" : ` of ${updated_at.slice(0, 10)}`;
    return `evidence: ${name}${date}${active === 1 ? "" : ", no longer active"} (${path})`;
  });
  if (evidence === "members") return ["evidence: what none of its members uses", ...lines];
  if (evidence === "none" && marked !== "service-linked")
    return [...lines, "nothing is known of its use, so it keeps everything"];
  return lines;
}

function policyText(db: Connection, row: RecommendationRow, { colours }: Terminal): string {
  const verdict = {
    CREATE_POLICY: colours.yellow("replace"),
    DETACH_POLICY: colours.red("detach"),
    NONE: colours.green("keep"),
  }[row.recommended_action];
  const title = `${verdict}  ${colours.bold(printable(row.policy_name))} (${row.policy_kind})`;
  const figures = `actions ${count(row.actions_before)} → ${count(row.actions_after)}, characters ${count(row.characters_before)} → ${count(row.characters_after)}, verified`;
  const changes = changeLines(readChanges(db, row.unit_id), colours);
  const diff = patchOf(row);
  return [
    title,
    `  ${figures}`,
    ...changes.map((line) => `  ${line}`),
    ...(diff === "" ? [] : ["", colourDiff(diff, colours).trimEnd()]),
  ].join("\n");
}
