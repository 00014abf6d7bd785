import { type RefinementOptions, optionsOf } from "@leastwise/core";
import { INLINE_SIZES } from "../conclude/inline-sizes.ts";
import type { Connection } from "../database.ts";
import type { Misplaced } from "../stored-results.ts";
import { type Climbed, climbPolicyInPlace, climbPrincipal } from "./climbed.ts";
import { readFitting } from "./fitting.ts";
import { type Climbers, LadderReader, type LadderRun } from "./ladder-reader.ts";

/** What a unit's final document was split into, as it stands in the database; nothing of it is trusted. */
export interface StoredSplit {
  readonly unitId: number;
  readonly limit: number;
  /** How many parts it says there are. */
  readonly parts: number;
  /** Null where it is missing. */
  readonly whole: string | null;
  readonly options: string | null;
  /** The parts that are there, by their place: the places, and the texts. */
  readonly places: readonly number[];
  readonly texts: readonly string[];
}

export function* readStoredSplits(db: Connection): Generator<StoredSplit> {
  const parts = db.prepare<[number, number], { readonly place: number; readonly text: string }>(
    `SELECT place, coalesce(text, '') AS text FROM unit_part LEFT JOIN document USING (document_id)
     WHERE unit_id = ? AND size_limit = ? ORDER BY place`,
  );
  const splits = db.prepare<[], Omit<StoredSplit, "places" | "texts">>(
    `SELECT s.unit_id AS unitId, s.size_limit AS "limit", s.parts, d.text AS whole, o.text AS options
     FROM unit_split s LEFT JOIN unit u USING (unit_id) LEFT JOIN document d ON d.document_id = u.final_document_id
     LEFT JOIN option_set o USING (option_set_id) ORDER BY s.unit_id, s.size_limit`,
  );
  for (const split of splits.iterate()) {
    const rows = parts.all(split.unitId, split.limit);
    yield { ...split, places: rows.map(({ place }) => place), texts: rows.map(({ text }) => text) };
  }
}

/**
 * What runs that are done say of sizes and have not come to: each climbs the ladder once more, with the answers that are stored, and sums
 * its inline policies. O(recommendations) for each run.
 */
export function* misfitted(db: Connection): Generator<Misplaced> {
  const runs = db
    .prepare<[], Omit<LadderRun, "options"> & { readonly text: string | null }>(
      `SELECT run_id AS runId, catalog_id AS catalogId, option_set_id AS optionSetId, engine_version AS engineVersion, text
       FROM run LEFT JOIN option_set USING (option_set_id) WHERE state = 'done' ORDER BY run_id`,
    )
    .all();
  for (const { text, ...run } of runs) {
    const told = (what: string): Misplaced => ({ what, principalArn: "the ladder", policyName: "", runId: run.runId });
    try {
      const options = optionsOf(text ?? "");
      if (options === undefined) yield told("its options are none");
      else yield* misfittedIn(db, { ...run, options }, options);
    } catch (error) {
      yield told(`it cannot be climbed again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Which unit a recommendation should point to, and whether it should be split. */
interface Chosen {
  readonly unitId: number | undefined;
  readonly isSplit: 0 | 1;
}

function* misfittedIn(db: Connection, run: LadderRun, options: RefinementOptions): Generator<Misplaced> {
  const fitting = readFitting(db, run.runId);
  const { runId, optionSetId } = run;
  const named = namer(db, runId);
  const expected = new Map<string, Chosen>();
  const rungs = new Set<number | undefined>();
  if (options.fit !== undefined) yield named("0 0", "the run has a form of its own, which only the ladder gives");
  const climbed = function* (
    owner: number,
    { climbers }: Climbers,
    { needs, open, choices }: Climbed,
  ): Generator<Misplaced> {
    for (const { policy, form, what } of needs) {
      if (what === "split") continue;
      rungs.add(climbers[policy]!.units[0]).add(climbers[policy]!.units[form]); // needs name places of the case
    }
    for (const [i, { policyId, units }] of climbers.entries()) {
      const choice = choices[i];
      if (choice === undefined) continue;
      expected.set(`${owner} ${policyId}`, { unitId: units[choice.form], isSplit: choice.isSplit ? 1 : 0 });
    }
    if (open.length > 0)
      yield named(`${owner} ${climbers[0]?.policyId}`, "something that the ladder needs is not known");
  };
  if (fitting.shortest !== null) {
    const reader = new LadderReader(db, run, fitting);
    for (const id of reader.principals()) {
      const climbers = reader.ofPrincipal(id);
      yield* climbed(id, climbers, climbPrincipal(climbers.ladder));
    }
    for (const id of reader.policiesInPlace()) {
      const climbers = reader.inPlace(id);
      yield* climbed(0, climbers, climbPolicyInPlace(climbers.ladder));
    }
  }
  for (const { place, unitId, isSplit, plain } of notPlain(db, runId, optionSetId, expected)) {
    const chosen = expected.get(place) ?? { unitId: plain, isSplit: 0 };
    if (chosen.unitId !== unitId || chosen.isSplit !== isSplit)
      yield named(place, "the ladder comes to another form, or splits where it is not split");
  }
  const noted = db.prepare<[number], number>("SELECT unit_id FROM rung WHERE run_id = ?").pluck().all(runId);
  if (noted.length !== rungs.size || noted.some((unitId) => !rungs.has(unitId)))
    yield named("0 0", "the ladder asks other units than the run has noted");
  const sums = db
    .prepare<[object], number>(
      `SELECT principal_id FROM (
         SELECT * FROM (${INLINE_SIZES} EXCEPT SELECT * FROM inline_size WHERE run_id = $runId)
         UNION SELECT * FROM (SELECT * FROM inline_size WHERE run_id = $runId EXCEPT ${INLINE_SIZES}))
       GROUP BY principal_id`,
    )
    .pluck()
    .all({ runId });
  for (const id of sums) yield named(`${id} 0`, "its inline policies come to another size");
}

interface RecommendationPlace extends Chosen {
  readonly place: string;
  readonly unitId: number;
  readonly plain: number | null;
}

/** Recommendations that are in another form than the run's own, or split, and those of which the ladder has something to say. */
function notPlain(
  db: Connection,
  runId: number,
  optionSetId: number,
  expected: ReadonlyMap<string, Chosen>,
): readonly RecommendationPlace[] {
  return db
    .prepare<[object], RecommendationPlace>(
      `SELECT r.owner || ' ' || r.policy_id AS place, r.unit_id AS unitId, r.is_split AS isSplit, p.unit_id AS plain
       FROM (
         SELECT principal_id AS owner, policy_id, unit_id, is_split FROM recommendation WHERE run_id = $runId
         UNION ALL SELECT 0, policy_id, unit_id, 0 FROM policy_recommendation WHERE run_id = $runId) AS r
       JOIN unit u USING (unit_id)
       LEFT JOIN unit p ON p.unused_id = u.unused_id AND p.document_id = u.document_id AND p.catalog_id = u.catalog_id
         AND p.option_set_id = $optionSetId AND p.engine_version = u.engine_version
       WHERE u.option_set_id <> $optionSetId OR r.is_split <> 0
         OR r.owner || ' ' || r.policy_id IN (SELECT value FROM json_each($expected))`,
    )
    .all({ runId, optionSetId, expected: JSON.stringify([...expected.keys()]) });
}

/** Says whose recommendation it is, of a place "principal policy". */
function namer(db: Connection, runId: number): (place: string, what: string) => Misplaced {
  const find = db.prepare<[object], Omit<Misplaced, "what" | "runId">>(
    `SELECT coalesce((SELECT arn FROM principal WHERE principal_id = $principalId), (SELECT key FROM policy WHERE policy_id = $policyId),
              'the ladder') AS principalArn,
            coalesce((SELECT name FROM policy WHERE policy_id = $policyId), '') AS policyName`,
  );
  return (place, what) => {
    const [principalId, policyId] = place.split(" ").map(Number);
    return { ...find.get({ principalId, policyId })!, what, runId }; // a row without FROM
  };
}
