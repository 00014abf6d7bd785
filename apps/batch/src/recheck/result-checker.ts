import { hash } from "node:crypto";
import {
  type Change,
  type PolicyDocument,
  type RefinementOptions,
  type Unused,
  certificateText,
  fold,
  optionsOf,
} from "@leastwise/core";
import type { StoredDocument, StoredResult, StoredResults, StoredText } from "@leastwise/store";
import { canonical, changesOf } from "./canonical.ts";
import { type CheckedCatalog, checkedCatalogs } from "./checked-catalogs.ts";
import { violationText } from "./violation-text.ts";

/** Characters of existing documents that are kept for the next results that refer to them. */
const MOST_CHARACTERS = 32_000_000;

/** A text of the database, and what it says where it is what it was stored as. */
interface Checked<T> {
  readonly sha256: string;
  readonly value: T | undefined;
  /** What is wrong with it; null where nothing is. */
  readonly problem: string | null;
}

/** An existing document with what depends on it and its catalog alone, since many results share it. */
interface Existing extends Checked<PolicyDocument> {
  readonly catalogId: number;
  /** Whether the database says that it grants what it grants, once that has been asked. */
  grantsHold?: boolean;
  /** The verifier's list of entries that the catalog lacks, as JSON text. */
  readonly unknownActions: string;
}

/** What a result was computed from, beside its catalog; all of it checked. */
interface Inputs {
  readonly existing: Existing;
  readonly unused: Checked<Unused>;
  readonly options: RefinementOptions;
}

/**
 * Derives stored results again from the stored inputs, with the verifier alone: every text must have its hash, the verifier must
 * pass the result and count what is stored, and all of it together must have the certificate.
 */
export class ResultChecker {
  readonly #stored: StoredResults;
  readonly #catalogs: ReadonlyMap<number, CheckedCatalog>;
  readonly #existing = new Map<number, Existing>();
  readonly #options = new Map<number, Checked<RefinementOptions>>();
  #characters = 0;
  #unusedId: number | undefined;
  #unused: Checked<Unused> | undefined;

  constructor(stored: StoredResults) {
    this.#stored = stored;
    this.#catalogs = checkedCatalogs(stored);
  }

  /** Why a result does not hold; nothing where it does. O(entries + actions granted). */
  check(result: StoredResult): readonly string[] {
    if (result.state !== "done") return [`it has a certificate, yet its state is \`${result.state}\``];
    if (result.certificate === null) return ["it has no certificate"];
    if (!(result.engineVersion >= 1)) return [`its engine version \`${result.engineVersion}\` is none`];
    const catalog = this.#catalogs.get(result.catalogId);
    if (catalog === undefined) return ["its catalog is not there"];
    if (catalog.problem !== null) return ["its catalog is not the one that it was computed with"];
    try {
      const existing = this.#existingOf(result, catalog);
      const unused = this.#unusedOf(result.unusedId);
      const options = this.#optionsOf(result.optionSetId);
      const final = finalOf(result, existing);
      const changes = changesOf(result.changes);
      const problems = [
        ...about("the existing document", existing.problem),
        ...about("the set of unused actions", unused.problem),
        ...about("the set of options", options.problem),
        ...about("the recommended document", final?.problem ?? null),
        ...about("the list of changes", changes === undefined ? "is none" : null),
      ];
      if (problems.length > 0) return problems;
      const inputs = { existing, unused, options: options.value! }; // without a problem each is there, here and below
      return this.#verify(result, catalog, inputs, final, changes!);
    } catch (error) {
      return [`the verifier cannot read it: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  #verify(
    result: StoredResult,
    { sha256: catalog, source: catalogSource, date: catalogDate, verifier }: CheckedCatalog,
    { existing, unused, options }: Inputs,
    final: Checked<PolicyDocument> | null,
    changes: readonly Change[],
  ): readonly string[] {
    const { recommendedAction, engineVersion } = result;
    const { keptSids, fit } = options;
    const before = existing.value!; // without a problem it has a value, here and below
    const after = final === null ? null : final.value!;
    const { violations, grants } = verifier.verify({
      before,
      after,
      recommendedAction,
      unused: unused.value!,
      changes,
      keptSids,
      ...(fit === undefined ? {} : { fit }),
    });
    const granted = verifier.granted(before, unused.value!, keptSids);
    existing.grantsHold ??= this.#grantsAre(result.catalogId, result.documentId, granted.before);
    const certificate = certificateText({
      catalog,
      origin: { engineVersion, catalogSource, catalogDate },
      options,
      existing: existing.sha256,
      unused: unused.sha256,
      recommendedAction,
      recommended: final?.sha256 ?? null,
      grants,
      granted,
      changes: result.changes ?? "[]",
      unknownActions: existing.unknownActions,
    });
    return [
      ...violations.map(violationText),
      ...unless(
        result.actionsBefore === grants.before && result.actionsRemoved === grants.removed,
        "the numbers of actions are not what the documents grant",
      ),
      ...unless(
        (result.unknownActions ?? "[]") === existing.unknownActions,
        "the list of unknown actions is not what the document has",
      ),
      ...unless(existing.grantsHold, "the granted intervals of the existing document are not what it grants"),
      ...unless(
        final === null ||
          final === existing ||
          this.#grantsAre(result.catalogId, result.finalDocumentId!, granted.after), // there is a final document
        "the granted intervals of the recommended document are not what it grants",
      ),
      ...unless(
        hash("sha256", certificate) === result.certificate,
        "the certificate is not that of these inputs and this result",
      ),
    ];
  }

  /** Whether the database says of a document that it grants what these bounds hold, and that they are so many actions. */
  #grantsAre(catalogId: number, documentId: number, bounds: readonly number[]): boolean {
    const stored = this.#stored.grants(catalogId, documentId);
    let actions = 0;
    const intervals: number[] = [];
    for (let i = 0; i + 1 < bounds.length; i += 2) {
      const [lo, hi] = [bounds[i]!, bounds[i + 1]!]; // i + 1 is inside
      actions += hi - lo;
      intervals.push(lo * 2 ** 26 + hi);
    }
    return stored?.actions === actions && stored.intervals === JSON.stringify(intervals);
  }

  #existingOf({ documentId, catalogId }: StoredResult, { verifier }: CheckedCatalog): Existing {
    const known = this.#existing.get(documentId);
    if (known?.catalogId === catalogId) return known;
    const row = this.#stored.document(documentId);
    const checked = checkedDocument(row);
    const document = checked.value;
    const existing: Existing = {
      ...checked,
      catalogId,
      unknownActions: document === undefined ? "[]" : JSON.stringify(verifier.unknownActions(document)),
    };
    this.#characters += row?.text.length ?? 0;
    if (this.#characters > MOST_CHARACTERS) {
      this.#existing.clear();
      this.#characters = row?.text.length ?? 0;
    }
    this.#existing.set(documentId, existing);
    return existing;
  }

  /** All are kept: there are as many as runs with other options. */
  #optionsOf(optionSetId: number): Checked<RefinementOptions> {
    let options = this.#options.get(optionSetId);
    if (options === undefined)
      this.#options.set(optionSetId, (options = checkedOptions(this.#stored.options(optionSetId))));
    return options;
  }

  /** Results of one U stand together, so the last is all that need be kept. */
  #unusedOf(unusedId: number): Checked<Unused> {
    if (this.#unused === undefined || this.#unusedId !== unusedId) {
      const row = this.#stored.unused(unusedId);
      const checked = checkedText<Unused>(row, row === undefined ? null : textProblem(row));
      const isOdd = checked.value !== undefined && !isCanonicalUnused(checked.value);
      this.#unused = isOdd ? { ...checked, problem: "is not as a plan writes it" } : checked;
      this.#unusedId = unusedId;
    }
    return this.#unused;
  }
}

/** Null where there is to be no document. */
function finalOf(result: StoredResult, existing: Existing): Checked<PolicyDocument> | null {
  if (result.finalDocumentId === null) return null;
  return result.finalDocumentId === result.documentId ? existing : checkedDocument(result.finalDocument ?? undefined);
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
  if (typeof (text as unknown) !== "string") return "is no text";
  const found = hash("sha256", text);
  return found === sha256 ? null : `has the SHA-256 ${found}, it says ${sha256}`;
}

function checkedDocument(row: StoredDocument | undefined): Checked<PolicyDocument> {
  return checkedText(row, row === undefined ? null : documentProblem(row));
}

function checkedOptions(row: StoredText | undefined): Checked<RefinementOptions> {
  if (row === undefined) return { sha256: "", value: undefined, problem: "is not there" };
  const found = textProblem(row);
  const value = found === null ? optionsOf(row.text) : undefined;
  return { sha256: row.sha256, value, problem: found ?? (value === undefined ? "is not as a run writes it" : null) };
}

function checkedText<T>(row: StoredText | undefined, found: string | null): Checked<T> {
  if (row === undefined) return { sha256: "", value: undefined, problem: "is not there" };
  if (found !== null) return { sha256: row.sha256, value: undefined, problem: found };
  const value = canonical(row.text) as T | undefined; // what was stored, or what somebody stored with its right hash
  return { sha256: row.sha256, value, problem: value === undefined ? "is no minified JSON with each key once" : null };
}

/** Whether U is as the planner writes it: folded, services and names sorted, each once. */
function isCanonicalUnused(unused: Unused): boolean {
  return (
    Array.isArray(unused) &&
    ascends(unused.map(({ service }) => service)) &&
    unused.every(({ service, whole, names }) => {
      return isFolded(service) && typeof whole === "boolean" && names.every(isFolded) && ascends(names);
    })
  );
}

function isFolded(text: string): boolean {
  return fold(text) === text;
}

function ascends(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || texts[i - 1]! < text); // i - 1 is inside
}

function about(what: string, problem: string | null): readonly string[] {
  return problem === null ? [] : [`${what} ${problem}`];
}

function unless(holds: boolean, otherwise: string): readonly string[] {
  return holds ? [] : [otherwise];
}
