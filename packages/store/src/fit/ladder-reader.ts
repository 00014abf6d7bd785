import {
  type FormOfPolicy,
  type LadderCase,
  type LadderPolicy,
  type PolicyKind,
  type PrincipalKind,
  type RecommendedAction,
  type RefinementOptions,
  limitOf,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import { findOptionSet } from "../option-sets.ts";
import type { Run } from "../runs.ts";
import type { Fitting } from "./fitting.ts";

/** What of a run the ladder needs. */
export type LadderRun = Pick<Run, "runId" | "catalogId" | "optionSetId" | "engineVersion" | "options">;

/** A policy on the ladder: which question it asks, and the units that answer it in each form, as far as there are any. */
export interface Climber {
  readonly policyId: number;
  readonly documentId: number;
  readonly unusedId: number;
  /** One for each of FORMS. */
  readonly units: readonly (number | undefined)[];
}

/** A principal on the ladder, or a shared policy in place; climbers are in the order of the case's policies. */
export interface Climbers {
  readonly climbers: readonly Climber[];
  readonly ladder: LadderCase;
}

interface PolicyRow {
  readonly policy_id: number;
  readonly kind: PolicyKind;
  readonly document_id: number;
  readonly unused_id: number;
}

interface UnitRow {
  readonly unit_id: number;
  readonly state: string;
  readonly recommended_action: RecommendedAction | null;
  readonly size: number;
  readonly parts: number | null;
}

/** The options of each of FORMS for a run: its own, and these with the two shorter forms. */
export function optionsByForm(options: RefinementOptions, shortest: number): readonly RefinementOptions[] {
  return [options, { ...options, fit: { form: "inner" } }, { ...options, fit: { form: "characters", shortest } }];
}

/**
 * Reads from the store what the ladder has to know. Answers are found by their question, whoever asked it, so the same is read before
 * and after a choice is written down.
 */
export class LadderReader {
  readonly #run: LadderRun;
  readonly #fitting: Fitting;
  readonly #optionSets: readonly (number | undefined)[];
  readonly #over: Database.Statement<[object], number>;
  readonly #overInPlace: Database.Statement<[object], number>;
  readonly #kind: Database.Statement<[number], PrincipalKind>;
  readonly #policies: Database.Statement<[object], PolicyRow>;
  readonly #inPlace: Database.Statement<[object], PolicyRow>;
  readonly #besides: Database.Statement<[object], number>;
  readonly #unit: Database.Statement<[object], UnitRow>;

  /** @param fitting of a run that was asked to fit */
  constructor(db: Connection, run: LadderRun, fitting: Fitting) {
    this.#run = run;
    this.#fitting = fitting;
    const [, ...shorter] = optionsByForm(run.options, fitting.shortest ?? 0);
    this.#optionSets = [run.optionSetId, ...shorter.map((options) => findOptionSet(db, options))];
    this.#over = db.prepare<[object], number>(PRINCIPALS_OVER).pluck();
    this.#overInPlace = db.prepare<[object], number>(POLICIES_OVER).pluck();
    this.#kind = db.prepare<[number], PrincipalKind>("SELECT kind FROM principal WHERE principal_id = ?").pluck();
    this.#policies = db.prepare(
      `SELECT r.policy_id, po.kind, u.document_id, u.unused_id
       FROM recommendation r JOIN policy po USING (policy_id) JOIN unit u USING (unit_id)
       WHERE r.run_id = $runId AND r.principal_id = $principalId ORDER BY po.key`,
    );
    this.#inPlace = db.prepare(
      `SELECT policy_id, 'customer' AS kind, u.document_id, u.unused_id FROM policy_recommendation JOIN unit u USING (unit_id)
       WHERE run_id = $runId AND policy_id = $policyId`,
    );
    this.#besides = db
      .prepare<[object], number>(
        `SELECT count(*) FROM attachment a JOIN policy po USING (policy_id)
         WHERE a.run_id = $runId AND a.principal_id = $principalId AND po.kind <> 'inline' AND NOT EXISTS (
           SELECT 1 FROM recommendation r
           WHERE r.run_id = a.run_id AND r.principal_id = a.principal_id AND r.policy_id = a.policy_id)`,
      )
      .pluck();
    this.#unit = db.prepare(
      `SELECT u.unit_id, u.state, u.recommended_action, coalesce(f.characters, 0) AS size, s.parts
       FROM unit u LEFT JOIN document f ON f.document_id = u.final_document_id
       LEFT JOIN unit_split s ON s.unit_id = u.unit_id AND s.size_limit = $managed
       WHERE u.unused_id = $unusedId AND u.document_id = $documentId AND u.catalog_id = $catalogId
         AND u.option_set_id = $optionSetId AND u.engine_version = $engineVersion`,
    );
  }

  /** Principals for whom something that is to be put in place is too large as it is first written, by their ids. O(recommendations). */
  principals(): readonly number[] {
    return this.#over.all(this.#parameters());
  }

  /** The same of shared policies. */
  policiesInPlace(): readonly number[] {
    return this.#overInPlace.all(this.#parameters());
  }

  ofPrincipal(principalId: number): Climbers {
    const { limits } = this.#fitting;
    const of = { runId: this.#run.runId, principalId };
    const rows = this.#policies.all(of);
    const kind = this.#kind.get(principalId) ?? "role"; // a recommendation refers to its principal
    const attachedBesides = this.#besides.get(of) ?? 0; // a count gives a row
    return this.#climbers(rows, limitOf(limits, "inline", kind), attachedBesides);
  }

  inPlace(policyId: number): Climbers {
    return this.#climbers(this.#inPlace.all({ runId: this.#run.runId, policyId }), 0, 0);
  }

  #climbers(rows: readonly PolicyRow[], inlineLimit: number, attachedBesides: number): Climbers {
    const { managed, attachments } = this.#fitting.limits;
    const found = rows.map((row) => this.#unitsOf(row));
    const climbers = rows.map((row, i): Climber => {
      const units = found[i]!.map((unit) => unit?.unit_id); // one for each row, here and below
      return { policyId: row.policy_id, documentId: row.document_id, unusedId: row.unused_id, units };
    });
    const policies = rows.map((row, i): LadderPolicy => {
      const action = found[i]![0]?.recommended_action ?? null;
      return { isInline: row.kind === "inline", action, forms: found[i]!.map(formOf) };
    });
    return {
      climbers,
      ladder: { policies, managedLimit: managed, inlineLimit, attachments, attachedBesides },
    };
  }

  /** The plain unit's size counts whatever its state: what has no answer stays as it is. */
  #unitsOf({ document_id: documentId, unused_id: unusedId }: PolicyRow): readonly (UnitRow | undefined)[] {
    const { catalogId, engineVersion } = this.#run;
    const { managed } = this.#fitting.limits;
    return this.#optionSets.map((optionSetId) =>
      optionSetId === undefined
        ? undefined
        : this.#unit.get({ unusedId, documentId, catalogId, engineVersion, optionSetId, managed }),
    );
  }

  #parameters(): object {
    const { runId, catalogId, optionSetId, engineVersion } = this.#run;
    return { runId, catalogId, optionSetId, engineVersion, ...this.#fitting.limits };
  }
}

function formOf(unit: UnitRow | undefined, form: number): FormOfPolicy | null | undefined {
  if (unit === undefined || unit.state === "planned") return undefined;
  if (unit.state === "failed" && form > 0) return null;
  return { size: unit.size, parts: unit.parts ?? undefined };
}

/** The plain unit that a recommendation `r` began with, by its question, and its document. */
const PLAIN = `
  JOIN unit u USING (unit_id)
  JOIN unit b ON b.unused_id = u.unused_id AND b.document_id = u.document_id AND b.catalog_id = $catalogId
    AND b.option_set_id = $optionSetId AND b.engine_version = $engineVersion
  LEFT JOIN document f ON f.document_id = b.final_document_id`;

const PRINCIPALS_OVER = `
  SELECT principal_id FROM (
    SELECT r.principal_id, max(po.kind <> 'inline' AND b.recommended_action IS 'CREATE_POLICY' AND f.characters > $managed) AS has_large,
           max(po.kind = 'inline' AND b.recommended_action IS 'CREATE_POLICY') AS replaces_inline,
           sum(CASE po.kind WHEN 'inline' THEN coalesce(f.characters, 0) ELSE 0 END) AS inline_sum
    FROM recommendation r JOIN policy po USING (policy_id) ${PLAIN}
    WHERE r.run_id = $runId GROUP BY r.principal_id)
  JOIN principal p USING (principal_id)
  WHERE has_large OR (replaces_inline AND inline_sum > CASE p.kind
    WHEN 'role' THEN $roleInline WHEN 'user' THEN $userInline ELSE $groupInline END)
  ORDER BY principal_id`;

const POLICIES_OVER = `
  SELECT r.policy_id FROM policy_recommendation r ${PLAIN}
  WHERE r.run_id = $runId AND b.recommended_action = 'CREATE_POLICY' AND f.characters > $managed ORDER BY r.policy_id`;
