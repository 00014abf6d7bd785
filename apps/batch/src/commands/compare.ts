import { type ComparisonRow, openForReading, readComparisonCounts, readComparisons } from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printable, printableJson } from "../format/printable.ts";
import { VERDICTS } from "../format/verdicts.ts";
import { wordWrapped } from "../format/wrap.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

export interface CompareOptions {
  readonly db: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const MOST_NAMED = 8;

/** `leastwise compare`: our recommendations beside AWS's own, policy by policy. */
export async function compareCommand(options: CompareOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(options.db, options.run);
  try {
    tellUnfinished(db, terminal);
    const counts = readComparisonCounts(db);
    if (counts.length === 0) {
      throw new Failure(
        EXIT.usage,
        `\`${options.db}\` has no recommendation by AWS`,
        "give `leastwise refine` the output of `aws accessanalyzer get-finding-recommendation` as well",
      );
    }
    for (const row of readComparisons(db)) {
      if (options.json === true) await write(terminal.out, `${printableJson(JSON.stringify(row))}\n`);
      else if (options.all === true || isWorthShowing(row))
        await write(terminal.out, `${comparisonText(row, terminal)}\n`);
    }
    if (options.json !== true) await write(terminal.out, summaryText(counts, options.all === true, terminal));
    return EXIT.done;
  } finally {
    db.close();
  }
}

function isWorthShowing({ verdict }: Pick<ComparisonRow, "verdict">): boolean {
  return verdict !== "same" && verdict !== "different-in-form";
}

function comparisonText(row: ComparisonRow, { colours, width }: Terminal): string {
  const { principalArn, policyName, policyKind, verdict, source, isCurrent, oursOnly, awsOnly } = row;
  const { recommendedAction, awsAction, awsError } = row;
  const colour = verdict === "tighter" ? colours.green : isWorthShowing(row) ? colours.yellow : colours.dim;
  const by = source === "security-hub" ? "Security Hub" : "Access Analyzer";
  const lines = [
    `${policyName} (${policyKind}) of ${principalArn}`,
    ...(awsAction === null ? [] : [`ours ${recommendedAction}, ${by} ${awsAction}`]),
    ...(awsError === "" ? [] : [`${by} says: ${awsError}`]),
    ...(oursOnly.length === 0 ? [] : [`only ours keeps ${named(oursOnly)}`]),
    ...(awsOnly.length === 0 ? [] : [`only AWS keeps ${named(awsOnly)}`]),
    ...(isCurrent ? [] : ["AWS has looked at another version of this policy"]),
  ];
  const room = width === null ? Infinity : width - 4;
  const body = lines.flatMap((line) => wordWrapped(printable(line), room)).map((line) => `  ${line}`);
  return [colour(VERDICTS[verdict]), ...body].join("\n");
}

function named(actions: readonly string[]): string {
  const names = actions.slice(0, MOST_NAMED).join(", ");
  return actions.length > MOST_NAMED ? `${names} and ${count(actions.length - MOST_NAMED)} more` : names;
}

function summaryText(
  counts: readonly { readonly verdict: ComparisonRow["verdict"]; readonly policies: number }[],
  all: boolean,
  { colours }: Terminal,
): string {
  const lines = counts.map(
    ({ verdict, policies }) => `${colours.dim(count(policies).padStart(9))}  ${VERDICTS[verdict]}`,
  );
  const hint = all || counts.every(isWorthShowing) ? [] : ["equal ones are not shown; --all shows them"];
  return `${["", ...lines, ...hint].join("\n")}\n`;
}
