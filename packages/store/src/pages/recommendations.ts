import type { RecommendationRow } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { FIT_COLUMNS } from "../fit/fit-columns.ts";
import { type Asked, choice, found, searched, text, whole } from "./asked.ts";
import { type CalledSo, calledSo } from "./called-so.ts";
import type { Value } from "./list-query.ts";
import { type List, keysOf, queriedList, questionText } from "./list.ts";
import { conditions } from "./scanned-list.ts";

const TOO_FAR =
  "(SELECT 1 FROM size_total x WHERE x.run_id = r.run_id AND x.policy_id = r.policy_id AND x.principal_id = r.principal_id";

const FILTERS = {
  policyKind: { sql: "po.kind = $policyKind", words: ["inline", "customer", "aws"] },
  action: {
    sql: "",
    sqlOf: {
      replace: "u.recommended_action = 'CREATE_POLICY'",
      detach: "u.recommended_action = 'DETACH_POLICY'",
      none: "u.recommended_action = 'NONE'",
      failed: "u.state = 'failed'",
    },
  },
  fit: {
    sql: `EXISTS ${TOO_FAR} AND x.fit = $fit)`,
    sqlOf: {
      fits: `u.state = 'done' AND NOT EXISTS ${TOO_FAR} AND x.fit <> 'fits')`,
      split: `EXISTS ${TOO_FAR} AND x.fit = $fit)`,
      "does-not-fit": `EXISTS ${TOO_FAR} AND x.fit = $fit)`,
      "too-large": `EXISTS ${TOO_FAR} AND x.fit = $fit)`,
    },
  },
};

/** Of how many percent of its actions a policy is rid; of one that grants nothing, 0. */
const FROM = "coalesce(u.actions_removed, 0) * 100 >= $removedFrom * max(coalesce(u.actions_before, 0), 1)";
const BELOW = "coalesce(u.actions_removed, 0) * 100 < $removedBelow * max(coalesce(u.actions_before, 0), 1)";

const PRINCIPAL = [{ sql: "p.arn" }, { sql: "po.key" }];
const IDS = ["r.principal_id", "r.policy_id"];
const UNIT = [{ sql: "u.unit_id" }, { sql: "r.principal_id" }, { sql: "r.policy_id" }];
const ORDERS = {
  removed: [
    { sql: "u.actions_removed", isDescending: true, isNullable: true },
    { sql: "u.recommended_action", isNullable: true },
    { sql: "u.actions_before", isNullable: true },
    ...UNIT,
  ],
  before: [
    { sql: "u.actions_before", isDescending: true, isNullable: true },
    { sql: "u.actions_removed", isNullable: true },
    ...UNIT,
  ],
  principal: PRINCIPAL,
  size: [{ sql: "s.size", isDescending: true }, { sql: "r.principal_id" }, { sql: "r.policy_id" }],
};

const NAMED =
  "CROSS JOIN principal p ON p.principal_id = r.principal_id CROSS JOIN policy po ON po.policy_id = r.policy_id";
const OF_PRINCIPAL = `FROM principal p CROSS JOIN recommendation r ON r.run_id = $run AND r.principal_id = p.principal_id
  CROSS JOIN policy po ON po.policy_id = r.policy_id CROSS JOIN unit u ON u.unit_id = r.unit_id`;
const OF_POLICY = `FROM policy po CROSS JOIN recommendation r ON r.policy_id = po.policy_id AND r.run_id = $run
  CROSS JOIN principal p ON p.principal_id = r.principal_id CROSS JOIN unit u ON u.unit_id = r.unit_id`;
const OF_UNIT = "FROM unit u CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = $run";
const OF_SIZE = `FROM size_total s CROSS JOIN recommendation r
  ON r.run_id = s.run_id AND r.principal_id = s.principal_id AND r.policy_id = s.policy_id`;
/** Of principals and policies that are called so. */
const OF_CALLED = `FROM (
    SELECT r.principal_id, r.policy_id FROM json_each($principals) id CROSS JOIN recommendation r ON r.run_id = $run AND r.principal_id = id.value
    UNION
    SELECT r.principal_id, r.policy_id FROM json_each($policies) id CROSS JOIN recommendation r ON r.policy_id = id.value AND r.run_id = $run) m
  CROSS JOIN recommendation r ON r.run_id = $run AND r.principal_id = m.principal_id AND r.policy_id = m.policy_id
  CROSS JOIN unit u ON u.unit_id = r.unit_id ${NAMED}`;
const FAILED = `FROM unit u INDEXED BY unit_failed CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = $run ${NAMED}`;

/** A policy that more principals have than this is found sooner on the way through all of them than by sorting its own. */
const MOST_SORTED = 20_000;
const MOST_OF_FIT = 2_000;

const COLUMNS: readonly (keyof RecommendationRow)[] = [
  "accountId",
  "principalArn",
  "principalName",
  "principalKind",
  "policyKey",
  "policyName",
  "policyKind",
  "recommendedAction",
  "actionsBefore",
  "actionsAfter",
  "sizeAfter",
  "sizeLimit",
  "fit",
  "leftBecause",
  "state",
];

export const RECOMMENDATIONS: List<RecommendationRow> = queriedList({
  filters: ["account", "principal", "policy", "removedFrom", "removedBelow", ...Object.keys(FILTERS)],
  sorts: Object.keys(ORDERS),
  columns: COLUMNS,
  query: (db, runId, asked) => {
    const { sort, keys } = keysOf(asked, ORDERS);
    const q = searched(asked);
    const given = conditions(FILTERS, asked);
    const removedBelow = whole(asked, "removedBelow", 0, 100);
    const values = {
      ...given.values,
      run: runId,
      q,
      account: text(asked, "account") ?? null,
      principal: text(asked, "principal") ?? null,
      policy: text(asked, "policy") ?? null,
      removedFrom: whole(asked, "removedFrom", 0, 100) ?? null,
      removedBelow: removedBelow === undefined || removedBelow === 100 ? null : removedBelow, // all that goes is 100, and is in the last bar
    };
    const isNamed = ["account", "principal", "policy", "policyKind", "q"].some((name) => (asked[name] ?? "") !== "");
    const { from, isWalked, called = {} } = source(db, sort, asked, values, isNamed);
    const row = recommendationRows(db);
    return {
      question: questionText("recommendations", runId, asked),
      from,
      where: [
        ...(from.startsWith(OF_SIZE) ? ["s.run_id = $run"] : []),
        ...(from.startsWith(OF_SIZE) && isMisfit(asked["fit"]) ? ["s.fit = $fit"] : []),
        ...(values.account === null ? [] : ["p.account_id = $account"]),
        ...(values.principal === null ? [] : ["p.arn = $principal"]),
        ...(values.policy === null ? [] : ["po.key = $policy"]),
        ...(values.removedFrom === null ? [] : [FROM]),
        ...(values.removedBelow === null ? [] : [BELOW]),
        ...given.where,
        ...(q === null ? [] : [found("p.arn", "po.key")]),
      ],
      keys,
      ids: IDS,
      isWalked,
      values: { ...values, ...called },
      rowOf: ([principalId, policyId]) => row(runId, Number(principalId), Number(policyId)),
      total: () => total(db, asked, values),
    };
  },
});

/** Where the rows come from: those of the narrowest filter, all sorted; else all, in the order of an index. */
function source(
  db: Connection,
  sort: keyof typeof ORDERS,
  asked: Asked,
  values: Readonly<Record<string, Value>>,
  isNamed: boolean,
): { readonly from: string; readonly isWalked: boolean; readonly called?: CalledSo } {
  const named = isNamed ? ` ${NAMED}` : "";
  const fit = choice(asked, "fit", Object.keys(FILTERS.fit.sqlOf));
  const needsUnit =
    ["action", "removedFrom", "removedBelow"].some((name) => (asked[name] ?? "") !== "") || fit === "fits";
  if (sort === "size")
    return sorted(`${OF_SIZE}${needsUnit ? " CROSS JOIN unit u ON u.unit_id = r.unit_id" : ""}${named}`);
  if (isMisfit(fit) && isRareFit(db, values))
    return sorted(`${OF_SIZE} CROSS JOIN unit u ON u.unit_id = r.unit_id ${NAMED}`);
  if (values["principal"] !== null || values["account"] !== null) return sorted(OF_PRINCIPAL);
  if (asked["action"] === "failed") return sorted(FAILED);
  if (values["policy"] !== null && isOnFew(db, values)) return sorted(OF_POLICY);
  const { run, q } = values;
  const called = typeof q === "string" ? calledSo(db, Number(run), q) : null;
  if (called !== null) return { from: OF_CALLED, isWalked: false, called };
  return { from: sort === "principal" ? OF_PRINCIPAL : `${OF_UNIT}${named}`, isWalked: true };
}

function sorted(from: string): { readonly from: string; readonly isWalked: false } {
  return { from, isWalked: false };
}

/** Each of them is in `size_total`. */
function isMisfit(fit: string | undefined): boolean {
  return fit !== undefined && fit !== "" && fit !== "fits";
}

/** Whether those are so few that sorting them is quicker than meeting them on the way. */
function isRareFit(db: Connection, values: Readonly<Record<string, Value>>): boolean {
  const some = db
    .prepare<[object], number>("SELECT count(*) FROM size_total WHERE run_id = $run AND fit = $fit")
    .pluck()
    .get(values);
  return (some ?? 0) <= MOST_OF_FIT;
}

function isOnFew(db: Connection, values: Readonly<Record<string, Value>>): boolean {
  const some = db
    .prepare<[object], number>(
      `SELECT count(*) FROM (SELECT 1 FROM policy po CROSS JOIN recommendation r ON r.policy_id = po.policy_id AND r.run_id = $run
       WHERE po.key = $policy LIMIT ${MOST_SORTED + 1})`,
    )
    .pluck()
    .get(values);
  return (some ?? 0) <= MOST_SORTED;
}

/** A row by run, principal and policy. */
export function recommendationRows(
  db: Connection,
): (runId: number, principalId: number, policyId: number) => RecommendationRow {
  const select = db.prepare<[object], RecommendationRow>(
    `SELECT accountId, principalArn, principalName, principalKind, policyKey, policyName, policyKind, recommendedAction, actionsBefore, actionsAfter,
            size_after AS sizeAfter, size_limit AS sizeLimit, fit, leftBecause, state
     FROM (SELECT pr.account_id AS accountId, pr.arn AS principalArn, pr.name AS principalName, pr.kind AS principalKind, po.key AS policyKey,
              po.name AS policyName, po.kind AS policyKind, u.recommended_action AS recommendedAction, u.actions_before AS actionsBefore,
              u.actions_before - u.actions_removed AS actionsAfter, r.left_because AS leftBecause, u.state, ${FIT_COLUMNS}
       FROM recommendation r
       JOIN run ON run.run_id = r.run_id
       JOIN unit u USING (unit_id)
       JOIN principal pr USING (principal_id)
       JOIN policy po USING (policy_id)
       JOIN document before ON before.document_id = u.document_id
       LEFT JOIN document after ON after.document_id = u.final_document_id
       JOIN option_set o ON o.option_set_id = u.option_set_id
       LEFT JOIN inline_size isz ON isz.run_id = r.run_id AND isz.principal_id = r.principal_id
       WHERE r.run_id = $runId AND r.principal_id = $principalId AND r.policy_id = $policyId)`,
  );
  return (runId, principalId, policyId) => select.get({ runId, principalId, policyId })!; // ids that were just read
}

const COUNTED: Readonly<Record<string, string>> = {
  replace: "to_replace",
  detach: "to_detach",
  none: "unchanged",
  failed: "failed",
};

/** Known for all, an account, and what becomes of them. */
function total(db: Connection, asked: Asked, values: Readonly<Record<string, Value>>): number | null {
  const others = ["principal", "policy", "policyKind", "fit", "removedFrom", "removedBelow"];
  if (asked["sort"] === "size" || others.some((name) => (asked[name] ?? "") !== "")) return null;
  const column = COUNTED[asked["action"] ?? ""] ?? "attachments";
  const ofAccount = values["account"] === null ? "" : "AND account_id = $account";
  return (
    db
      .prepare<[object], number>(
        `SELECT coalesce(sum(${column}), 0) FROM account_total WHERE run_id = $run ${ofAccount}`,
      )
      .pluck()
      .get(values) ?? null
  );
}
