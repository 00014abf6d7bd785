import type { Origin, RefinementOptions, Shard, Unit } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";
import type { Run } from "./runs.ts";
import { type Share, defineShareOf } from "./shares.ts";

/** How much one shard holds: enough that sending it costs little, little enough that a lost one costs little. */
export interface ShardLimits {
  readonly units: number;
  /** Characters of documents and unused sets together; one larger unit is a shard of its own. */
  readonly characters: number;
}

const SHARD_LIMITS: ShardLimits = { units: 256, characters: 256 * 1024 };
const SHARDS_AT_LEAST = 64;
const FEWEST_UNITS = 16;

/** Large shards write faster, since each is one transaction; but a small run is cut finely enough to keep all threads busy. */
export function shardLimits(unitsOfRun: number): ShardLimits {
  const units = Math.max(FEWEST_UNITS, Math.min(SHARD_LIMITS.units, Math.ceil(unitsOfRun / SHARDS_AT_LEAST)));
  return { ...SHARD_LIMITS, units };
}

/** A shard, and which documents of the store its places mean. */
export interface PlannedShard {
  readonly shard: Shard;
  readonly documentIds: readonly number[];
}

interface PendingRow {
  readonly unit_id: number;
  readonly document_id: number;
  readonly unused_id: number;
  readonly option_set_id: number;
  readonly document: string;
  readonly unused: string;
  readonly has_grants: 0 | 1;
}

/** The only share of one. */
const WHOLE: Share = { number: 1, of: 1 };

/**
 * The open units of a run, or of one share of it, packed into shards in plan order, a shard for units of the same options. Nothing is held but
 * the current page.
 */
export function* readShards(
  db: Connection,
  run: Run,
  limits: ShardLimits,
  share: Share = WHOLE,
): Generator<PlannedShard> {
  defineShareOf(db);
  const page = pendingUnits(db);
  const catalog = catalogName(db, run.catalogId);
  const optionsOfSet = optionSets(db);
  let last = 0;
  let packer: Packer | undefined;
  for (;;) {
    const rows = page.all({ ...share, runId: run.runId, last, limit: limits.units, catalogId: run.catalogId });
    for (const row of rows) {
      if (packer?.isFull(row, limits) === true) {
        yield packer.finish();
        packer = undefined;
      }
      packer ??= new Packer(run, catalog, row.option_set_id, optionsOfSet(row.option_set_id));
      packer.add(row);
      last = row.unit_id;
    }
    if (rows.length < limits.units) break;
  }
  if (packer !== undefined) yield packer.finish();
}

/** Options by the id of their set, each read once: there are as many as forms. */
function optionSets(db: Connection): (optionSetId: number) => RefinementOptions {
  const find = db.prepare<[number], string>("SELECT text FROM option_set WHERE option_set_id = ?").pluck();
  const known = new Map<number, RefinementOptions>();
  return (id) => {
    const options = known.get(id) ?? (JSON.parse(find.get(id)!) as RefinementOptions); // a unit refers to it, and this program wrote it
    known.set(id, options);
    return options;
  };
}

interface CatalogName {
  readonly sha256: string;
  readonly source: string;
  readonly date: string;
}

function catalogName(db: Connection, catalogId: number): CatalogName {
  const find = db.prepare<[number], CatalogName>("SELECT sha256, source, date FROM catalog WHERE catalog_id = ?");
  return find.get(catalogId)!; // a run refers to its catalog
}

/** How many distinct units a run or a share of it asks for, how many of them are still open, and how many have failed. */
export interface UnitCounts {
  readonly asked: number;
  readonly open: number;
  readonly failed: number;
}

/** O(units) */
export function countUnits(db: Connection, run: Pick<Run, "runId">, share: Share = WHOLE): UnitCounts {
  defineShareOf(db);
  return db
    .prepare<[object], UnitCounts>(
      `SELECT count(*) AS asked, coalesce(sum(state = 'planned'), 0) AS open, coalesce(sum(state = 'failed'), 0) AS failed
       FROM unit u
       WHERE unit_id IN (SELECT unit_id FROM recommendation WHERE run_id = $runId
         UNION ALL SELECT unit_id FROM policy_recommendation WHERE run_id = $runId
         UNION ALL SELECT unit_id FROM rung WHERE run_id = $runId)
         AND ($of = 1 OR share_of((SELECT sha256 FROM document d WHERE d.document_id = u.document_id),
           (SELECT sha256 FROM unused_set s WHERE s.unused_id = u.unused_id), $of) = $number)`,
    )
    .get({ ...share, runId: run.runId })!; // an aggregate gives a row
}

function pendingUnits(db: Connection): Database.Statement<[object], PendingRow> {
  return db.prepare(
    `SELECT u.unit_id, u.document_id, u.unused_id, u.option_set_id, d.text AS document, s.text AS unused,
            EXISTS (SELECT 1 FROM grant_set g WHERE g.catalog_id = $catalogId AND g.document_id = u.document_id) AS has_grants
     FROM unit u JOIN document d USING (document_id) JOIN unused_set s USING (unused_id)
     WHERE u.unit_id > $last AND u.state = 'planned' AND ($of = 1 OR share_of(d.sha256, s.sha256, $of) = $number)
       AND (EXISTS (SELECT 1 FROM recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
         OR EXISTS (SELECT 1 FROM policy_recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
         OR EXISTS (SELECT 1 FROM rung r WHERE r.run_id = $runId AND r.unit_id = u.unit_id))
     ORDER BY u.unit_id LIMIT $limit`,
  );
}

/** Collects units into one shard; documents and unused sets go in once. */
class Packer {
  readonly #optionSetId: number;
  readonly #options: RefinementOptions;
  readonly #catalog: string;
  readonly #origin: Origin;
  readonly #units: Unit[] = [];
  readonly #documentIds: number[] = [];
  readonly #documents: Shard["documents"][number][] = [];
  readonly #documentPlaces = new Map<number, number>();
  readonly #unused: string[] = [];
  readonly #unusedPlaces = new Map<number, number>();
  #characters = 0;

  constructor(
    { engineVersion }: Run,
    { sha256, source, date }: CatalogName,
    optionSetId: number,
    options: RefinementOptions,
  ) {
    this.#optionSetId = optionSetId;
    this.#options = options;
    this.#catalog = sha256;
    this.#origin = { engineVersion, catalogSource: source, catalogDate: date };
  }

  /** Whether a row belongs into another shard. Asked once something is in it. */
  isFull(row: PendingRow, limits: ShardLimits): boolean {
    const more = this.#characters + row.document.length + row.unused.length;
    return this.#units.length >= limits.units || more > limits.characters || row.option_set_id !== this.#optionSetId;
  }

  add(row: PendingRow): void {
    let document = this.#documentPlaces.get(row.document_id);
    if (document === undefined) {
      document = this.#documents.push({ text: row.document, wantsGrants: row.has_grants === 0 }) - 1;
      this.#documentPlaces.set(row.document_id, document);
      this.#documentIds.push(row.document_id);
      this.#characters += row.document.length;
    }
    let unused = this.#unusedPlaces.get(row.unused_id);
    if (unused === undefined) {
      unused = this.#unused.push(row.unused) - 1;
      this.#unusedPlaces.set(row.unused_id, unused);
      this.#characters += row.unused.length;
    }
    this.#units.push({ unitId: row.unit_id, document, unused });
  }

  finish(): PlannedShard {
    const shard: Shard = {
      catalog: this.#catalog,
      options: this.#options,
      origin: this.#origin,
      documents: this.#documents,
      unused: this.#unused,
      units: this.#units,
    };
    return { shard, documentIds: this.#documentIds };
  }
}
