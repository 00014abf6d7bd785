import { hash } from "node:crypto";
import { type Change, type PolicyDocument, type Unused, certificateText } from "@leastwise/core";
import type { StoredDocument, StoredResult, StoredResults, StoredText } from "@leastwise/store";
import type { CheckedCatalog } from "./checked-catalogs.ts";

/** Characters of documents that are kept for the next results that refer to them. */
const MOST_CHARACTERS = 32_000_000;

/** A text of the database with its hash as computed here, and what it says. */
interface Checked<T> {
  readonly sha256: string;
  readonly characters: number;
  readonly value: T | undefined;
  /** What is wrong with it; null where it is what it was stored as. */
  readonly problem: string | null;
}

interface CheckedDocument extends Checked<PolicyDocument> {
  /** By the catalog that was asked for last: what the database says it grants, as bounds of ids … */
  grants: { readonly catalogId: number; readonly bounds: readonly number[] | undefined } | undefined;
  /** … and the verifier's list of its unknown actions, as JSON text. */
  unknown: { readonly catalogId: number; readonly text: string } | undefined;
}

/**
 * Derives stored results again from the stored inputs, with the verifier alone: every text must have its hash, the verifier must
 * pass the result, must count what is stored, and all of it together must have the certificate.
 */
export class ResultChecker {
  readonly #stored: StoredResults;
  readonly #catalogs: ReadonlyMap<number, CheckedCatalog>;
  readonly #documents = new Map<number, CheckedDocument>();
  #characters = 0;
  #unusedId: number | undefined;
  #unused: Checked<Unused> | undefined;

  constructor(stored: StoredResults, catalogs: ReadonlyMap<number, CheckedCatalog>) {
    this.#stored = stored;
    this.#catalogs = catalogs;
  }

  /** Why a result does not hold; nothing where it does. O(entries + actions granted). */
  check(result: StoredResult): readonly string[] {
    if (result.state !== "done") return [`it has a certificate, yet its state is \`${result.state}\``];
    if (result.certificate === null) return ["it has no certificate"];
    const catalog = this.#catalogs.get(result.catalogId);
    if (catalog === undefined) return ["its catalog is not there"];
    if (catalog.problem !== null) return [`its catalog is not the one that it was computed with`];
    const existing = this.#document(result.documentId);
    const unused = this.#unusedOf(result.unusedId);
    const final = result.finalDocumentId === null ? null : this.#document(result.finalDocumentId);
    const changes = parsed(result.changes ?? "[]") as readonly ChangeRow[] | undefined;
    const problems = [
      about("the existing document", existing.problem),
      about("the set of unused actions", unused.problem),
      about("the recommended document", final?.problem ?? null),
      changes === undefined ? "the changes are no JSON" : null,
    ].filter((problem) => problem !== null);
    if (problems.length > 0) return problems;
    try {
      return this.#verify(result, catalog, existing, unused, final, changes!.map(changeOf)); // it is, by the line above
    } catch (error) {
      return [`the verifier cannot read it: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  #verify(
    result: StoredResult,
    catalog: CheckedCatalog,
    existing: CheckedDocument,
    unused: Checked<Unused>,
    final: CheckedDocument | null,
    changes: readonly Change[],
  ): readonly string[] {
    const { recommendedAction } = result;
    const { verifier } = catalog;
    const before = existing.value!; // without a problem it has a value, here and below
    const after = final === null ? null : final.value!;
    const claim = { before, after, recommendedAction, unused: unused.value!, changes };
    const { violations, grants } = verifier.verify(claim);
    const granted = verifier.granted(before, claim.unused);
    if (existing.unknown?.catalogId !== result.catalogId) {
      existing.unknown = { catalogId: result.catalogId, text: JSON.stringify(verifier.unknownActions(before)) };
    }
    const unknownActions = existing.unknown.text;
    const certificate = certificateText({
      catalog: catalog.sha256,
      origin: {
        engineVersion: result.engineVersion,
        catalogSource: catalog.source,
        catalogDate: catalog.date,
      },
      granularity: result.granularity,
      existing: existing.sha256,
      unused: unused.sha256,
      recommendedAction,
      recommended: final?.sha256 ?? null,
      grants,
      granted,
      changes: result.changes ?? "[]",
      unknownActions,
    });
    const countsHold = result.actionsBefore === grants.before && result.actionsRemoved === grants.removed;
    return [
      ...violations.map(({ law, statement, message }) => {
        return `${law}, ${statement === null ? "the document" : `statement ${statement}`}: ${message}`;
      }),
      ...when(countsHold, "the numbers of actions are not what the documents grant"),
      ...when(
        (result.unknownActions ?? "[]") === unknownActions,
        "the list of unknown actions is not what the document has",
      ),
      ...when(
        this.#grantsAre(result.catalogId, result.documentId, existing, granted.before),
        "the granted intervals of the existing document are not what it grants",
      ),
      ...when(
        final === null || this.#grantsAre(result.catalogId, result.finalDocumentId, final, granted.after),
        "the granted intervals of the recommended document are not what it grants",
      ),
      ...when(
        hash("sha256", certificate) === result.certificate,
        "the certificate is not that of these inputs and this result",
      ),
    ];
  }

  #grantsAre(
    catalogId: number,
    documentId: number | null,
    document: CheckedDocument,
    bounds: readonly number[],
  ): boolean {
    if (documentId === null) return true;
    if (document.grants?.catalogId !== catalogId) {
      const found = this.#stored.grants(catalogId, documentId);
      const total = found?.bounds.reduce((sum, bound, i) => sum + (i % 2 === 0 ? -bound : bound), 0);
      document.grants = { catalogId, bounds: total === found?.actions ? found?.bounds : undefined };
    }
    const stored = document.grants.bounds;
    return stored?.length === bounds.length && bounds.every((bound, i) => bound === stored[i]);
  }

  #document(documentId: number): CheckedDocument {
    const known = this.#documents.get(documentId);
    if (known !== undefined) return known;
    const row = this.#stored.document(documentId);
    const checked = checkedText<PolicyDocument>(row, row === undefined ? null : documentProblem(row));
    const document: CheckedDocument = { ...checked, grants: undefined, unknown: undefined };
    this.#characters += document.characters;
    if (this.#characters > MOST_CHARACTERS) {
      this.#documents.clear();
      this.#characters = document.characters;
    }
    this.#documents.set(documentId, document);
    return document;
  }

  /** Results of one U stand together, so the last is all that need be kept. */
  #unusedOf(unusedId: number): Checked<Unused> {
    if (this.#unused === undefined || this.#unusedId !== unusedId) {
      const row = this.#stored.unused(unusedId);
      this.#unused = checkedText<Unused>(row, row === undefined ? null : textProblem(row));
      this.#unusedId = unusedId;
    }
    return this.#unused;
  }
}

/** Why a stored document is not what it was stored as; null where it is. */
export function documentProblem(row: StoredDocument): string | null {
  const { text, characters } = row;
  return (
    textProblem(row) ?? (characters === text.length ? null : `has ${text.length} characters, it says ${characters}`)
  );
}

/** Why a stored text is not what it was stored as; null where it is. */
export function textProblem({ sha256, text }: StoredText): string | null {
  const found = hash("sha256", text);
  return found === sha256 ? null : `has the SHA-256 ${found}, it says ${sha256}`;
}

function checkedText<T>(row: StoredText | undefined, found: string | null): Checked<T> {
  if (row === undefined) return { sha256: "", characters: 0, value: undefined, problem: "is not there" };
  const value = parsed(row.text) as T | undefined;
  const problem = found ?? (value === undefined ? "is no JSON" : null);
  return { sha256: row.sha256, characters: row.text.length, value, problem };
}

/** undefined for what is no JSON; else what the program wrote, or what somebody put in its place. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type ChangeRow = readonly [
  statement: number,
  element: Change["element"],
  entry: string | null,
  ...replacedBy: string[],
];

function changeOf([statement, element, entry, ...replacedBy]: ChangeRow): Change {
  return { statement, element, entry, replacedBy };
}

function about(what: string, problem: string | null): string | null {
  return problem === null ? null : `${what} ${problem}`;
}

function when(holds: boolean, otherwise: string): readonly string[] {
  return holds ? [] : [otherwise];
}
