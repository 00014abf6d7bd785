import { fold } from "../pattern/fold.ts";

/**
 * What is unused of one service (SEMANTICS 6). `service` and `names` are case folded; `names` is sorted, each once.
 *
 * - `whole` false: exactly the actions in `names`, whether the catalog has them or not.
 * - `whole` true: every action of the service, in the catalog or not, except those in `names`.
 */
export interface UnusedService {
  readonly service: string;
  readonly whole: boolean;
  readonly names: readonly string[];
}

/** U: what is unused for one principal. Sorted by service, each service once, none of them empty. */
export type Unused = readonly UnusedService[];

/** One line of a report: a service with the unused actions' bare names, or `null` when the whole service is unused. An empty list says nothing: the edge turns AWS's empty lists into null. */
export interface UnusedReport {
  readonly service: string;
  readonly actions: readonly string[] | null;
}

export const NOTHING_UNUSED: Unused = [];

/** `iam:PassRole` leaves no trace in service-level evidence, so only naming it makes it unused (SEMANTICS 6). */
const INVISIBLE_TO_SERVICE_REPORTS: ReadonlyMap<string, readonly string[]> = new Map([["iam", ["passrole"]]]);

/** U of a report: the union of its lines, in canonical form. O(n log n) in the number of names. */
export function unusedOf(report: Iterable<UnusedReport>): Unused {
  const named = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const { service, actions } of report) {
    const key = fold(service);
    if (actions === null) whole.add(key);
    const [known, names] = [named.get(key), (actions ?? []).map(fold)];
    if (known === undefined) named.set(key, names);
    else for (const name of names) known.push(name);
  }
  const services: UnusedService[] = [];
  for (const [service, names] of named) {
    if (whole.has(service)) {
      const invisible = INVISIBLE_TO_SERVICE_REPORTS.get(service) ?? [];
      services.push({ service, whole: true, names: invisible.filter((name) => !names.includes(name)) });
    } else if (names.length > 0) {
      services.push({ service, whole: false, names: sortedOnce(names) });
    }
  }
  return services.sort(byService);
}

/** What either says is unused. Canonical in, canonical out. O(total names). */
export function unionOf(a: Unused, b: Unused): Unused {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const services = new Map(a.map((service) => [service.service, service]));
  for (const right of b) {
    const left = services.get(right.service);
    services.set(right.service, left === undefined ? right : unionOfServices(left, right));
  }
  return [...services.values()].sort(byService);
}

/** What both say is unused: U of something that several principals share (SEMANTICS 7). O(total names). */
export function intersectionOf(a: Unused, b: Unused): Unused {
  const others = new Map(b.map((service) => [service.service, service]));
  const out: UnusedService[] = [];
  for (const left of a) {
    const right = others.get(left.service);
    if (right === undefined) continue;
    const both = intersectionOfServices(left, right);
    if (both.whole || both.names.length > 0) out.push(both);
  }
  return out;
}

/** U without what was used after all; entries without names say nothing of single actions. Canonical in, canonical out. O(total names). */
export function withoutUsed(unused: Unused, used: Iterable<UnusedReport>): Unused {
  const names = new Map<string, string[]>();
  for (const { service, actions } of used) {
    if (actions === null) continue;
    const known = names.get(fold(service));
    const folded = actions.map(fold);
    if (known === undefined) names.set(fold(service), folded);
    else for (const name of folded) known.push(name);
  }
  if (names.size === 0) return unused;
  return unused.flatMap((service): Unused => {
    const kept = names.get(service.service);
    if (kept === undefined) return [service];
    if (service.whole) return [{ ...service, names: sortedOnce([...service.names, ...kept]) }];
    const without = new Set(kept);
    const left = service.names.filter((name) => !without.has(name));
    return left.length === 0 ? [] : [{ ...service, names: left }];
  });
}

/** Whether an action, given as folded service and folded bare name, is unused. `service` is the record of that service. */
export function isUnused(service: UnusedService, foldedName: string): boolean {
  return hasSorted(service.names, foldedName) !== service.whole;
}

function unionOfServices(a: UnusedService, b: UnusedService): UnusedService {
  if (a.whole && b.whole) return { ...a, names: a.names.filter((name) => hasSorted(b.names, name)) };
  if (a.whole) return { ...a, names: a.names.filter((name) => !hasSorted(b.names, name)) };
  if (b.whole) return unionOfServices(b, a);
  return { ...a, names: sortedOnce([...a.names, ...b.names]) };
}

function intersectionOfServices(a: UnusedService, b: UnusedService): UnusedService {
  if (a.whole && b.whole) return { ...a, names: sortedOnce([...a.names, ...b.names]) };
  if (a.whole) return { ...b, names: b.names.filter((name) => !hasSorted(a.names, name)) };
  if (b.whole) return intersectionOfServices(b, a);
  return { ...a, names: a.names.filter((name) => hasSorted(b.names, name)) };
}

function hasSorted(sorted: readonly string[], wanted: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted)
      low = middle + 1; // middle is inside
    else high = middle;
  }
  return sorted[low] === wanted;
}

/** Sorted by code units, each once. */
function sortedOnce(names: readonly string[]): readonly string[] {
  if (names.every((name, i) => i === 0 || names[i - 1]! < name)) return names; // as a canonical report has them; i - 1 is inside
  const sorted = [...names].sort(); // without a comparison of ours: the default order is the one wanted, and much faster
  return sorted.filter((name, i) => name !== sorted[i - 1]);
}

/** By service, of which there are no two alike. */
function byService(a: UnusedService, b: UnusedService): number {
  return a.service < b.service ? -1 : 1;
}
