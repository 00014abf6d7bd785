import { fold } from "@leastwise/core";
import type { AccessLevel, ActionSource, CatalogSource } from "../catalog.ts";
import { CatalogError } from "../catalog-error.ts";
import { joined } from "../extend.ts";
import type { JsonDocument } from "../json-documents.ts";
import type { Operation } from "../operations.ts";
import { NAME } from "./names.ts";

/**
 * AWS's service reference, a file for each service: https://servicereference.us-east-1.amazonaws.com/v1/s3/s3.json and such, see
 * "Simplified AWS service information for programmatic access" in the Service Authorization Reference. Fields that are not read here
 * may be there or not, since AWS adds some.
 */
const SHAPE_HINT = 'a service reference file has the form { "Name": "s3", "Actions": [{ "Name": "GetObject", … }] }';
/** What IAM's action last accessed information covers. */
const LAST_ACCESSED = "IAM Action Last Accessed";

/** The properties of an action by the access level that they amount to. AWS sets several at once; the weightiest counts. */
const LEVEL_OF: readonly (readonly [property: string, AccessLevel])[] = [
  ["IsPermissionManagement", "Permissions management"],
  ["IsTaggingOnly", "Tagging"],
  ["IsWrite", "Write"],
  ["IsList", "List"],
];

/** Whether these may be service reference files, or the index of them. What is wrong with them, reading tells. */
export function isServiceReference(documents: readonly JsonDocument[]): boolean {
  return documents.some(({ value }) => isService(value) || isIndexEntry(value));
}

/**
 * All services with their actions, what is tracked, and the operations. A service may stand in several files. The index is passed over
 * where there are services beside it.
 *
 * @param path what was named, for messages
 * @throws CatalogError `catalog-shape`, `catalog-name`
 */
export function readServiceReference(documents: readonly JsonDocument[], path: string): CatalogSource {
  const read = documents.filter(({ value }) => !isIndexEntry(value));
  if (read.length === 0) {
    const isIndex = documents.length > 0;
    throw new CatalogError(
      "catalog-shape",
      isIndex ? `\`${path}\` is the index of the service reference alone` : `\`${path}\` has no service reference file`,
      isIndex ? "download each url that it names into one folder, and give the folder" : SHAPE_HINT,
    );
  }
  const services = new Map<string, string>();
  const actions = new Map<string, ActionSource>();
  const operations: Operation[] = [];
  for (const { file, pointer, value } of read) {
    const from = new Place(file, pointer, value);
    const name = from.at("Name").name("service prefix");
    const service = services.get(fold(name)) ?? name;
    services.set(fold(name), service);
    for (const item of from.at("Actions").items()) {
      const action = actionOf(item, service);
      const known = actions.get(fold(action.action));
      actions.set(fold(action.action), known === undefined ? action : joined(known, action));
    }
    for (const item of from.at("Operations").optional()?.items() ?? []) operations.push(operationOf(item, service));
  }
  const source = `service reference (${services.size} ${services.size === 1 ? "service" : "services"})`;
  return { source, date: "", services: [...services.values()], actions: [...actions.values()], operations };
}

function actionOf(item: Place, service: string): ActionSource {
  return {
    action: `${service}:${item.at("Name").name("action")}`,
    accessLevel: levelOf(item),
    tracked: item.at("SupportedBy").optional()?.at(LAST_ACCESSED).optional()?.flag() ?? false,
  };
}

/** Without properties nothing is known; with all of them false the action reads. */
function levelOf(item: Place): AccessLevel {
  const properties = item.at("Annotations").optional()?.at("Properties").optional();
  if (properties === undefined) return "Unknown";
  const levels = LEVEL_OF.flatMap(([property, level]) => {
    return properties.at(property).optional()?.flag() === true ? [level] : [];
  });
  return levels[0] ?? "Read";
}

/** Services for which AWS has no such mapping leave out `AuthorizedActions`. */
function operationOf(item: Place, service: string): Operation {
  const authorized = item.at("AuthorizedActions").optional()?.items() ?? [];
  return {
    operation: `${service}:${item.at("Name").name("operation")}`,
    actions: authorized.map((action) => {
      const owner = action.at("Service").optional()?.name("service prefix") ?? service;
      return `${owner}:${action.at("Name").name("action")}`;
    }),
  };
}

/** A value in a file, with the words to say what is wrong with it. */
class Place {
  readonly #file: string;
  readonly #pointer: string;
  readonly #value: unknown;

  constructor(file: string, pointer: string, value: unknown) {
    this.#file = file;
    this.#pointer = pointer;
    this.#value = value;
  }

  /** A field of an object, undefined where the object lacks it. */
  at(field: string): Place {
    if (!isObject(this.#value)) throw this.#wrong("an object");
    const pointer = `${this.#pointer}/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return new Place(this.#file, pointer, Object.hasOwn(this.#value, field) ? this.#value[field] : undefined);
  }

  /** Nothing where the value is absent or null. */
  optional(): Place | undefined {
    return this.#value === undefined || this.#value === null ? undefined : this;
  }

  items(): readonly Place[] {
    if (!Array.isArray(this.#value)) throw this.#wrong("a list");
    return this.#value.map((item: unknown, index) => new Place(this.#file, `${this.#pointer}/${index}`, item));
  }

  flag(): boolean {
    if (typeof this.#value !== "boolean") throw this.#wrong("true or false");
    return this.#value;
  }

  name(what: string): string {
    if (typeof this.#value !== "string") throw this.#wrong("a text");
    if (NAME.test(this.#value)) return this.#value;
    const message = `${this.#place()}: ${JSON.stringify(this.#value.slice(0, 100))} is no ${what}`;
    throw new CatalogError("catalog-name", message, SHAPE_HINT);
  }

  #wrong(expected: string): CatalogError {
    const message = `${this.#place()}: ${this.#value === undefined ? `${expected} is missing here` : `this should be ${expected}`}`;
    return new CatalogError("catalog-shape", message, SHAPE_HINT);
  }

  #place(): string {
    return `\`${this.#file}\`${this.#pointer === "" ? "" : ` at ${this.#pointer}`}`;
  }
}

function isService(value: unknown): boolean {
  return isObject(value) && typeof value["Name"] === "string" && "Actions" in value;
}

/** `{ "service": "s3", "url": … }` */
function isIndexEntry(value: unknown): boolean {
  return isObject(value) && typeof value["service"] === "string" && typeof value["url"] === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
