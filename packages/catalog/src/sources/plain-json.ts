import type { CatalogSource } from "../catalog.ts";
import { CatalogError } from "../catalog-error.ts";
import { NAME } from "./names.ts";

const SHAPE_HINT = 'the plain form is { "s3": ["GetObject", "PutObject"], "sqs": ["SendMessage"] }';

/** Whether a parsed file is a plain catalog: an object of lists of strings. */
export function isPlainJson(value: unknown): value is Record<string, readonly unknown[]> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(Array.isArray)
  );
}

/**
 * A catalog from `{ "service": ["Action", …] }`. A name that stands twice counts once, spelled as the first time.
 *
 * @throws CatalogError `catalog-name` for a service or action that cannot be one
 */
export function readPlainJson(value: Record<string, readonly unknown[]>, source: string): CatalogSource {
  const services = new Map<string, string>();
  const actions = new Map<string, CatalogSource["actions"][number]>();
  for (const [service, names] of Object.entries(value)) {
    if (!NAME.test(service)) {
      throw new CatalogError("catalog-name", `${JSON.stringify(service)} is no service prefix`, SHAPE_HINT);
    }
    const key = service.toLowerCase();
    const spelled = services.get(key) ?? service;
    services.set(key, spelled);
    for (const name of names) {
      if (typeof name !== "string" || !NAME.test(name)) {
        throw new CatalogError("catalog-name", `${JSON.stringify(name)} is no action of \`${service}\``, SHAPE_HINT);
      }
      const action = `${spelled}:${name}`;
      const folded = action.toLowerCase();
      if (!actions.has(folded)) actions.set(folded, { action, accessLevel: "Unknown" });
    }
  }
  return { source, date: "", services: [...services.values()], actions: [...actions.values()] };
}
