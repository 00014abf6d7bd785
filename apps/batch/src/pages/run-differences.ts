import type { Page, RunDifferenceRow } from "@leastwise/api";
import { size } from "@leastwise/core";
import { PageError, type PageAsked, RunDifferences, findRun, readDifferingPrincipals } from "@leastwise/store";
import { Measure } from "../history/measure.ts";
import { type PrincipalChangeKind, principalChange } from "../history/principal-change.ts";
import type { PageCatalogs } from "./catalogs.ts";
import type { ShownRun } from "./shown-database.ts";

const CHANGES: Readonly<Record<PrincipalChangeKind, RunDifferenceRow["change"]>> = {
  worse: "wider",
  better: "narrower",
  "other-terms": "different",
  new: "new",
  gone: "gone",
  same: "same",
};

/** The run that is shown beside an older one, both measured by the shown one's catalog (docs/history.md). */
export function runDifferences(
  { db, runId, catalogId }: ShownRun,
  asked: PageAsked,
  catalogs: PageCatalogs,
  isOver: () => boolean,
  mostRows?: number,
): Page<RunDifferenceRow> {
  const from = findRun(db, asked["older"] ?? "");
  if (from === runId) throw new PageError("bad-parameter", "`older` is the run that is shown", "name another run");
  const differences = new RunDifferences(db, from, runId);
  const measure = new Measure(differences, catalogs.of(db, catalogId), catalogId);
  const page = readDifferingPrincipals(db, { from, to: runId }, asked, isOver, mostRows);
  return {
    ...page,
    rows: page.rows.map((principal) => {
      const answers = differences.answersOf(principal);
      const granted = (of: typeof answers.from): number =>
        size(measure.grantedByAll(of.map(({ documentId }) => documentId)));
      return {
        principalArn: principal.arn,
        accountId: principal.accountId,
        change: CHANGES[principalChange(principal, answers, measure).kind],
        actionsOlder: principal.isInFrom ? granted(answers.from) : null,
        actionsNewer: principal.isInTo ? granted(answers.to) : null,
      };
    }),
  };
}

export const DIFFERENCE_COLUMNS: readonly (keyof RunDifferenceRow)[] = [
  "principalArn",
  "accountId",
  "change",
  "actionsOlder",
  "actionsNewer",
];
