import { type PolicyDocument, entriesOf, hasWildcard, statementsOf } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { shapeOf } from "./shape.ts";

/** How many attached policies have a wildcard entry afterwards. */
interface WildcardUse {
  /** From the policy of today. */
  kept: number;
  generated: number;
}

/** What a run's documents say, each weighed by the attached policies that have it. */
export interface AnsweredTexts {
  readonly weights: DocumentWeights;
  /** By element and entry, see `wildcardOf`. */
  readonly wildcards: ReadonlyMap<string, WildcardUse>;
  /** Of the existing documents that name accounts in ARNs. */
  readonly shapes: ReadonlyMap<number, string>;
  readonly kept: readonly { readonly documentId: number; readonly statement: number; readonly start: string }[];
}

/** How many attached policies have which document before and after. Documents have places, in the order in which they are added. */
export class DocumentWeights {
  readonly before: number[] = [];
  readonly after: number[] = [];
  readonly #places = new Map<number, number>();

  get size(): number {
    return this.before.length;
  }

  placeOf(documentId: number): number | undefined {
    return this.#places.get(documentId);
  }

  /** Gives the document's place. */
  add(documentId: number, before: number, after: number): number {
    let place = this.#places.get(documentId);
    if (place === undefined) {
      this.#places.set(documentId, (place = this.before.push(0) - 1));
      this.after.push(0);
    }
    this.before[place]! += before; // it has just been looked up, here and below
    this.after[place]! += after;
    return place;
  }

  byDocumentId(): readonly (readonly [documentId: number, place: number])[] {
    return [...this.#places].sort(([a], [b]) => a - b);
  }
}

/**
 * Reads each document of a run once, in the order of ids, since that is how they lie in the file. O(text); memory: the different wildcards,
 * and some numbers for each document.
 */
export function readAnsweredTexts(db: Connection, runId: number): AnsweredTexts {
  const weights = new DocumentWeights();
  const pairs = readPairs(db, runId, weights);
  const starts = keptSids(db, runId);
  const textOf = db.prepare<[number], string>("SELECT text FROM document WHERE document_id = ?").pluck();
  const shapes = new Map<number, string>();
  const kept: AnsweredTexts["kept"][number][] = [];
  const wildcards = new Map<string, WildcardUse>();
  const of: (readonly WildcardUse[])[] = [];
  for (const [documentId, place] of weights.byDocumentId()) {
    const text = textOf.get(documentId) ?? "{}"; // units refer to documents
    const document = JSON.parse(text) as PolicyDocument; // checked when it was read, or written by a worker
    of[place] = usesIn(document, wildcards);
    if (weights.before[place] === 0) continue; // only ever recommended
    const shape = shapeOf(text);
    if (shape !== null) shapes.set(documentId, shape);
    for (const one of keptStatements(document, starts)) kept.push({ documentId, ...one });
  }
  for (const { existing, final, attachments } of pairs) {
    const today = of[existing]!; // all have been read, here and below
    for (const use of of[final]!) use[final === existing || today.includes(use) ? "kept" : "generated"] += attachments;
  }
  return { weights, wildcards, shapes, kept };
}

/** Places of an existing document and what is to be in its place, and how many attached policies that is. */
interface Pair {
  readonly existing: number;
  readonly final: number;
  readonly attachments: number;
}

/** Weighs all documents of a run. Gives the pairs that have a document afterwards. */
function readPairs(db: Connection, runId: number, weights: DocumentWeights): readonly Pair[] {
  const rows = db
    .prepare<[number], [existing: number, final: number | null, attachments: number]>(
      `SELECT u.document_id, u.final_document_id, count(*)
       FROM unit u INDEXED BY unit_by_document CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = ?
       GROUP BY u.document_id, u.final_document_id`,
    )
    .raw();
  const pairs: Pair[] = [];
  for (const [document, finalDocument, attachments] of rows.iterate(runId)) {
    const existing = weights.add(document, attachments, 0);
    if (finalDocument === null) continue;
    pairs.push({ existing, final: weights.add(finalDocument, 0, attachments), attachments });
  }
  return pairs;
}

/** What a key of `wildcards` stands for. */
export function wildcardOf(key: string): { readonly element: "Action" | "NotAction"; readonly entry: string } {
  const element = key.startsWith("Action ") ? "Action" : "NotAction";
  return { element, entry: key.slice(element.length + 1) };
}

/** The wildcards in a document's Allow statements, each once. */
function usesIn(document: PolicyDocument, wildcards: Map<string, WildcardUse>): readonly WildcardUse[] {
  const uses: WildcardUse[] = [];
  for (const statement of statementsOf(document)) {
    if (statement.Effect !== "Allow") continue;
    for (const element of ["Action", "NotAction"] as const) {
      for (const entry of entriesOf(statement[element])) {
        if (!hasWildcard(entry)) continue;
        const key = `${element} ${entry}`;
        let use = wildcards.get(key);
        if (use === undefined) wildcards.set(key, (use = { kept: 0, generated: 0 }));
        if (!uses.includes(use)) uses.push(use);
      }
    }
  }
  return uses.length === 0 ? NONE : uses;
}

const NONE: readonly WildcardUse[] = [];

function keptSids(db: Connection, runId: number): readonly string[] {
  const sql = `SELECT start.value FROM run JOIN option_set USING (option_set_id) JOIN json_each(text, '$.keptSids') AS start WHERE run_id = ?`;
  return db.prepare<[number], string>(sql).pluck().all(runId);
}

function* keptStatements(
  document: PolicyDocument,
  starts: readonly string[],
): Generator<{ readonly statement: number; readonly start: string }> {
  if (starts.length === 0) return;
  for (const [statement, { Effect, Sid }] of statementsOf(document).entries()) {
    if (Effect !== "Allow" || Sid === undefined) continue;
    for (const start of new Set(starts)) if (Sid.startsWith(start)) yield { statement, start };
  }
}
