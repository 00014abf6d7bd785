import {
  type EventUse,
  type PageText,
  type Protection,
  type Settled,
  type Unused,
  NOTHING_UNUSED,
  intersectionOf,
  lessUsed,
  reportOf,
  settle,
  unionOf,
  usageRow,
  usesOf,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { EventUses } from "./event-uses.ts";
import { INCOMPLETE_EXPORT } from "./incomplete-accounts.ts";
import type { PlanInput } from "./plan-input.ts";
import type { PrincipalWriter } from "./principal-writer.ts";
import type { UnusedSets } from "./unused-sets.ts";
import { sha256Of } from "./unused-sets.ts";
import type { BatchSettings, PrincipalRow } from "./usage-batches.ts";

const PAGE = 1000;

/** What settling groups takes beside the run. */
export interface GroupInput extends Pick<PlanInput, "trie" | "tracked"> {
  readonly settings: BatchSettings;
  /** The day before which events prove no use; empty where all do. */
  readonly eventsSince: string;
  readonly protection: Protection;
  readonly sets: UnusedSets;
  /** Accounts of which not everybody is known. */
  readonly incomplete: ReadonlySet<string>;
}

interface MemberRow {
  readonly principal_id: number;
  readonly arn: string;
  readonly name: string;
  readonly created_at: string | null;
  readonly evidence: string;
  readonly left_because: string | null;
  readonly unused_id: number;
  readonly young_after: string | null;
}

interface PageRow extends Omit<PageText, "active"> {
  readonly active: 0 | 1;
}

/** A principal's own evidence. */
interface Own extends Settled {
  readonly pages: readonly PageText[];
  readonly events: readonly EventUse[];
}

/** Finds out what the evidence on groups and their members says of groups (SEMANTICS 7). */
export class GroupSettler {
  readonly #runId: number;
  readonly #input: GroupInput;
  readonly #events: EventUses;
  readonly #pages: Database.Statement<[number, string], PageRow>;
  readonly #members: Database.Statement<[number, string, string], MemberRow>;
  readonly #groups: Database.Statement<[number, number, number], PrincipalRow>;

  constructor(db: Connection, { runId }: Run, input: GroupInput) {
    this.#runId = runId;
    this.#input = input;
    this.#events = new EventUses(db, runId, input.eventsSince);
    this.#pages = db.prepare(
      `SELECT source, report_id AS reportId, active, updated_at AS updatedAt, lines, input_id AS input FROM usage_page
       WHERE run_id = ? AND principal_arn = ?`,
    );
    this.#members = db.prepare(
      `SELECT p.principal_id, p.arn, p.name, rp.created_at, rp.evidence, rp.left_because, rp.unused_id, rp.young_after
       FROM membership m
       JOIN run_principal rp ON rp.run_id = m.run_id AND rp.principal_id = m.user_id
       JOIN principal p ON p.principal_id = m.user_id
       WHERE m.run_id = ? AND m.account_id = ? AND m.group_name = ? ORDER BY p.arn`,
    );
    this.#groups = db.prepare(
      `SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, p.marked, rp.tags, rp.created_at, rp.last_used_at,
              rp.tracks_last_use
       FROM run_principal rp JOIN principal p USING (principal_id)
       WHERE rp.run_id = ? AND rp.principal_id > ? AND p.kind = 'group' AND rp.evidence IS NULL ORDER BY rp.principal_id LIMIT ?`,
    );
  }

  /** After the users. A page at a time, because a connection that is being read from row by row cannot write. */
  settleAll(writer: PrincipalWriter): void {
    let last = 0;
    for (;;) {
      const groups = this.#groups.all(this.#runId, last, PAGE);
      if (groups.length === 0) return;
      for (const group of groups) this.#settle(group, writer);
      last = groups.at(-1)!.principal_id; // there is one
    }
  }

  /**
   * A group's U is what none of its members uses, and what evidence on the group itself calls unused, less what it or any member
   * uses. A member of whom nothing is known blocks what only members tell. Who is left alone leaves the group alone too, and so does an
   * account of which not everybody is known. O(members × names).
   */
  #settle(group: PrincipalRow, writer: PrincipalWriter): void {
    const { trie, tracked, protection, incomplete } = this.#input;
    const members = this.#members.all(this.#runId, group.account_id, group.name);
    const plain = this.#ownOf(group);
    const uses = plain.evidence === "reported" ? members.flatMap((member) => this.#usesOf(member)) : [];
    const own = uses.length === 0 ? plain : this.#ownOf(group, uses);
    const { evidence, ...known } = this.#withMembers(members, own);
    const row = usageRow({ trie, tracked, sha256: sha256Of }, protection, own.pages, { ...own, ...known });
    const left = members.find(({ left_because }) => left_because !== null);
    const rule = left === undefined ? null : `member-left-alone: ${left.name}`;
    writer.write(group, { ...row, evidence }, null, incomplete.has(group.account_id) ? INCOMPLETE_EXPORT : rule);
  }

  /** @param others use by others that counts as its own */
  #ownOf(
    { principal_id, arn, created_at }: Pick<PrincipalRow, "principal_id" | "arn" | "created_at">,
    others: readonly EventUse[] = [],
  ): Own {
    const { settings, tracked } = this.#input;
    const rows = this.#pages.all(this.#runId, arn);
    const pages = rows.map((row): PageText => Object.assign(row, { active: row.active === 1 }));
    const events = this.#events.between(principal_id, principal_id).get(principal_id) ?? [];
    const judgement = { ...settings.judgement, tracked, createdAt: created_at };
    return { ...settle(pages.map(reportOf), events.concat(others), judgement), pages, events };
  }

  #usesOf(member: MemberRow): readonly EventUse[] {
    const { reports, events } = this.#ownOf(member);
    return usesOf(reports).concat(events);
  }

  #withMembers(
    members: readonly MemberRow[],
    own: Own,
  ): Pick<Settled, "unused" | "youngAfter"> & { readonly evidence: Settled["evidence"] | "members" } {
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
}
