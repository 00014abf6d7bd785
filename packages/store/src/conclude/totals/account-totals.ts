import type { Connection } from "../../database.ts";
import type { CatalogFacts } from "./catalog-facts.ts";
import type { GrantedFacts } from "./granted-facts.ts";
import { ServiceTally, type ServiceCounts } from "./service-tally.ts";
import type { SharedAttachment, SharedTotals } from "./shared-totals.ts";
import type { Sink } from "./sink.ts";
import type { DocumentWeights } from "./weigh-documents.ts";

/** An attached policy of an account's principal; without a policy, a principal that has none with a recommendation. */
type Row =
  | readonly [principalId: number, evidence: string | null, policyId: null, ...nothing: readonly null[]]
  | readonly [
      principalId: number,
      evidence: string | null,
      policyId: number,
      isLeft: 0 | 1,
      document: number,
      final: number | null,
      recommendedAction: string | null,
      actionsBefore: number | null,
      actionsRemoved: number | null,
    ];

type AttachmentRow = Exclude<Row, readonly [number, string | null, null, ...(readonly null[])]>;

function attachmentOf([, , policyId, , document, final, action]: AttachmentRow): SharedAttachment {
  return { policyId, document, final, action };
}

/** What the totals of attachments are made from. */
export interface AccountInput {
  readonly runId: number;
  readonly catalog: CatalogFacts;
  readonly weights: DocumentWeights;
  readonly granted: GrantedFacts;
  /** Is told of each attachment. */
  readonly shared: SharedTotals;
  /** Accounts whose totals are there already, and are only told to `shared`. */
  readonly known?: ReadonlySet<string>;
}

/**
 * Totals by account, principal and service, account by account, so that nothing is written while something is read.
 * O(attachments × services granted). Memory: one account's attachments.
 */
export function sumAccounts(db: Connection, input: AccountInput, sink: Sink): void {
  const { runId, catalog, known } = input;
  const accounts = db.prepare<[], string>("SELECT account_id FROM account ORDER BY account_id").pluck().all();
  const rowsOf = db
    .prepare<[{ readonly runId: number; readonly accountId: string }], Row>(
      `SELECT p.principal_id, rp.evidence, r.policy_id, r.left_because IS NOT NULL, u.document_id, u.final_document_id,
              u.recommended_action, u.actions_before, u.actions_removed
       FROM principal p
       CROSS JOIN run_principal rp ON rp.run_id = $runId AND rp.principal_id = p.principal_id
       LEFT JOIN recommendation r ON r.run_id = rp.run_id AND r.principal_id = rp.principal_id
       LEFT JOIN unit u ON u.unit_id = r.unit_id
       WHERE p.account_id = $accountId ORDER BY p.kind, p.name, p.principal_id, r.policy_id`,
    )
    .raw();
  const everywhere = catalog.services.map((): ServiceCounts & { accountsBefore: number; accountsAfter: number } => {
    return { ...NOTHING, accountsBefore: 0, accountsAfter: 0 };
  });
  const tally = new ServiceTally(catalog.services.length);
  for (const [i, accountId] of accounts.entries()) {
    const rows = rowsOf.all({ runId, accountId });
    if (rows.length === 0) continue; // not an account of this run
    if (known?.has(accountId) === true) {
      for (const row of rows) if (row[2] !== null) input.shared.add(i + 1, attachmentOf(row));
      continue;
    }
    sumAccount({ accountId, number: i + 1 }, rows, input, tally, sink);
    for (const [service, counts] of tally.take()) {
      sink("account_service_total", accountId, catalog.services[service]!, ...columnsOf(counts)); // places are inside, here and below
      const sum = everywhere[service]!;
      for (const key of KEYS) sum[key] += counts[key];
      if (counts.principalsBefore > 0) sum.accountsBefore++;
      if (counts.principalsAfter > 0) sum.accountsAfter++;
    }
  }
  if (known !== undefined) return; // whoever knows them adds them up
  for (const [service, sum] of everywhere.entries()) {
    if (sum.accountsBefore + sum.accountsAfter === 0) continue;
    sink("service_total", catalog.services[service]!, sum.accountsBefore, sum.accountsAfter, ...columnsOf(sum));
  }
}

const KEYS = [
  "attachmentsBefore",
  "attachmentsAfter",
  "principalsBefore",
  "principalsAfter",
  "principalsUnknown",
] as const satisfies readonly (keyof ServiceCounts)[];
const NOTHING: ServiceCounts = {
  attachmentsBefore: 0,
  attachmentsAfter: 0,
  principalsBefore: 0,
  principalsAfter: 0,
  principalsUnknown: 0,
};

function columnsOf(counts: ServiceCounts): readonly number[] {
  return KEYS.map((key) => counts[key]);
}

function sumAccount(
  { accountId, number }: { readonly accountId: string; readonly number: number },
  rows: readonly Row[],
  { catalog, weights, granted, shared }: AccountInput,
  tally: ServiceTally,
  sink: Sink,
): void {
  const levels = catalog.levels.map(() => [0, 0] as [before: number, after: number]);
  const sum = { principals: 0, holders: 0, attachments: 0, CREATE_POLICY: 0, DETACH_POLICY: 0, NONE: 0, failed: 0 };
  const tenths = Array.from({ length: 10 }, () => 0);
  let [before, after] = [0, 0];
  for (const [start, end] of byPrincipal(rows)) {
    sum.principals++;
    const [principalId, evidence, firstPolicy] = rows[start]!; // a group has a row
    if (firstPolicy === null) continue;
    sum.holders++;
    const isUnknown = evidence !== "reported" && evidence !== "members";
    let [ownBefore, ownAfter] = [0, 0];
    for (let i = start; i < end; i++) {
      const [, , policyId, isLeft, document, final, action, actionsBefore, actionsRemoved] = rows[i]!; // i is inside
      if (policyId === null) continue; // the only row of a principal without policies
      sum.attachments++;
      sum[action === "CREATE_POLICY" || action === "DETACH_POLICY" || action === "NONE" ? action : "failed"]++;
      tenths[tenthOf(actionsBefore ?? 0, actionsRemoved ?? 0)]!++; // of 0 to 9
      ownBefore += actionsBefore ?? 0;
      ownAfter += (actionsBefore ?? 0) - (actionsRemoved ?? 0);
      const today = weights.placeOf(document); // every document of the run's units has one, here and below
      const later = final === null ? -1 : final === document ? today : weights.placeOf(final);
      shared.add(number, { policyId, document, final, action });
      tally.addBefore(granted.servicesOf(today));
      for (let level = 0; level < levels.length; level++) levels[level]![0] += granted.actionsOf(today, level); // level is inside
      if (later < 0) continue;
      tally.addAfter(granted.servicesOf(later), !isUnknown && isLeft === 0);
      for (let level = 0; level < levels.length; level++) levels[level]![1] += granted.actionsOf(later, level); // level is inside
    }
    before += ownBefore;
    after += ownAfter;
    const services = tally.endPrincipal();
    sink(
      "principal_total",
      principalId,
      end - start,
      ownBefore,
      ownAfter,
      services.before,
      services.removed,
      isUnknown ? 1 : 0,
    );
  }
  const { principals, holders, attachments, CREATE_POLICY, DETACH_POLICY, NONE, failed } = sum;
  const changes = [CREATE_POLICY, DETACH_POLICY, NONE, failed];
  sink("account_total", accountId, principals, holders, attachments, ...changes, before, after);
  for (const [level, pair] of levels.entries())
    if (pair[0] + pair[1] > 0) sink("account_level_total", accountId, catalog.levels[level]!, ...pair); // places are inside
  for (const [tenth, attached] of tenths.entries())
    if (attached > 0) sink("reduction_total", accountId, tenth, attached);
}

/** Which tenth of its actions a policy loses, 0 to 9. */
function tenthOf(before: number, removed: number): number {
  return Math.min(9, Math.floor((10 * removed) / Math.max(before, 1)));
}

/** Where the rows of each principal start and end. */
function* byPrincipal(rows: readonly Row[]): Generator<readonly [start: number, end: number]> {
  let start = 0;
  for (let i = 1; i <= rows.length; i++) {
    if (i < rows.length && rows[i]![0] === rows[start]![0]) continue; // both are inside
    yield [start, i];
    start = i;
  }
}
