import { type Catalog, loadCatalog } from "@leastwise/catalog";
import { type PolicyDocument, ids, intervalSetOf } from "@leastwise/core";
import {
  type Names,
  type Placement,
  StoredResults,
  namesOf,
  openForReading,
  readCurrentRun,
  readPlacements,
} from "@leastwise/store";
import { type CatalogChanges, catalogChanges } from "../catalogs/catalog-changes.ts";
import { catalogNamed } from "../catalogs/named-catalog.ts";
import { catalogOf } from "../catalogs/stored-catalog.ts";
import type { FailOn } from "../cli/choices.ts";
import { Drift, type EntryDrift, type PlacedDrift } from "../drift/entry-drift.ts";
import { failsOn, levelled } from "../drift/levels.ts";
import { DocumentDrifts, type Occurrence, occurrences } from "../drift/stored-drift.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { type DriftGroup, driftText } from "../format/drift.ts";
import { printableJson } from "../format/printable.ts";
import { readBytes, readPolicy, textOf } from "../given/policy-file.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

export interface DriftOptions {
  readonly db?: string;
  readonly run?: string;
  readonly policy?: string;
  readonly from?: string;
  readonly catalog?: string;
  readonly serviceReference?: string;
  readonly failOn?: FailOn;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** The two catalogs, and what of it the policies notice. */
interface Looked {
  readonly older: Catalog;
  readonly newer: Catalog;
  readonly changes: CatalogChanges;
  readonly drift: Drift;
}

/** `leastwise drift`: what a newer catalog means for the policies that should be in place, or for one policy. */
export async function driftCommand(options: DriftOptions, terminal: Terminal): Promise<ExitCode> {
  const newer = loadCatalog(options.catalog, options.serviceReference);
  const { policy, from, db } = options;
  if (policy !== undefined && from !== undefined)
    return ofPolicy(policy, catalogNamed(from, []), newer, options, terminal);
  if (policy !== undefined || from !== undefined) {
    const hint = "`leastwise drift --policy FILE --from CATALOG`, or `leastwise drift --db FILE`";
    throw new Failure(EXIT.usage, "--policy and --from go together", hint);
  }
  if (db === undefined) {
    throw new Failure(EXIT.usage, "`drift` needs --db FILE, or --policy FILE and --from CATALOG", "name one of them");
  }
  return ofDatabase(db, newer, options, terminal);
}

async function ofPolicy(
  path: string,
  older: Catalog,
  newer: Catalog,
  options: DriftOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { text } = readPolicy(path, textOf(path, readBytes(path)));
  const looked = compared(older, newer);
  const placed = looked.drift.of(JSON.parse(text) as PolicyDocument); // just checked
  if (options.json === true) {
    for (const one of placed) await writeLines(looked, one, { policy: path }, terminal);
  } else {
    const groups = looked.drift.entries.map((drift): DriftGroup => {
      const statements = placed.filter((one) => one.drift === drift).map(({ statement }) => statement);
      const where = `in statement${statements.length === 1 ? "" : "s"} ${statements.join(", ")}`;
      return { drift, where, example: "", policies: 1 };
    });
    await write(terminal.out, driftText({ ...looked, groups, all: options.all === true }, terminal));
  }
  return exitOf(looked, looked.drift.entries, options);
}

async function ofDatabase(path: string, newer: Catalog, options: DriftOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(path, options.run);
  try {
    const catalogId = readCurrentRun(db)?.catalogId;
    const stored = new StoredResults(db).catalogs().find((catalog) => catalog.catalogId === catalogId);
    if (stored === undefined) throw new Failure(EXIT.usage, `\`${path}\` has no run`, "`leastwise refine` makes one");
    const looked = compared(catalogOf(stored), newer);
    const documents = new DocumentDrifts(db, looked.drift);
    const names = namesOf(db);
    if (options.json === true) {
      for (const placement of readPlacements(db)) {
        const placed = documents.of(placement[2]);
        if (placed.length === 0) continue;
        const place = placeOf(placement, names);
        for (const one of placed) await writeLines(looked, one, place, terminal);
      }
    } else {
      const groups = occurrences(db, looked.drift, documents).map((occurrence) => groupOf(occurrence, names));
      await write(terminal.out, driftText({ ...looked, groups, all: options.all === true }, terminal));
    }
    return exitOf(looked, looked.drift.entries, options);
  } finally {
    db.close();
  }
}

function compared(older: Catalog, newer: Catalog): Looked {
  const changes = catalogChanges(older, newer);
  return { older, newer, changes, drift: new Drift(older, newer, changes) };
}

function exitOf({ newer }: Looked, entries: readonly EntryDrift[], { failOn }: DriftOptions): ExitCode {
  const admitted = intervalSetOf(entries.flatMap((entry) => entry.admitted));
  return failsOn(failOn, levelled(newer, admitted)) ? EXIT.checkFound : EXIT.done;
}

function groupOf({ drift, policies, principals, inPlace, example }: Occurrence, names: Names): DriftGroup {
  const said = [
    ...(policies === 0
      ? []
      : [`${plural(policies, "policy", "policies")} of ${plural(principals, "principal", "principals")}`]),
    ...(inPlace === 0 ? [] : [plural(inPlace, "shared policy in place", "shared policies in place")]),
  ];
  const [principalId, policyId] = example;
  const { key, name, kind } = names.policy(policyId);
  const where = `in ${said.join(" and ")}`;
  const one = principalId === null ? key : `${name} (${kind}) of ${names.principal(principalId)}`;
  return { drift, where, example: one, policies: policies + inPlace };
}

function plural(number: number, one: string, many: string): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

function placeOf([principalId, policyId]: Placement, names: Names): object {
  const { key, name, kind } = names.policy(policyId);
  return {
    scope: principalId === null ? "policy" : "principal",
    principalArn: principalId === null ? null : names.principal(principalId),
    policyKey: key,
    policyName: name,
    policyKind: kind,
  };
}

/** A line for each action that an entry newly lets through, and for each that is gone. */
async function writeLines(
  { older, newer, changes }: Looked,
  { statement, drift }: PlacedDrift,
  place: object,
  terminal: Terminal,
): Promise<void> {
  const { element, effect, entries, isLiteral } = drift;
  const entry = element === "Action" ? { pattern: entries[0] } : { notAction: entries };
  const where = { ...place, statement, effect, ...entry };
  for (const { action, accessLevel } of levelled(newer, drift.admitted)) {
    await write(terminal.out, line({ drift: "new", ...where, action, accessLevel }));
  }
  for (const id of ids(drift.gone)) {
    const gone = changes.gone.find((one) => one.id === id);
    const { renamedTo = null, nearest = null } = gone ?? {};
    const action = older.trie.name(id);
    await write(
      terminal.out,
      line({ drift: "gone", ...where, action, accessLevel: gone?.accessLevel, isNamed: isLiteral, renamedTo, nearest }),
    );
  }
}

function line(value: object): string {
  return `${printableJson(JSON.stringify(value))}\n`;
}
