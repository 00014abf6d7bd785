import type { PrincipalRow } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type Asked, found, searched, text } from "./asked.ts";
import { principalsCalledSo } from "./called-so.ts";
import type { Value } from "./list-query.ts";
import { type List, keysOf, queriedList, questionText } from "./list.ts";
import { conditions } from "./scanned-list.ts";

const FILTERS = {
  kind: { sql: "p.kind = $kind", words: ["role", "user", "group"] },
  evidence: { sql: "rp.evidence = $evidence", words: ["reported", "members", "use-only", "none"] },
  left: { sql: "", sqlOf: { yes: "rp.left_because IS NOT NULL", no: "rp.left_because IS NULL" } },
  unused: { sql: "rp.unused_by IS NOT NULL", words: ["yes"] },
};

const ARN = { sql: "p.arn" };
const COUNT = (sql: string) => ({ sql: `coalesce(${sql}, 0)`, isDescending: true });
const ORDERS = {
  arn: [ARN],
  name: [{ sql: "p.name" }, ARN],
  before: [COUNT("t.actions_before"), ARN],
  after: [COUNT("t.actions_after"), ARN],
  removed: [COUNT("t.actions_before - t.actions_after"), ARN],
  services: [COUNT("t.services_removed"), ARN],
};

/** All of the run's, in the order of ARNs by their index. */
const BY_ARN = `FROM principal p CROSS JOIN run_principal rp ON rp.run_id = $run AND rp.principal_id = p.principal_id`;
const BY_RUN = `FROM run_principal rp CROSS JOIN principal p ON p.principal_id = rp.principal_id`;
const BY_CALLED = `FROM json_each($called) id CROSS JOIN run_principal rp ON rp.run_id = $run AND rp.principal_id = id.value
  CROSS JOIN principal p ON p.principal_id = rp.principal_id`;
const TOTALS = "LEFT JOIN principal_total t ON t.run_id = rp.run_id AND t.principal_id = rp.principal_id";

const COLUMNS: readonly (keyof PrincipalRow)[] = [
  "arn",
  "accountId",
  "kind",
  "name",
  "evidence",
  "leftBecause",
  "unusedBy",
  "attachments",
  "actionsBefore",
  "actionsAfter",
  "servicesRemoved",
];

export const PRINCIPALS: List<PrincipalRow> = queriedList({
  filters: ["account", ...Object.keys(FILTERS)],
  sorts: Object.keys(ORDERS),
  columns: COLUMNS,
  query: (db, runId, asked) => {
    const { sort, keys } = keysOf(asked, ORDERS);
    const account = text(asked, "account") ?? null;
    const q = searched(asked);
    const given = conditions(FILTERS, asked);
    const asks = { ...given.values, run: runId, q, account };
    const isWalked = sort === "arn" && account === null;
    const called = q === null || isWalked || account !== null ? null : principalsCalledSo(db, q);
    const from = isWalked || account !== null ? BY_ARN : called === null ? BY_RUN : BY_CALLED;
    const needsTotals = sort !== "arn" && sort !== "name";
    const row = rowStatement(db);
    return {
      question: questionText("principals", runId, asked),
      from: needsTotals ? `${from} ${TOTALS}` : from,
      where: [
        ...(isWalked || account !== null ? [] : ["rp.run_id = $run"]),
        ...(account === null ? [] : ["p.account_id = $account"]),
        ...given.where,
        ...(q === null ? [] : [found("p.arn")]),
      ],
      keys,
      ids: ["p.principal_id"],
      isWalked,
      values: { ...asks, called },
      rowOf: ([id]) => row(runId, Number(id)),
      total: () => total(db, asked, asks),
    };
  },
});

function rowStatement(db: Connection): (runId: number, principalId: number) => PrincipalRow {
  const select = db.prepare<[number, number], PrincipalRow>(
    `SELECT p.arn, p.account_id AS accountId, p.kind, p.name, rp.evidence, rp.left_because AS leftBecause, rp.unused_by AS unusedBy,
            coalesce(t.attachments, 0) AS attachments, coalesce(t.actions_before, 0) AS actionsBefore,
            coalesce(t.actions_after, 0) AS actionsAfter, coalesce(t.services_removed, 0) AS servicesRemoved
     FROM run_principal rp JOIN principal p USING (principal_id) ${TOTALS}
     WHERE rp.run_id = ? AND rp.principal_id = ?`,
  );
  return (runId, principalId) => select.get(runId, principalId)!; // an id that was just read
}

/** Known for all, and for an account. */
function total(db: Connection, asked: Asked, values: Readonly<Record<string, Value>>): number | null {
  if (Object.keys(FILTERS).some((name) => (asked[name] ?? "") !== "")) return null;
  return (
    db
      .prepare<[object], number>(
        `SELECT coalesce(sum(principals), 0) FROM account_total WHERE run_id = $run ${values["account"] === null ? "" : "AND account_id = $account"}`,
      )
      .pluck()
      .get(values) ?? null
  );
}
