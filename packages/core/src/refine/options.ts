import { fold } from "../pattern/fold.ts";

/** How far what is left of a wildcard is generalised: to its shortest safe word prefixes, or not at all. */
export type Granularity = "word" | "exact";

/**
 * How what is left of a wildcard may be written to save characters, beyond the shortest safe word prefixes, which are what is written
 * where nothing is said. `inner`: also patterns in which `*` stands for whole words. `characters`: these, and prefixes that end
 * anywhere in a word and have at least `shortest` characters of the action's name.
 */
export type Fit = { readonly form: "inner" } | { readonly form: "characters"; readonly shortest: number };

/** What people decide about how policies are refined. Part of what a result depends on, beside document, U and catalog. */
export interface RefinementOptions {
  readonly granularity: Granularity;
  /** Folded service prefix → granularity, where it differs from the default. Sorted by service. */
  readonly services: readonly (readonly [service: string, granularity: Granularity])[];
  /** Statements whose Sid starts with one of these (case matters) are left exactly as they are. Sorted, each once. */
  readonly keptSids: readonly string[];
  /** Absent: the shortest safe word prefixes. */
  readonly fit?: Fit;
}

/** Word prefixes everywhere, as AWS publishes them; nothing kept. */
export const DEFAULT_OPTIONS: RefinementOptions = { granularity: "word", services: [], keptSids: [] };

/**
 * The one form of all options that say the same about granularity and Sids: services folded and sorted, the last word on each, and
 * only where it differs from the default; Sids sorted, each once. O(n log n).
 */
export function canonicalOptions({ granularity, services, keptSids, fit }: RefinementOptions): RefinementOptions {
  const own = new Map(services.map(([service, of]) => [fold(service), of]));
  return {
    granularity,
    services: [...own].filter(([, of]) => of !== granularity).sort(([a], [b]) => (a < b ? -1 : 1)),
    keptSids: [...new Set(keptSids)].sort(),
    ...(fit === undefined ? {} : { fit: canonicalFit(fit) }),
  };
}

function canonicalFit(fit: Fit): Fit {
  return fit.form === "inner" ? { form: fit.form } : { form: fit.form, shortest: fit.shortest };
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
  const { granularity, services, keptSids, fit } = value as Readonly<Record<string, unknown>>; // any object can be looked into
  return (
    isGranularity(granularity) &&
    Array.isArray(services) &&
    services.every((pair) => Array.isArray(pair) && typeof pair[0] === "string" && isGranularity(pair[1])) &&
    Array.isArray(keptSids) &&
    keptSids.every((start) => typeof start === "string") &&
    (fit === undefined || isFit(fit))
  );
}

function isFit(value: unknown): value is Fit {
  if (typeof value !== "object" || value === null) return false;
  const { form, shortest } = value as Readonly<Record<string, unknown>>; // any object can be looked into
  return form === "inner" || (form === "characters" && Number.isSafeInteger(shortest) && Number(shortest) >= 1);
}

function isGranularity(value: unknown): value is Granularity {
  return value === "word" || value === "exact";
}
