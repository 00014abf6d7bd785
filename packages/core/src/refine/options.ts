import { fold } from "../pattern/fold.ts";

/** How far what is left of a wildcard is generalised: to its shortest safe word prefixes, or not at all. */
export type Granularity = "word" | "exact";

/** What people decide about how policies are refined. Part of what a result depends on, beside document, U and catalog. */
export interface RefinementOptions {
  readonly granularity: Granularity;
  /** Folded service prefix → granularity, where it differs from the default. Sorted by service. */
  readonly services: readonly (readonly [service: string, granularity: Granularity])[];
  /** Statements whose Sid starts with one of these (case matters) are left exactly as they are. Sorted, each once. */
  readonly keptSids: readonly string[];
}

/** Word prefixes everywhere, as AWS publishes them; nothing kept. */
export const DEFAULT_OPTIONS: RefinementOptions = { granularity: "word", services: [], keptSids: [] };

/**
 * The one form of all options that say the same about granularity and Sids: services folded and sorted, the last word on each, and
 * only where it differs from the default; Sids sorted, each once. O(n log n).
 */
export function canonicalOptions({ granularity, services, keptSids }: RefinementOptions): RefinementOptions {
  const own = new Map(services.map(([service, of]) => [fold(service), of]));
  return {
    granularity,
    services: [...own].filter(([, of]) => of !== granularity).sort(([a], [b]) => (a < b ? -1 : 1)),
    keptSids: [...new Set(keptSids)].sort(),
  };
}

/** The canonical JSON of options: what is hashed and stored, and what certificates bear. */
export function optionsText(options: RefinementOptions): string {
  return JSON.stringify(canonicalOptions(options));
}

/** What a canonical text says; undefined for any other text. */
export function optionsOf(text: string): RefinementOptions | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // no JSON, so no options
  }
  return isOptions(value) && optionsText(value) === text ? value : undefined;
}

/** Whether a statement is left as it is for its Sid's sake. */
export function keeps({ keptSids }: RefinementOptions, { Sid }: { readonly Sid?: unknown }): boolean {
  return typeof Sid === "string" && keptSids.some((start) => Sid.startsWith(start));
}

function isOptions(value: unknown): value is RefinementOptions {
  if (typeof value !== "object" || value === null) return false;
  const { granularity, services, keptSids } = value as Readonly<Record<string, unknown>>; // any object can be looked into
  return (
    isGranularity(granularity) &&
    Array.isArray(services) &&
    services.every((pair) => Array.isArray(pair) && typeof pair[0] === "string" && isGranularity(pair[1])) &&
    Array.isArray(keptSids) &&
    keptSids.every((start) => typeof start === "string")
  );
}

function isGranularity(value: unknown): value is Granularity {
  return value === "word" || value === "exact";
}
