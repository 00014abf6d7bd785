import { API_GATEWAY, API_GATEWAY_VERBS } from "./api-gateway.ts";
import { EVENT_SOURCES } from "./event-sources.ts";
import { RENAMES } from "./renames.ts";

/** What is known of actions. Services and names may be given in any case. */
export interface KnownActions {
  hasService(service: string): boolean;
  /** `service:Name` as the catalog spells it. */
  find(service: string, name: string): string | undefined;
}

/** AWS's service reference: operation → actions, by folded service and operation name: `s3:listobjectsv2` → `["s3:ListBucket"]`. */
export type Operations = ReadonlyMap<string, readonly string[]>;

/** What an event stands for. */
export interface MappedEvent {
  /** The prefix of its service; null where no known service has the source. Of several the one that has the first action. */
  readonly service: string | null;
  /** Every prefix that the source may stand for, whether the catalog has it or not: of one of them something was used. */
  readonly services: readonly string[];
  /** As the catalog spells them, each once; all are in it. */
  readonly actions: readonly string[];
  /** By what: the very name, a row of the tables, the service reference, or either of them once a version was taken off the name. */
  readonly via: "exact" | "table" | "operation" | "suffix" | "unmapped";
  /** The page behind the row, else empty. */
  readonly source: string;
}

/**
 * The actions that an event proves the use of. `README.md` says in which order, and why the very name goes first. Nothing is guessed:
 * what is not known stays unmapped. An event whose name is an action proves that one. Where a name is none and AWS documents several
 * actions for it, all are given, because nothing tells which of them it was. O(length of the name).
 */
export function mapEvent(
  known: KnownActions,
  operations: Operations,
  eventSource: string,
  eventName: string,
): MappedEvent {
  const all = prefixesOf(eventSource);
  const services = all.filter((service) => known.hasService(service));
  const direct = find(known, operations, services, eventName);
  if (direct !== undefined) return { ...direct, services: all };
  const plain = withoutVersion(eventName);
  const stripped = plain === undefined ? undefined : find(known, operations, services, plain);
  if (stripped !== undefined) return { ...stripped, services: all, via: "suffix" };
  return { service: services[0] ?? null, services: all, actions: [], via: "unmapped", source: "" };
}

const SERVICES: ReadonlyMap<string, readonly string[]> = new Map(
  EVENT_SOURCES.map(({ host, services }) => [host, services.split(" ")]),
);
const AMAZON = /\.amazonaws\.com(?:\.cn)?$/;
const REGION = /\.[a-z]{2}(?:-[a-z]+)+-\d+$/;

/** The prefixes that an event source stands for. */
function prefixesOf(eventSource: string): readonly string[] {
  const host = eventSource.toLowerCase().replace(AMAZON, "").replace(REGION, "");
  return SERVICES.get(host) ?? [host.startsWith("api.") ? host.slice("api.".length) : host];
}

/** What an event stands for, but for what its source may stand for. */
type Meaning = Omit<MappedEvent, "services">;

interface Row {
  readonly actions: readonly (readonly [service: string, name: string])[];
  readonly source: string;
}

const ROWS = rows();

/** By `service:event` in lower case. */
function rows(): ReadonlyMap<string, Row> {
  const all = new Map<string, Row>();
  for (const { service, source, events } of RENAMES) {
    for (const [event, names] of Object.entries(events)) {
      const actions = names.split(" ").map((name): readonly [string, string] => {
        const colon = name.indexOf(":");
        return colon < 0 ? [service, name] : [name.slice(0, colon), name.slice(colon + 1)];
      });
      all.set(keyOf(service, event), { actions, source });
    }
  }
  return all;
}

function keyOf(service: string, event: string): string {
  return `${service}:${event}`.toLowerCase();
}

function find(
  known: KnownActions,
  operations: Operations,
  services: readonly string[],
  name: string,
): Meaning | undefined {
  return (
    join(services, "exact", (service) => exactly(known, service, name)) ??
    join(services, "table", (service) => tabled(known, ROWS.get(keyOf(service, name)))) ??
    join(services, "table", (service) => byVerb(known, service, name)) ??
    join(services, "operation", (service) => operated(known, operations.get(keyOf(service, name))))
  );
}

interface Found {
  readonly actions: readonly string[];
  readonly source: string;
}

/** What all services of a source that know a name say of it. */
function join(
  services: readonly string[],
  via: MappedEvent["via"],
  ask: (service: string) => Found | undefined,
): Meaning | undefined {
  let first: Meaning | undefined;
  const actions = new Set<string>();
  for (const service of services) {
    const found = ask(service);
    if (found === undefined || found.actions.length === 0) continue;
    for (const action of found.actions) actions.add(action);
    first ??= { service, actions: [], via, source: found.source };
  }
  return first && { ...first, actions: [...actions] };
}

function exactly(known: KnownActions, service: string, name: string): Found | undefined {
  const exact = known.find(service, name);
  if (exact === undefined) return undefined;
  return { actions: [exact], source: "" };
}

/** A catalog need not know all that a row names. */
function tabled(known: KnownActions, row: Row | undefined): Found | undefined {
  return (
    row && {
      actions: row.actions.flatMap(([service, name]) => known.find(service, name) ?? []),
      source: row.source,
    }
  );
}

function byVerb(known: KnownActions, service: string, name: string): Found | undefined {
  if (service !== API_GATEWAY) return undefined;
  const row = API_GATEWAY_VERBS.find(({ verb }) => name.startsWith(verb) && /^[A-Z]/.test(name.slice(verb.length)));
  return row && tabled(known, { actions: [[service, row.action]], source: row.source });
}

function operated(known: KnownActions, actions: readonly string[] | undefined): Found | undefined {
  return (
    actions && {
      actions: actions.flatMap((action) => {
        const colon = action.indexOf(":");
        return known.find(action.slice(0, colon), action.slice(colon + 1)) ?? [];
      }),
      source: "",
    }
  );
}

const VERSION = /^([A-Za-z]+?)_?(?:(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d+)?|[Vv]\d+)$/;

/** A name without the date or the version of its API at the end: `Invoke20150331`, `GetFunction20150331v2`, `CreateDistribution2020_05_31`. */
function withoutVersion(name: string): string | undefined {
  return VERSION.exec(name)?.[1];
}
