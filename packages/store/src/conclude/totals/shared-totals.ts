import type { Connection } from "../../database.ts";
import { grown } from "./grown.ts";
import { NumberPlaces } from "./number-places.ts";
import type { Sink } from "./sink.ts";
import type { DocumentWeights } from "./weigh-documents.ts";

export interface SharedAttachment {
  readonly policyId: number;
  /** The existing document. */
  readonly document: number;
  /** What is to be in its place; null where nothing is. */
  readonly final: number | null;
  readonly action: string | null;
}

/**
 * Counts what stands in several places: managed policies, documents, and documents that differ by account ids alone. Memory: some numbers for
 * each document, and one for each attachment of a shared policy.
 */
export class SharedTotals {
  readonly #weights: DocumentWeights;
  /** Shared policies. */
  readonly #policies = new NumberPlaces();
  readonly #kinds: string[] = [];
  readonly #policyStands: Stands;
  readonly #toChange: Int32Array;
  /** Which results a shared policy has, as place of the policy × (documents + 1) + place of the document, or the last for none. */
  #results = new Float64Array(1024);
  #used = 0;
  readonly #blockers: ReadonlyMap<number, number>;
  readonly #documentStands: Stands;
  readonly #shapes: RepeatedShapes;
  readonly #shapeStands: Stands;

  constructor(db: Connection, runId: number, weights: DocumentWeights) {
    this.#weights = weights;
    const shared = db
      .prepare<[number], [policyId: number, kind: string]>(
        `SELECT r.policy_id, po.kind FROM (
           SELECT policy_id FROM recommendation INDEXED BY recommendation_by_policy WHERE run_id = ? GROUP BY policy_id HAVING count(*) > 1) AS r
         CROSS JOIN policy po ON po.policy_id = r.policy_id WHERE po.kind <> 'inline' ORDER BY r.policy_id`,
      )
      .raw();
    for (const [policyId, kind] of shared.iterate(runId)) this.#kinds[this.#policies.add(policyId)] = kind;
    const blockers = db.prepare<[number], [number, number]>(
      "SELECT policy_id, count(*) FROM policy_blocker WHERE run_id = ? GROUP BY policy_id",
    );
    this.#blockers = new Map(blockers.raw().all(runId));
    this.#toChange = new Int32Array(this.#policies.size);
    this.#policyStands = new Stands(this.#policies.size);
    this.#documentStands = new Stands(weights.size);
    this.#shapes = new RepeatedShapes(db, weights);
    this.#shapeStands = new Stands(this.#shapes.sha256.length);
  }

  /** Attachments come account by account; accounts have numbers from 1. */
  add(account: number, { policyId, document, final, action }: SharedAttachment): void {
    const today = this.#weights.placeOf(document); // every document of the run's units has one, here and below
    const later = final === null ? -1 : final === document ? today : this.#weights.placeOf(final);
    const policy = this.#policies.find(policyId);
    if (policy >= 0) {
      this.#policyStands.count(policy, account);
      this.#results = grown(this.#results, this.#used);
      this.#results[this.#used++] = policy * (this.#weights.size + 1) + (later < 0 ? this.#weights.size : later);
      if (action !== "NONE" && action !== null) this.#toChange[policy]!++; // places are inside
    }
    const isNew = this.#documentStands.count(today, account);
    const shape = this.#shapes.placeOf(today);
    if (shape < 0) return;
    this.#shapeStands.count(shape, account);
    if (isNew) this.#shapes.stands(shape, today);
  }

  write(sink: Sink): void {
    const results = this.#differentResults();
    for (const [place, kind] of this.#kinds.entries()) {
      const policyId = this.#policies.at(place);
      const { attachments, accounts } = this.#policyStands.at(place);
      const counts = [results[place]!, this.#toChange[place]!, this.#blockers.get(policyId) ?? 0]; // one for each policy
      sink("policy_total", policyId, kind, attachments, accounts, ...counts);
    }
    for (const documentId of this.#weights.ids()) {
      const { attachments, accounts } = this.#documentStands.at(this.#weights.placeOf(documentId));
      if (accounts > 1) sink("document_total", documentId, attachments, accounts);
    }
    for (const [place, sha256] of this.#shapes.sha256.entries()) {
      const { attachments, accounts } = this.#shapeStands.at(place);
      const { first, documents } = this.#shapes.at(place);
      if (documents > 1 && accounts > 1)
        sink("shape_total", sha256, this.#weights.idAt(first), documents, attachments, accounts);
    }
  }

  /** How many for each policy. */
  #differentResults(): Int32Array {
    const different = new Int32Array(this.#policies.size);
    let last = -1;
    for (const result of this.#results.subarray(0, this.#used).sort()) {
      if (result === last) continue;
      different[Math.floor(result / (this.#weights.size + 1))]!++; // it is how the policy's place got in
      last = result;
    }
    return different;
  }
}

/** In how many accounts things stand, and how often. */
class Stands {
  readonly #attachments: Int32Array;
  readonly #accounts: Int32Array;
  /** The last account in which it was seen; accounts come one after the other. */
  readonly #account: Int32Array;

  constructor(things: number) {
    this.#attachments = new Int32Array(things);
    this.#accounts = new Int32Array(things);
    this.#account = new Int32Array(things);
  }

  /** Whether it is the first time. */
  count(place: number, account: number): boolean {
    const isFirst = this.#attachments[place]!++ === 0; // places are inside, here and below
    if (this.#account[place] !== account) {
      this.#account[place] = account;
      this.#accounts[place]!++;
    }
    return isFirst;
  }

  at(place: number): { readonly attachments: number; readonly accounts: number } {
    return { attachments: this.#attachments[place]!, accounts: this.#accounts[place]! };
  }
}

/** Shapes that several of a run's documents have: the others stand for nothing but their document. */
class RepeatedShapes {
  /** By place, ascending. */
  readonly sha256: readonly string[];
  /** By the documents' places: place of the shape, or -1. */
  readonly #of: Int32Array;
  readonly #first: Int32Array;
  readonly #documents: Int32Array;

  constructor(db: Connection, weights: DocumentWeights) {
    const found = db
      .prepare<[], [documentId: number, sha256: string]>(
        `SELECT document_id, shape_sha256 FROM document_shape WHERE shape_sha256 IN (
           SELECT shape_sha256 FROM document_shape GROUP BY shape_sha256 HAVING count(*) > 1) ORDER BY shape_sha256, document_id`,
      )
      .raw();
    const shapes: string[] = [];
    this.#of = new Int32Array(weights.size).fill(-1);
    for (const [documentId, sha256] of found.iterate()) {
      const place = weights.placeOf(documentId);
      if (place < 0) continue; // of another run
      if (shapes.at(-1) !== sha256) shapes.push(sha256);
      this.#of[place] = shapes.length - 1;
    }
    this.sha256 = shapes;
    this.#first = new Int32Array(shapes.length);
    this.#documents = new Int32Array(shapes.length);
  }

  placeOf(document: number): number {
    return this.#of[document]!; // places are inside, here and below
  }

  /** Is told of each document of the shape once. */
  stands(place: number, document: number): void {
    if (this.#documents[place]!++ === 0) this.#first[place] = document;
  }

  at(place: number): { readonly first: number; readonly documents: number } {
    return { first: this.#first[place]!, documents: this.#documents[place]! };
  }
}
