import type { PlanSettings, Settled, UsageOutcome } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import type { PrincipalExclusions } from "./left-alone.ts";
import type { UnusedBy } from "./unused-principals.ts";
import type { UnusedSets } from "./unused-sets.ts";
import type { PrincipalRow } from "./usage-batches.ts";

/** What came of a principal's evidence. */
export interface SettledPrincipal extends Pick<UsageOutcome, "reports" | "unused" | "removable" | "youngAfter"> {
  readonly evidence: Settled["evidence"] | "members";
}

/** Writes what has been settled of principals, and whether the run leaves them alone (SEMANTICS 7). */
export class PrincipalWriter {
  readonly #runId: number;
  readonly #settings: PlanSettings;
  readonly #sets: UnusedSets;
  readonly #exclusions: PrincipalExclusions;
  readonly #insertClaims: Database.Statement;
  readonly #insertReport: Database.Statement;
  readonly #keep: Database.Statement;

  constructor(
    db: Connection,
    { runId }: Run,
    settings: PlanSettings,
    sets: UnusedSets,
    exclusions: PrincipalExclusions,
  ) {
    this.#runId = runId;
    this.#settings = settings;
    this.#sets = sets;
    this.#exclusions = exclusions;
    this.#insertClaims = db.prepare("INSERT INTO usage_claims (text) VALUES (?)");
    this.#insertReport = db.prepare(
      `INSERT INTO usage_report (run_id, principal_id, source, report_id, updated_at, standing, window_days, claims_id, inputs)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#keep = db.prepare(
      `UPDATE run_principal SET unused_id = ?, removable_id = ?, evidence = ?, left_because = ?, unused_by = ?, unused_since = ?,
         young_after = ?
       WHERE run_id = ? AND principal_id = ?`,
    );
  }

  /** @param forOthers the rule by which it is left alone because of others, or null */
  write(
    principal: PrincipalRow,
    { reports, unused, removable, evidence, youngAfter }: SettledPrincipal,
    unusedBy: UnusedBy | null,
    forOthers: string | null = null,
  ): void {
    const { principal_id: id, created_at } = principal;
    for (const { source, reportId, updatedAt, standing, windowDays, claims, inputs } of reports) {
      const claimsId = this.#insertClaims.run(claims).lastInsertRowid;
      this.#insertReport.run(this.#runId, id, source, reportId, updatedAt, standing, windowDays, claimsId, inputs);
    }
    const isYoung = youngAfter !== null && created_at !== null && created_at > youngAfter;
    const left =
      this.#exclusions.ruleFor(principal) ??
      forOthers ??
      (unusedBy === null ? null : "unused-principal") ??
      (isYoung ? graceRule(this.#settings) : null);
    const unusedId = this.#sets.idOfText(unused);
    const removableId = removable === null ? unusedId : this.#sets.idOfText(removable);
    this.#keep.run(
      unusedId,
      left === null ? removableId : this.#sets.nothing,
      evidence,
      left,
      unusedBy?.source ?? null,
      unusedBy?.since ?? null,
      youngAfter,
      this.#runId,
      id,
    );
  }
}

/** What a person reads where something is too young for the evidence. */
function graceRule({ minAge, windows }: PlanSettings): string {
  return `min-age: ${minAge ?? windows.lastAccessed} days`;
}
