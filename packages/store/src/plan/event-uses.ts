import type { EventUse } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

/** What one principal's calls by one name stand for. */
interface EventRow {
  readonly principal_id: number;
  readonly event_name: string;
  readonly services: string;
  readonly actions: string | null;
}

/** Reads what events prove of a run's principals, those in the window alone where there is one. */
export class EventUses {
  readonly #runId: number;
  readonly #since: string;
  readonly #hasAny: boolean;
  readonly #find: Database.Statement<[object], EventRow>;
  readonly #meanings = new Map<string, readonly EventUse[]>();

  /** @param since the day before which events prove no use; empty where all do */
  constructor(db: Connection, runId: number, since: string) {
    this.#runId = runId;
    this.#since = since;
    this.#hasAny = db.prepare("SELECT 1 FROM event_use WHERE run_id = ? LIMIT 1").get(runId) !== undefined;
    this.#find = db.prepare(
      `SELECT DISTINCT rp.principal_id, e.event_name, n.services, n.actions
       FROM run_principal rp JOIN principal p USING (principal_id)
       JOIN event_use e ON e.run_id = rp.run_id AND e.principal_arn = p.arn
       JOIN event_name n ON n.run_id = e.run_id AND n.event_source = e.event_source AND n.event_name = e.event_name
       WHERE rp.run_id = $runId AND rp.principal_id BETWEEN $first AND $last AND e.last_at >= $since`,
    );
  }

  /** By principal; those without any are not in it. O(its kinds of calls). */
  between(first: number, last: number): ReadonlyMap<number, readonly EventUse[]> {
    const uses = new Map<number, EventUse[]>();
    if (!this.#hasAny) return uses;
    for (const row of this.#find.all({ runId: this.#runId, first, last, since: this.#since })) {
      const known = uses.get(row.principal_id);
      if (known === undefined) uses.set(row.principal_id, [...this.#meaningOf(row)]);
      else known.push(...this.#meaningOf(row));
    }
    return uses;
  }

  /** Everybody makes the same calls, so each name is parsed once. O(distinct names) together. */
  #meaningOf(row: EventRow): readonly EventUse[] {
    const { event_name, services, actions } = row;
    const key = `${event_name} ${actions === null ? `? ${services}` : actions}`;
    let meaning = this.#meanings.get(key);
    if (meaning === undefined) this.#meanings.set(key, (meaning = usesOfEvent(row)));
    return meaning;
  }
}

/** A name that stands for no known action proves that something of the service was used, and the action of that very name if there is one. */
function usesOfEvent({ event_name, services, actions }: EventRow): readonly EventUse[] {
  if (actions === null) {
    const meant = JSON.parse(services) as readonly string[]; // the plan wrote it, here and below
    return meant.flatMap((service): readonly EventUse[] => [
      { service, actions: null },
      { service, actions: [event_name] },
    ]);
  }
  return (JSON.parse(actions) as readonly string[]).map((action) => {
    const colon = action.indexOf(":");
    return { service: action.slice(0, colon), actions: [action.slice(colon + 1)] };
  });
}
