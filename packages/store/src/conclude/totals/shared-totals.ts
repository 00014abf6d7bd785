import type { Connection } from "../../database.ts";
import type { Sink } from "./sink.ts";

interface Stands {
  attachments: number;
  accounts: number;
  /** The last account in which it was seen; accounts come one after the other. */
  account: string;
}

interface SharedPolicy extends Stands {
  readonly kind: string;
  readonly results: Set<number | null>;
  toChange: number;
}

interface Shape extends Stands {
  documents: number;
  readonly first: number;
}

export interface SharedAttachment {
  readonly policyId: number;
  readonly documentId: number;
  /** Of the document. */
  readonly place: number;
  /** Id of the document that is to be in its place. */
  readonly final: number | null;
  readonly action: string | null;
}

/** Counts what stands in several places: managed policies, documents, and documents that differ by account ids alone. */
export class SharedTotals {
  readonly #policies = new Map<number, SharedPolicy>();
  /** By the documents' places. */
  readonly #documents: ((Stands & { readonly documentId: number }) | undefined)[] = [];
  readonly #shapes = new Map<string, Shape>();
  readonly #shapeOf: ReadonlyMap<number, string>;
  readonly #blockers: ReadonlyMap<number, number>;

  constructor(db: Connection, runId: number, shapeOf: ReadonlyMap<number, string>) {
    this.#shapeOf = shapeOf;
    const shared = db.prepare<[number], { policy_id: number; kind: string }>(
      `SELECT r.policy_id, po.kind FROM (
         SELECT policy_id FROM recommendation INDEXED BY recommendation_by_policy WHERE run_id = ? GROUP BY policy_id HAVING count(*) > 1) AS r
       CROSS JOIN policy po ON po.policy_id = r.policy_id WHERE po.kind <> 'inline'`,
    );
    for (const { policy_id, kind } of shared.all(runId))
      this.#policies.set(policy_id, { ...NOWHERE, kind, results: new Set(), toChange: 0 });
    const blockers = db.prepare<[number], [number, number]>(
      "SELECT policy_id, count(*) FROM policy_blocker WHERE run_id = ? GROUP BY policy_id",
    );
    this.#blockers = new Map(blockers.raw().all(runId));
  }

  /** Attachments come account by account. */
  add(accountId: string, { policyId, documentId, place, final, action }: SharedAttachment): void {
    const policy = this.#policies.get(policyId);
    if (policy !== undefined) {
      count(policy, accountId);
      policy.results.add(final);
      if (action !== "NONE" && action !== null) policy.toChange++;
    }
    const stands = (this.#documents[place] ??= { ...NOWHERE, documentId });
    const isNew = stands.attachments === 0;
    count(stands, accountId);
    const sha256 = this.#shapeOf.get(documentId);
    if (sha256 === undefined) return;
    let shape = this.#shapes.get(sha256);
    if (shape === undefined) this.#shapes.set(sha256, (shape = { ...NOWHERE, documents: 0, first: documentId }));
    count(shape, accountId);
    if (isNew) shape.documents++;
  }

  write(sink: Sink): void {
    for (const [policyId, { kind, attachments, accounts, results, toChange }] of sorted(this.#policies)) {
      const blockers = this.#blockers.get(policyId) ?? 0;
      sink("policy_total", policyId, kind, attachments, accounts, results.size, toChange, blockers);
    }
    for (const stands of this.#documents) {
      if (stands === undefined || stands.accounts < 2) continue; // only ever recommended
      sink("document_total", stands.documentId, stands.attachments, stands.accounts);
    }
    for (const [sha256, { first, documents, attachments, accounts }] of sorted(this.#shapes))
      if (documents > 1 && accounts > 1) sink("shape_total", sha256, first, documents, attachments, accounts);
  }
}

const NOWHERE: Stands = { attachments: 0, accounts: 0, account: "" };

function count(stands: Stands, accountId: string): void {
  stands.attachments++;
  if (stands.account === accountId) return;
  stands.accounts++;
  stands.account = accountId;
}

function sorted<K extends number | string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
