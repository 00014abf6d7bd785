import { type UsageClaim, fold } from "@leastwise/core";
import { type Connection, type EventView, type EvidenceView, readEventsOf, readEvidenceOf } from "@leastwise/store";

/** What one source says of one principal's use of one action. */
export interface Saying {
  readonly principalArn: string;
  readonly source: EvidenceView["source"] | "cloudtrail";
  /** The finding's id, the kind of last accessed details, or CloudTrail's names. */
  readonly report: string;
  readonly date: string | null;
  /** Of events: `stale` where they are older than their window. */
  readonly standing: EvidenceView["standing"];
  readonly windowDays: number | null;
  /** `silent`: it speaks of the principal, and not of this action. */
  readonly state: UsageClaim["state"] | "silent";
  /** Whether it speaks of the service as a whole. */
  readonly wholeService: boolean;
  readonly lastAccessed: string | null;
  /** How many that were not denied, and that were; null for reports. */
  readonly events: { readonly allowed: number; readonly denied: number } | null;
  readonly inputs: readonly string[];
}

/** Whether a saying shows use: an old report removes nothing, and what it saw used is used all the same; events have a window. */
export function showsUse({ state, standing, source }: Saying): boolean {
  return state === "used" && (standing === "counts" || (standing === "stale" && source !== "cloudtrail"));
}

/** What every source says; of reports also that they say nothing. `folded` is the folded `service:name`. */
export function sayingsOf(db: Connection, arn: string, folded: string, eventsSince: string): readonly Saying[] {
  return [
    ...readEvidenceOf(db, arn).flatMap((report) => reportSayings(arn, report, folded)),
    ...readEventsOf(db, arn).flatMap((event) => eventSayings(arn, event, folded, eventsSince)),
  ];
}

function reportSayings(principalArn: string, report: EvidenceView, folded: string): readonly Saying[] {
  const { source, report_id, standing, updated_at: date, window_days: windowDays, claims, inputs } = report;
  const common = { principalArn, source, report: report_id, date, standing, windowDays, events: null, inputs };
  const about = claims.filter((claim) => isAbout(claim, folded));
  const single = about.filter(({ actions }) => actions !== null);
  const telling = single.length > 0 ? single : about; // what names the action says all that the rest does
  if (telling.length === 0) return [{ ...common, state: "silent", wholeService: false, lastAccessed: null }];
  return telling.map(({ state, actions, lastAccessed }) =>
    Object.assign({ state, wholeService: actions === null, lastAccessed }, common),
  );
}

function isAbout({ service, actions }: UsageClaim, folded: string): boolean {
  const head = `${fold(service)}:`;
  if (!folded.startsWith(head)) return false;
  return actions === null || actions.some((name) => head + fold(name) === folded);
}

/** Calls of the action, and calls of its service whose names stand for no known action. */
function eventSayings(principalArn: string, event: EventView, folded: string, since: string): readonly Saying[] {
  const { event_source, event_name, events, denied, last_at: date } = event;
  const state = stateOf(event, folded);
  if (state === null) return [];
  return [
    {
      principalArn,
      source: "cloudtrail",
      report: `${event_source} ${event_name}`,
      date,
      standing: date === null || date >= since ? "counts" : "stale",
      windowDays: null,
      state: date === null ? "silent" : state,
      wholeService: state === "unknown",
      lastAccessed: date,
      events: { allowed: events - denied, denied },
      inputs: [],
    },
  ];
}

function stateOf({ actions, services, event_name }: EventView, folded: string): "used" | "unknown" | null {
  if (actions !== null) return actions.some((action) => fold(action) === folded) ? "used" : null;
  if (services.some((service) => fold(`${service}:${event_name}`) === folded)) return "used";
  return services.some((service) => folded.startsWith(`${fold(service)}:`)) ? "unknown" : null;
}
