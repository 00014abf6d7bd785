import { type UsageOutcome, type Windows, daysBefore } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

/** A principal as far as it matters here. */
export interface MaybeUnused {
  readonly arn: string;
  readonly kind: "role" | "user" | "group";
  readonly marked: string | null;
  readonly created_at: string | null;
  readonly last_used_at: string | null;
  readonly tracks_last_use: 0 | 1;
}

/** Who says that a principal is unused altogether, and its last use that is known of. */
export interface UnusedBy {
  readonly source: "access-analyzer" | "role-last-used";
  readonly since: string | null;
}

interface FindingRow {
  readonly updated_at: string;
  readonly last_accessed: string | null;
}

/** Tells which roles and users are unused altogether (SEMANTICS 7). */
export class UnusedPrincipals {
  readonly #runId: number;
  readonly #since: string;
  readonly #hasFindings: boolean;
  readonly #hasEvents: boolean;
  readonly #finding: Database.Statement<[number, string], FindingRow>;
  readonly #event: Database.Statement<[number, string, string], 1>;

  /** @param asOf the run's day: what was used in the window before it is in use */
  constructor(db: Connection, runId: number, asOf: string, { lastAccessed }: Windows) {
    this.#runId = runId;
    this.#since = daysBefore(asOf, lastAccessed);
    this.#hasFindings = db.prepare("SELECT 1 FROM unused_principal WHERE run_id = ? LIMIT 1").get(runId) !== undefined;
    this.#hasEvents = db.prepare("SELECT 1 FROM event_use WHERE run_id = ? LIMIT 1").get(runId) !== undefined;
    this.#finding = db.prepare(
      `SELECT updated_at, last_accessed FROM unused_principal f WHERE run_id = ? AND principal_arn = ? AND active = 1
         AND NOT EXISTS (SELECT 1 FROM unused_principal later WHERE later.run_id = f.run_id
           AND later.principal_arn = f.principal_arn AND later.report_id = f.report_id AND later.updated_at > f.updated_at)
       ORDER BY updated_at DESC, report_id DESC LIMIT 1`,
    );
    this.#event = db
      .prepare<[number, string, string], 1>(
        "SELECT 1 FROM event_use WHERE run_id = ? AND principal_arn = ? AND last_at >= ? LIMIT 1",
      )
      .pluck();
  }

  /**
   * A finding says so, or of a role the export itself, where no finding or list speaks of it: Access Analyzer reports single
   * permissions of principals in use only. Null where nobody does, and where other evidence shows use.
   */
  saidBy(principal: MaybeUnused, settled: UsageOutcome): UnusedBy | null {
    if (principal.kind === "group" || principal.marked === "service-linked") return null;
    return this.#reported(principal, settled) ?? this.#export(principal, settled);
  }

  /** The newest finding whose own newest state is active, unless the principal is younger, or anything shows later use. */
  #reported({ arn, created_at, last_used_at }: MaybeUnused, { reports, lastUse }: UsageOutcome): UnusedBy | null {
    const finding = this.#hasFindings ? this.#finding.get(this.#runId, arn) : undefined;
    if (finding === undefined || this.#hasEventSince(arn, finding.updated_at)) return null;
    const { updated_at: day } = finding;
    if ((last_used_at ?? "") > day || (created_at ?? "") > day || isSince(lastUse, day)) return null;
    const isNewer = reports.some(
      ({ source, standing, updatedAt }) =>
        source === "access-analyzer" && standing !== "not-active" && (updatedAt ?? "") > day, // such are on principals in use only
    );
    return isNewer ? null : { source: "access-analyzer", since: finding.last_accessed };
  }

  #export(role: MaybeUnused, { reports, lastUse }: UsageOutcome): UnusedBy | null {
    const { arn, kind, tracks_last_use, last_used_at, created_at } = role;
    if (kind !== "role" || tracks_last_use === 0) return null;
    if (reports.some(({ standing, source }) => standing === "counts" && source !== "last-accessed")) return null;
    if (isSince(lastUse, this.#since) || this.#hasEventSince(arn, this.#since)) return null;
    if ((last_used_at ?? "") >= this.#since || (created_at ?? "") >= this.#since) return null;
    return { source: "role-last-used", since: last_used_at };
  }

  #hasEventSince(arn: string, day: string): boolean {
    return this.#hasEvents && this.#event.get(this.#runId, arn, day) !== undefined;
  }
}

function isSince(lastUse: string | null, day: string): boolean {
  return lastUse !== null && lastUse >= day;
}
