import { hash } from "node:crypto";
import {
  type Change,
  type Engine,
  type GrantRow,
  type OutcomeRows,
  type PolicyDocument,
  type ResolvedUnused,
  type Shard,
  type UnitFailure,
  type UnitRow,
  type Unused,
  hasWildcard,
  refinePolicy,
  resolveUnused,
  wildcardsOf,
} from "@leastwise/core";
import { Certifier, grantRow } from "../workers/refine-shards.ts";
import { canonical, changesOf } from "./canonical.ts";
import { violationText } from "./violation-text.ts";

/** An answer that somebody gave for a unit of a shard and that does not hold. */
export interface FailingAnswer {
  readonly unitId: number;
  readonly reasons: readonly string[];
}

type Answer = Extract<UnitRow, { readonly ok: true }>;

/** Why a unit can be without an answer. */
export const FAILURES: ReadonlySet<unknown> = new Set<UnitFailure["code"]>([
  "verification-failed",
  "refinement-failed",
  "out-of-memory",
  "out-of-time",
]);

/**
 * Holds what somebody says that a shard comes to against the shard itself: whoever that was, nothing of it is believed. An outcome of which
 * nothing is told here is the one that `refineToRows` would give, byte for byte, but for two things that it cannot tell cheaply:
 *
 * - whether a unit that is said to have failed would have been answered here. A failure removes nothing and is told of.
 * - for the forms of SEMANTICS 9 (`options.fit`), whether the cover that was chosen is the cheapest. That it holds is told.
 *
 * Laws 1 to 4, the counts, the hashes, the certificate and the granted intervals are the verifier's; the refiner is asked only where the laws
 * leave a choice, which is where something stands for what is left of a wildcard or was appended to a `NotAction`.
 *
 * The shard is trusted, `outcome` may be anything at all. The failing units are the shard's, each once, in its order. O(refining the shard).
 */
export function checkOutcome(engine: Engine, shard: Shard, outcome: OutcomeRows): readonly FailingAnswer[] {
  const whole = frameProblem(shard, outcome);
  if (whole !== null) return shard.units.map(({ unitId }) => ({ unitId, reasons: [whole] }));
  const checker = new OutcomeChecker(engine, shard);
  const grants = checker.checkGrants(outcome);
  return shard.units.flatMap(({ unitId, document }, place) => {
    const row = outcome.units[place]!; // as many as units, by the frame
    const reasons = [...checker.check(row, place), ...(grants.get(document) ?? [])];
    return reasons.length === 0 ? [] : [{ unitId, reasons }];
  });
}

/** Why nothing can be taken of an outcome; null where answer after answer can be looked at. */
function frameProblem(shard: Shard, outcome: OutcomeRows): string | null {
  const { units, grants } = (outcome ?? {}) as Partial<OutcomeRows>; // it may be anything, here and below
  if (!Array.isArray(units) || !Array.isArray(grants)) return "what came back is no outcome of a shard";
  if (units.length !== shard.units.length)
    return `${units.length} answers came back, the shard asks ${shard.units.length} questions`;
  const rows = units as readonly unknown[];
  const odd = shard.units.find(({ unitId }, place) => (rows[place] as Answer | undefined)?.unitId !== unitId);
  if (odd !== undefined)
    return `the answers are not to the shard's questions in their order: not that of unit ${odd.unitId}`;
  const places = new Set<unknown>();
  for (const grant of grants as readonly unknown[]) {
    const place = (grant as OutcomeRows["grants"][number] | null)?.document;
    if (places.has(place)) return "it says of a document twice what it grants";
    if (shard.documents[Number(place)]?.wantsGrants !== true || typeof place !== "number")
      return "it says what a document grants that nobody asked about";
    places.add(place);
  }
  return null;
}

class OutcomeChecker {
  readonly #engine: Engine;
  readonly #shard: Shard;
  readonly #certifier: Certifier;
  readonly #documents: PolicyDocument[] = [];
  readonly #unused: Unused[] = [];
  readonly #resolved: ResolvedUnused[] = [];

  constructor(engine: Engine, shard: Shard) {
    this.#engine = engine;
    this.#shard = shard;
    this.#certifier = new Certifier(shard);
  }

  /** What is wrong with what is said that documents grant, by the documents' places. */
  checkGrants({ units, grants }: OutcomeRows): ReadonlyMap<number, readonly string[]> {
    const { verifier } = this.#engine;
    const told = new Map(grants.map(({ document, granted }) => [document, granted]));
    const problems = new Map<number, readonly string[]>();
    this.#shard.units.forEach(({ document, unused }, place) => {
      const said = told.get(document);
      if (problems.has(document) || (said === undefined && !units[place]!.ok)) return; // as many as units; one that failed need not say it
      const { text, wantsGrants } = this.#shard.documents[document]!; // places are inside the shard's lists by contract, here and below
      if (!wantsGrants) return;
      if (said === undefined) {
        problems.set(document, ["it does not say what the existing document grants"]);
        return;
      }
      const reasons = attempt(() => {
        const before = this.#document(document);
        const { before: granted } = verifier.granted(before, this.#unusedOf(unused), this.#shard.options.keptSids);
        return grantProblems(said, grantRow(text, granted, wildcardsOf(before)), "the existing document");
      });
      problems.set(document, reasons);
    });
    return problems;
  }

  /** Why an answer does not hold; nothing where it does. */
  check(row: UnitRow, place: number): readonly string[] {
    const { ok }: { readonly ok: unknown } = row;
    if (ok !== true && ok !== false) return ["it neither says that it is an answer nor that there is none"];
    return row.ok ? attempt(() => this.#checkAnswer(row, place)) : failureProblems(row);
  }

  #checkAnswer(row: Answer, place: number): readonly string[] {
    const { recommendedAction, changes: changesText, created } = row;
    const unit = this.#shard.units[place]!;
    const { keptSids, fit } = this.#shard.options;
    const before = this.#document(unit.document);
    const unused = this.#unusedOf(unit.unused);
    const changes = changesText === null ? [] : typeof changesText === "string" ? changesOf(changesText) : undefined;
    if (changes === undefined || (changesText !== null && changes.length === 0)) return ["the list of changes is none"];
    if ((created === null) === (recommendedAction === "CREATE_POLICY"))
      return [`${printed(recommendedAction)} goes ${created === null ? "without" : "with"} a new document`];
    const text = created?.text;
    const fresh = text === undefined ? null : documentOf(text);
    if (text !== undefined && fresh === null)
      return ["the recommended document is no minified JSON with each key once"];
    const after = recommendedAction === "NONE" ? before : fresh;
    const { verifier } = this.#engine;
    const claim = { before, after, recommendedAction, unused, changes, keptSids };
    const { violations, grants } = verifier.verify(fit === undefined ? claim : { ...claim, fit });
    if (violations.length > 0) return violations.map(violationText);
    const granted = verifier.granted(before, unused, keptSids);
    const unknown = verifier.unknownActions(before);
    const unknownActions = unknown.length === 0 ? null : JSON.stringify(unknown);
    const sha256 = text === undefined ? null : hash("sha256", text);
    const texts = { changes: changesText, unknownActions, created: sha256 === null ? null : { sha256 } };
    return [
      ...unless(
        row.actionsBefore === grants.before && row.actionsRemoved === grants.removed,
        "the numbers of actions are not what the documents grant",
      ),
      ...unless(row.unknownActions === unknownActions, "the list of unknown actions is not what the document has"),
      ...(created === null || text === undefined || after === null
        ? []
        : [
            ...unless(created.sha256 === sha256, "the recommended document has another SHA-256"),
            ...grantProblems(
              created.granted,
              grantRow(text, granted.after, wildcardsOf(after)),
              "the recommended document",
            ),
          ]),
      ...unless(
        row.certificate === this.#certifier.certify({ recommendedAction, grants, granted }, place, texts),
        "the certificate is not that of these inputs and this result",
      ),
      ...unless(
        fit !== undefined || !changes.some(leavesChoice) || this.#isRefined(place, text, changesText),
        "it passes the laws, yet the refiner says something else",
      ),
    ];
  }

  /** Whether the refiner gives this document and these changes. */
  #isRefined(place: number, text: string | undefined, changes: string | null): boolean {
    const { document, unused } = this.#shard.units[place]!;
    const { trie } = this.#engine;
    const resolved = (this.#resolved[unused] ??= resolveUnused(trie, this.#unusedOf(unused)));
    const refined = refinePolicy(trie, resolved, this.#shard.options, this.#document(document));
    const changed = refined.changes.map(({ statement, element, entry, replacedBy }) => [
      statement,
      element,
      entry,
      ...replacedBy,
    ]);
    return (
      JSON.stringify(changed) === changes &&
      (refined.policy === null ? text === undefined : JSON.stringify(refined.policy) === text)
    );
  }

  #document(place: number): PolicyDocument {
    return (this.#documents[place] ??= JSON.parse(this.#shard.documents[place]!.text) as PolicyDocument); // the edge has checked it
  }

  #unusedOf(place: number): Unused {
    return (this.#unused[place] ??= JSON.parse(this.#shard.unused[place]!) as Unused); // canonical JSON that this program wrote
  }
}

/** Whether the laws allow more than one answer: what is left of a wildcard can be written in many ways, and so can what `NotAction` gets. */
function leavesChoice({ entry }: Change): boolean {
  return entry === null || hasWildcard(entry);
}

function failureProblems({ code, message }: UnitFailure): readonly string[] {
  return [
    ...unless(FAILURES.has(code), `${printed(code)} is no reason to fail`),
    ...unless(typeof (message as unknown) === "string", "it does not say why it failed"),
  ];
}

/** What is said that a document grants beside what it does. */
function grantProblems(said: GrantRow, is: GrantRow, of: string): readonly string[] {
  return [
    ...unless(
      said?.actions === is.actions && said.intervals === is.intervals,
      `the granted intervals of ${of} are not what it grants`,
    ),
    ...unless(said?.wildcards === is.wildcards, `the wildcards of ${of} are not those that it has`),
    ...unless(said?.shape === is.shape, `the shape of ${of} is not its own`),
  ];
}

/** Null where it is not as the refiner writes documents; else whatever stands there, which the verifier takes. */
function documentOf(text: unknown): PolicyDocument | null {
  const value = typeof text === "string" ? canonical(text) : undefined;
  return typeof value === "object" && value !== null ? (value as PolicyDocument) : null; // see above
}

/** Nobody's answer is to end the program, whatever stands in it. */
function attempt(check: () => readonly string[]): readonly string[] {
  try {
    return check();
  } catch (error) {
    return [`the verifier cannot read it: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function printed(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function unless(holds: boolean, otherwise: string): readonly string[] {
  return holds ? [] : [otherwise];
}
