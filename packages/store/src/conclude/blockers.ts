import { type IntervalSet, intersect, intervalSetOf, size, subtract } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Untouched } from "../reuse/untouched.ts";
import type { Run } from "../runs.ts";
import { boundsOf } from "./granted-intervals.ts";

interface HolderRow {
  readonly principal_id: number;
  readonly document_id: number;
  readonly final_document_id: number | null;
  readonly left_because: string | null;
  readonly evidence: string | null;
}

interface Blocker {
  /** Null for reasons that are no single principal: everybody of them keeps so much. */
  readonly principalId: number | null;
  readonly reason: string;
  readonly actions: number;
}

/**
 * Names who keeps actions in a shared policy that others do not use: what is left for the one and not for all. O(holders of shared
 * policies × intervals); memory: the holders of one policy. May be repeated.
 */
export function nameBlockers(db: Connection, { runId, catalogId }: Run, untouched?: Untouched): void {
  db.prepare("DELETE FROM policy_blocker WHERE run_id = ? AND principal_id IS NOT NULL").run(runId);
  if (untouched !== undefined) db.prepare(BLOCKERS_OF_UNTOUCHED).run({ runId, base: untouched.base });
  const holders = db.prepare<[{ readonly runId: number; readonly policyId: number }], HolderRow>(
    `SELECT r.principal_id, u.document_id, u.final_document_id, r.left_because, rp.evidence
     FROM recommendation r INDEXED BY recommendation_by_policy
     CROSS JOIN unit u ON u.unit_id = r.unit_id
     CROSS JOIN run_principal rp ON rp.run_id = r.run_id AND rp.principal_id = r.principal_id
     WHERE r.policy_id = $policyId AND r.run_id = $runId AND u.state = 'done' ORDER BY r.principal_id`,
  );
  const policies = db
    .prepare<[number], number>(
      `SELECT policy_id FROM policy_recommendation WHERE run_id = ? ${untouched === undefined ? "" : `AND policy_id NOT IN (${POLICIES_OF_UNTOUCHED})`}
       ORDER BY policy_id`,
    )
    .pluck();
  const grants = new Grants(db, catalogId);
  const block = db.prepare(
    "INSERT INTO policy_blocker (run_id, policy_id, principal_id, reason, actions) VALUES (?, ?, ?, ?, ?)",
  );
  const blocked = db.prepare(
    "UPDATE policy_blocker SET actions = ? WHERE run_id = ? AND policy_id = ? AND principal_id IS NULL",
  );
  for (const policyId of policies.all(runId)) {
    const group = holders.all({ runId, policyId });
    if (group.length === 0) continue; // none of them has an answer
    for (const { principalId, reason, actions } of blockersAmong(group, grants)) {
      if (principalId === null) blocked.run(actions, runId, policyId);
      else block.run(runId, policyId, principalId, reason, actions);
    }
  }
}

const POLICIES_OF_UNTOUCHED =
  "SELECT policy_id FROM policy WHERE account_id IN (SELECT account_id FROM temp.untouched_account)";

/** Reasons that are no principal were taken over with their figures. */
const BLOCKERS_OF_UNTOUCHED = `
  INSERT INTO policy_blocker (run_id, policy_id, principal_id, reason, actions)
  SELECT $runId, policy_id, principal_id, reason, actions FROM policy_blocker
  WHERE run_id = $base AND principal_id IS NOT NULL AND policy_id IN (${POLICIES_OF_UNTOUCHED}) ORDER BY policy_blocker_id`;

function blockersAmong(holders: readonly HolderRow[], grants: Grants): readonly Blocker[] {
  const { document_id } = holders[0]!; // a policy has a holder
  const left = holders.map(({ final_document_id }) => grants.of(final_document_id));
  const common = left.reduce(intersect);
  const unusedByAll = size(subtract(grants.of(document_id), left.reduce(union)));
  const blockers: Blocker[] = [{ principalId: null, reason: "", actions: unusedByAll }];
  holders.forEach((holder, i) => {
    const actions = size(subtract(left[i]!, common)); // one for each holder
    if (actions > 0) blockers.push({ principalId: holder.principal_id, reason: reasonOf(holder), actions });
  });
  return blockers;
}

function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  return intervalSetOf([...a, ...b]);
}

/** Why a principal keeps what others do not use. */
function reasonOf({ left_because, evidence }: HolderRow): string {
  if (left_because !== null) return `left alone: ${left_because}`;
  if (evidence === "none") return "nothing is known of its use";
  if (evidence === "use-only") return "only use is known of it, so nothing is unused";
  return "uses them, or nothing is known of their use";
}

/** What documents grant, as far as asked: few documents are asked for again and again. */
class Grants {
  readonly #known = new Map<number, IntervalSet>();
  readonly #read: (documentId: number) => IntervalSet;

  constructor(db: Connection, catalogId: number) {
    const intervals = db
      .prepare<[number, number], string>("SELECT intervals FROM grant_set WHERE catalog_id = ? AND document_id = ?")
      .pluck();
    this.#read = (documentId) => boundsOf(intervals.get(catalogId, documentId) ?? "[]");
  }

  /** Null: no document, which grants nothing. */
  of(documentId: number | null): IntervalSet {
    if (documentId === null) return [];
    let known = this.#known.get(documentId);
    if (known === undefined) {
      if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
      this.#known.set(documentId, (known = this.#read(documentId)));
    }
    return known;
  }
}

const MOST_REMEMBERED = 1000;
