import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** What one of CloudTrail's names stands for. */
export interface EventMeaning {
  /** Null where not even the service is known. */
  readonly service: string | null;
  /** Every service that it may be of, whether the catalog has it or not. */
  readonly services: readonly string[];
  /** `service:Name`, as the catalog spells it; none where the name is not known. */
  readonly actions: readonly string[];
  /** How it was found; `unmapped` where it was not. */
  readonly via: string;
  /** Where that is written; empty where it needs no saying. */
  readonly source: string;
}

/** A name with its calls; a caller has one row in event_use for each name. */
interface NameRow {
  readonly event_source: string;
  readonly event_name: string;
  readonly events: number;
  readonly denied: number;
  readonly principals: number;
  readonly last_at: string | null;
}

export type EventMapper = (eventSource: string, eventName: string) => EventMeaning;

/** Gives every distinct name that the run's events have its actions. O(distinct names). */
export function mapEventNames(db: Connection, { runId }: Run, mapEvent: EventMapper): void {
  const names = db
    .prepare<[number], NameRow>(
      `SELECT event_source, event_name, sum(events) AS events, sum(denied) AS denied, count(*) AS principals, max(last_at) AS last_at
       FROM event_use WHERE run_id = ? AND event_name <> '' GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all(runId);
  const insert = db.prepare(
    `INSERT INTO event_name (run_id, event_source, event_name, service, services, actions, via, reference, events, denied, principals, last_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { event_source, event_name, events, denied, principals, last_at } of names) {
    const { service, services, actions, via, source } = mapEvent(event_source, event_name);
    insert.run(
      runId,
      event_source,
      event_name,
      service,
      JSON.stringify(services),
      actions.length === 0 ? null : JSON.stringify(actions),
      via,
      source,
      events,
      denied,
      principals,
      last_at,
    );
  }
}
