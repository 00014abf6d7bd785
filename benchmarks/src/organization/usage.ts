import type { Random } from "../random.ts";
import type { ManagedPolicy } from "./managed-policies.ts";

/** What a role does with one service that its policies grant something of. */
export interface ServiceUsage {
  readonly service: string;
  /** Bare names of all that is granted of it. */
  readonly granted: ReadonlySet<string>;
  /** Bare names of what was not used; null: the service was not used at all. Empty: all of it was. */
  readonly unused: readonly string[] | null;
}

const WHOLE = 0.3;
const PARTLY = 0.5;

/** Draws what of its policies a role uses: three services in ten not at all, five in ten partly, the others fully. */
export function usageOf(random: Random, policies: readonly ManagedPolicy[]): readonly ServiceUsage[] {
  const services = new Map<string, Set<string>>();
  for (const action of policies.flatMap(({ granted }) => granted)) {
    const colon = action.indexOf(":");
    const names = services.get(action.slice(0, colon)) ?? new Set<string>();
    services.set(action.slice(0, colon), names.add(action.slice(colon + 1)));
  }
  return Array.from(services, ([service, granted]) => ({ service, granted, unused: unusedOf(random, granted) }));
}

function unusedOf(random: Random, granted: ReadonlySet<string>): readonly string[] | null {
  const kind = random();
  if (kind < WHOLE) return null;
  if (kind >= WHOLE + PARTLY) return [];
  const share = random();
  return [...granted].filter(() => random() < share);
}
