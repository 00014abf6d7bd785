import { fold } from "@leastwise/core";
import { ACCESS_LEVELS, type AccessLevel, type CatalogSource } from "../catalog.ts";
import { CatalogError } from "../catalog-error.ts";
import { NAME } from "./names.ts";

const SHAPE_HINT = 'the plain form is { "s3": ["GetObject", "PutObject"], "sqs": { "Write": ["SendMessage"] } }';

type Names = readonly unknown[];
/** A service's actions, or its actions by access level. */
type PlainService = Names | Readonly<Record<string, Names>>;

/** Whether a parsed file is a plain catalog: an object of lists, or of objects of lists. */
export function isPlainJson(value: unknown): value is Readonly<Record<string, PlainService>> {
  return isObject(value) && Object.values(value).every((names) => Array.isArray(names) || isObjectOfLists(names));
}

/**
 * A catalog from `{ "service": ["Action", …] }` or `{ "service": { "Access level": ["Action", …] } }`, service by service. A name that
 * stands twice counts once, as the first time.
 *
 * @throws CatalogError `catalog-name` for a service, access level or action that cannot be one
 */
export function readPlainJson(value: Readonly<Record<string, PlainService>>, source: string): CatalogSource {
  const services = new Map<string, string>();
  const actions = new Map<string, CatalogSource["actions"][number]>();
  for (const [service, said] of Object.entries(value)) {
    if (!NAME.test(service)) {
      throw new CatalogError("catalog-name", `${JSON.stringify(service)} is no service prefix`, SHAPE_HINT);
    }
    const key = fold(service);
    const spelled = services.get(key) ?? service;
    services.set(key, spelled);
    for (const [accessLevel, names] of byLevel(said, service)) {
      for (const name of names) {
        if (typeof name !== "string" || !NAME.test(name)) {
          throw new CatalogError("catalog-name", `${JSON.stringify(name)} is no action of \`${service}\``, SHAPE_HINT);
        }
        const action = `${spelled}:${name}`;
        const folded = fold(action);
        if (!actions.has(folded)) actions.set(folded, { action, accessLevel });
      }
    }
  }
  return { source, date: "", services: [...services.values()], actions: [...actions.values()] };
}

function byLevel(said: PlainService, service: string): readonly (readonly [AccessLevel, Names])[] {
  if (isList(said)) return [["Unknown", said]];
  return Object.entries(said).map(([name, names]) => {
    const level = ACCESS_LEVELS.find((known) => known === name);
    if (level !== undefined) return [level, names];
    throw new CatalogError(
      "catalog-name",
      `${JSON.stringify(name)}, of \`${service}\`, is no access level`,
      `access levels are ${ACCESS_LEVELS.join(", ")}`,
    );
  });
}

function isList(said: PlainService): said is Names {
  return Array.isArray(said); // which TypeScript does not narrow readonly lists by
}

function isObjectOfLists(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Array.isArray);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
