import { type IntervalSet, intersect, intervalSetOf, size, subtract } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

interface HolderRow {
  readonly policy_id: number;
  readonly principal_id: number;
  readonly document_id: number;
  readonly final_document_id: number | null;
  readonly left_because: string | null;
  readonly evidence: string | null;
}

interface Blocker {
  readonly policyId: number;
  /** Null for reasons that are no single principal: everybody of them keeps so much. */
  readonly principalId: number | null;
  readonly reason: string;
  readonly actions: number;
}

/**
 * Names who keeps actions in a shared policy that others do not use: what is left for the one and not for all. O(holders of shared
 * policies × intervals); memory: the holders of one policy, and the blockers.
 */
export function nameBlockers(db: Connection, { runId, catalogId }: Run): void {
  db.prepare("DELETE FROM policy_blocker WHERE run_id = ? AND principal_id IS NOT NULL").run(runId);
  const holders = db.prepare<[number], HolderRow>(
    `SELECT r.policy_id, r.principal_id, u.document_id, u.final_document_id, r.left_because, rp.evidence
     FROM recommendation r
     JOIN policy_recommendation USING (run_id, policy_id)
     JOIN unit u ON u.unit_id = r.unit_id
     JOIN run_principal rp ON rp.run_id = r.run_id AND rp.principal_id = r.principal_id
     WHERE r.run_id = ? AND u.state = 'done' ORDER BY r.policy_id, r.principal_id`,
  );
  const grants = new Grants(db, catalogId);
  const found = [...byPolicy(holders.iterate(runId))].flatMap((group) => blockersAmong(group, grants)); // nothing can be written while it is read
  const block = db.prepare(
    "INSERT INTO policy_blocker (run_id, policy_id, principal_id, reason, actions) VALUES (?, ?, ?, ?, ?)",
  );
  const blocked = db.prepare(
    "UPDATE policy_blocker SET actions = ? WHERE run_id = ? AND policy_id = ? AND principal_id IS NULL",
  );
  for (const { policyId, principalId, reason, actions } of found) {
    if (principalId === null) blocked.run(actions, runId, policyId);
    else block.run(runId, policyId, principalId, reason, actions);
  }
}

function blockersAmong(holders: readonly HolderRow[], grants: Grants): readonly Blocker[] {
  const { policy_id: policyId, document_id } = holders[0]!; // a policy has a holder
  const left = holders.map(({ final_document_id }) => grants.of(final_document_id));
  const common = left.reduce(intersect);
  const unusedByAll = size(subtract(grants.of(document_id), left.reduce(union)));
  const blockers: Blocker[] = [{ policyId, principalId: null, reason: "", actions: unusedByAll }];
  holders.forEach((holder, i) => {
    const actions = size(subtract(left[i]!, common)); // one for each holder
    if (actions > 0) blockers.push({ policyId, principalId: holder.principal_id, reason: reasonOf(holder), actions });
  });
  return blockers;
}

function* byPolicy(rows: Iterable<HolderRow>): Generator<readonly HolderRow[]> {
  let group: HolderRow[] = [];
  for (const row of rows) {
    if (group.length > 0 && group[0]?.policy_id !== row.policy_id) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
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
    const bounds = db
      .prepare<[number, number], [number, number]>(
        "SELECT lo, hi FROM grant_interval WHERE catalog_id = ? AND document_id = ? ORDER BY lo",
      )
      .raw();
    this.#read = (documentId) => bounds.all(catalogId, documentId).flat();
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
