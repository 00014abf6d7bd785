import {
  type EventUse,
  type PlanSettings,
  type Protection,
  type Unused,
  NOTHING_UNUSED,
  intersectionOf,
  lessUsed,
  unionOf,
  usesOf,
  withoutProtected,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { INCOMPLETE_EXPORT } from "./incomplete-accounts.ts";
import type { Excludable, PrincipalExclusions } from "./left-alone.ts";
import type { PlanInput } from "./plan-input.ts";
import { PrincipalEvidence, type PrincipalSettled } from "./principal-evidence.ts";
import { type MaybeUnused, type UnusedBy, UnusedPrincipals } from "./unused-principals.ts";
import type { UnusedSets } from "./unused-sets.ts";

const PAGE = 1000;

export interface SettlerInput extends PlanInput {
  /** The run's day. */
  readonly asOf: string;
  /** The day before which events prove no use; empty where all do. */
  readonly eventsSince: string;
  readonly protection: Protection;
  readonly sets: UnusedSets;
  /** Accounts of which not everybody is known. */
  readonly incomplete: ReadonlySet<string>;
}

interface PrincipalRow extends Excludable, MaybeUnused {
  readonly principal_id: number;
}

interface MemberRow {
  readonly arn: string;
  readonly name: string;
  readonly created_at: string | null;
  readonly evidence: string;
  readonly left_because: string | null;
  readonly unused_id: number;
  readonly young_after: string | null;
}

/** What is known of one principal, before the rules by which it may be left alone. */
interface Known {
  readonly unused: Unused;
  readonly evidence: "reported" | "members" | "use-only" | "none";
  readonly youngAfter: string | null;
}

/** Finds out what all evidence says of every principal of a run, and which principals the run leaves alone (SEMANTICS 6 and 7). */
export class UsageSettler {
  readonly #db: Connection;
  readonly #runId: number;
  readonly #input: SettlerInput;
  readonly #evidence: PrincipalEvidence;
  readonly #unused: UnusedPrincipals;
  readonly #exclusions: PrincipalExclusions;
  readonly #statements: Statements;

  constructor(db: Connection, run: Run, input: SettlerInput, exclusions: PrincipalExclusions) {
    const { settings, asOf, eventsSince, tracked } = input;
    this.#db = db;
    this.#runId = run.runId;
    this.#input = input;
    this.#evidence = new PrincipalEvidence(db, run.runId, { ...settings, asOf, tracked }, eventsSince);
    this.#unused = new UnusedPrincipals(db, run.runId, asOf, settings.windows);
    this.#exclusions = exclusions;
    this.#statements = prepare(db);
  }

  settleUsersAndRoles(): void {
    this.#eachPrincipal(0, (principal) => {
      const settled = this.#evidence.of(principal.arn, principal.created_at);
      this.#keepReports(principal, settled);
      this.#keep(principal, settled, this.#unused.saidBy(principal, settled), null);
    });
  }

  /**
   * A group's U is what none of its members uses, and what evidence on the group itself calls unused, less what it or any member
   * uses. A member of whom nothing is known blocks what only members tell. Who is left alone leaves the group alone too, and so does an
   * account of which not everybody is known. After the users. O(members × names).
   */
  settleGroups(): void {
    this.#eachPrincipal(1, (group) => {
      const members = this.#statements.members.all(this.#runId, group.account_id, group.name);
      const plain = this.#evidence.of(group.arn, group.created_at);
      const uses =
        plain.evidence === "reported" ? members.flatMap(({ arn, created_at }) => this.#usesOf(arn, created_at)) : [];
      const own = uses.length === 0 ? plain : this.#evidence.of(group.arn, group.created_at, uses);
      const left = members.find(({ left_because }) => left_because !== null);
      this.#keepReports(group, own);
      this.#keep(
        group,
        this.#withMembers(members, own),
        null,
        left === undefined ? null : `member-left-alone: ${left.name}`,
      );
    });
  }

  #usesOf(arn: string, createdAt: string | null): readonly EventUse[] {
    const { reports, events } = this.#evidence.of(arn, createdAt);
    return usesOf(reports).concat(events);
  }

  #withMembers(members: readonly MemberRow[], own: PrincipalSettled): Known {
    const isAgreed = members.length > 0 && members.every(({ evidence }) => evidence === "reported");
    const shared = isAgreed ? this.#sharedBy(members) : NOTHING_UNUSED;
    const days = [own.youngAfter, ...members.map(({ young_after }) => young_after)].filter((day) => day !== null);
    return {
      unused: unionOf(own.unused, lessUsed(shared, usesOf(own.reports).concat(own.events))),
      evidence: own.evidence === "reported" ? "reported" : isAgreed ? "members" : own.evidence,
      youngAfter: days.sort()[0] ?? null,
    };
  }

  /** What each of them leaves unused; equal sets count once. */
  #sharedBy(members: readonly MemberRow[]): Unused {
    const ids = [...new Set(members.map(({ unused_id }) => unused_id))];
    return ids.map((id) => this.#input.sets.read(id)).reduce(intersectionOf);
  }

  #keepReports({ principal_id }: PrincipalRow, { reports }: PrincipalSettled): void {
    for (const { source, reportId, updatedAt, standing, windowDays, claims, inputs } of reports) {
      this.#statements.insertReport.run({
        runId: this.#runId,
        principalId: principal_id,
        source,
        reportId,
        updatedAt,
        standing,
        windowDays,
        claims: JSON.stringify(claims),
        inputs: JSON.stringify(inputs),
      });
    }
  }

  #keep(
    principal: PrincipalRow,
    { unused, evidence, youngAfter }: Known,
    unusedBy: UnusedBy | null,
    forMember: string | null,
  ): void {
    const { trie, protection, sets, settings, incomplete } = this.#input;
    const isYoung = youngAfter !== null && principal.created_at !== null && principal.created_at > youngAfter;
    const left =
      this.#exclusions.ruleFor(principal) ??
      (principal.kind === "group" && incomplete.has(principal.account_id) ? INCOMPLETE_EXPORT : null) ??
      forMember ??
      (unusedBy === null ? null : "unused-principal") ??
      (isYoung ? graceRule(settings) : null);
    const unusedId = sets.idOf(unused);
    const removable = withoutProtected(trie, unused, protection);
    const removableId = removable === unused ? unusedId : sets.idOf(removable);
    this.#statements.keep.run({
      runId: this.#runId,
      principalId: principal.principal_id,
      unusedId,
      removableId: left === null ? removableId : sets.nothing,
      evidence,
      left,
      unusedBy: unusedBy?.source ?? null,
      unusedSince: unusedBy?.since ?? null,
      youngAfter,
    });
  }

  /** A page at a time, because a connection that is being read from row by row cannot write. */
  #eachPrincipal(isGroup: 0 | 1, settleOne: (principal: PrincipalRow) => void): void {
    const page = this.#db.prepare<[number, number, 0 | 1, number], PrincipalRow>(
      `SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, p.marked, rp.tags, rp.created_at, rp.last_used_at,
              rp.tracks_last_use
       FROM run_principal rp JOIN principal p USING (principal_id)
       WHERE rp.run_id = ? AND rp.principal_id > ? AND (p.kind = 'group') = ? ORDER BY rp.principal_id LIMIT ?`,
    );
    let last = 0;
    for (;;) {
      const rows = page.all(this.#runId, last, isGroup, PAGE);
      if (rows.length === 0) return;
      for (const row of rows) settleOne(row);
      last = rows.at(-1)!.principal_id; // there is one
    }
  }
}

/** What a person reads where something is too young for the evidence. */
function graceRule({ minAge, windows }: PlanSettings): string {
  return `min-age: ${minAge ?? windows.lastAccessed} days`;
}

interface Statements {
  readonly members: Database.Statement<[number, string, string], MemberRow>;
  readonly insertReport: Database.Statement;
  readonly keep: Database.Statement;
}

function prepare(db: Connection): Statements {
  return {
    members: db.prepare(
      `SELECT p.arn, p.name, rp.created_at, rp.evidence, rp.left_because, rp.unused_id, rp.young_after FROM membership m
       JOIN run_principal rp ON rp.run_id = m.run_id AND rp.principal_id = m.user_id
       JOIN principal p ON p.principal_id = m.user_id
       WHERE m.run_id = ? AND m.account_id = ? AND m.group_name = ? ORDER BY p.arn`,
    ),
    insertReport: db.prepare(
      `INSERT INTO usage_report (run_id, principal_id, source, report_id, updated_at, standing, window_days, claims, inputs)
       VALUES ($runId, $principalId, $source, $reportId, $updatedAt, $standing, $windowDays, $claims, $inputs)`,
    ),
    keep: db.prepare(
      `UPDATE run_principal SET unused_id = $unusedId, removable_id = $removableId, evidence = $evidence, left_because = $left,
         unused_by = $unusedBy, unused_since = $unusedSince, young_after = $youngAfter
       WHERE run_id = $runId AND principal_id = $principalId`,
    ),
  };
}
