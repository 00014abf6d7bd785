import type { Unused } from "@leastwise/core";
import { fold, hasWildcard, positionsAfter, regExpOf } from "./glob.ts";

/** U, split by how it is given. Everything folded. */
export interface UnusedActions {
  readonly named: ReadonlySet<string>;
  readonly services: readonly WholeService[];
}

/** Every string that starts with `prefix`, but for `exceptions`. */
interface WholeService {
  readonly prefix: string;
  readonly exceptions: ReadonlySet<string>;
}

export function readUnused(unused: Unused): UnusedActions {
  const named = new Set<string>();
  const services: WholeService[] = [];
  for (const { service, whole, names } of unused) {
    const actions = names.map((name) => fold(`${service}:${name}`));
    if (whole) services.push({ prefix: fold(`${service}:`), exceptions: new Set(actions) });
    else for (const action of actions) named.add(action);
  }
  return { named, services };
}

export function isUnused(action: string, u: UnusedActions): boolean {
  return u.named.has(action) || u.services.some((s) => action.startsWith(s.prefix) && !s.exceptions.has(action));
}

/** For one folded entry e: whether some string of U ∩ L(e) starts with a given folded prefix. */
export function unsafePrefixes(e: string, u: UnusedActions): (q: string) => boolean {
  const unsafe = new Set<string>();
  const pattern = regExpOf(e);
  for (const action of u.named) {
    if (!pattern.test(action)) continue;
    for (let length = 0; length <= action.length; length++) unsafe.add(action.slice(0, length));
  }
  return (q) => unsafe.has(q) || u.services.some((service) => someUnusedStartsWith(q, e, service));
}

/** Whether some string matches e, starts with q and belongs to the service without being one of its exceptions. */
function someUnusedStartsWith(q: string, e: string, service: WholeService): boolean {
  if (!q.startsWith(service.prefix) && !service.prefix.startsWith(q)) return false;
  const start = q.length > service.prefix.length ? q : service.prefix;
  return positionsAfter(start, e).some((at) => {
    const rest = e.slice(at);
    // a wildcard stands for more strings than there can be exceptions
    return hasWildcard(rest) || !service.exceptions.has(start + rest);
  });
}
