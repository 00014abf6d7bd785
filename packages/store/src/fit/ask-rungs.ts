import type { Connection } from "../database.ts";
import { ensureOptionSet } from "../option-sets.ts";
import type { Run } from "../runs.ts";
import { type Climbed, climbPolicyInPlace, climbPrincipal } from "./climbed.ts";
import type { Fitting } from "./fitting.ts";
import { type Climber, type Climbers, LadderReader, optionsByForm } from "./ladder-reader.ts";

/** What the ladder asks next. */
export interface Asked {
  /** How many units. */
  readonly units: number;
  /** Units whose final documents are to be split, each once, in the order in which they are asked. */
  readonly splits: readonly number[];
}

/**
 * Asks what the ladder has to know next of everything that is too large: units in shorter forms, and splits. Nothing where all is known.
 * It goes by what is answered alone, so it can be called again at any time. One transaction. O(recommendations).
 *
 * @param fitting of a run that was asked to fit
 */
export function askRungs(db: Connection, run: Run, fitting: Fitting): Asked {
  return db.transaction(() => {
    const reader = new LadderReader(db, run, fitting);
    const ask = asker(db, run, fitting);
    const units = new Set<string>();
    const splits = new Set<number>();
    const look = ({ climbers }: Climbers, { needs, open }: Climbed): void => {
      for (const { policy, form, what } of needs) {
        if (what === "split") continue;
        ask(climbers[policy]!, 0); // needs name places of the case, here and below
        ask(climbers[policy]!, form);
      }
      for (const { policy, form, what } of open) {
        const { documentId, unusedId, units: known } = climbers[policy]!;
        if (what === "answer") units.add(`${documentId} ${unusedId} ${form}`);
        else splits.add(known[form]!); // what is to be split has an answer
      }
    };
    for (const principalId of reader.principals()) {
      const climbers = reader.ofPrincipal(principalId);
      look(climbers, climbPrincipal(climbers.ladder));
    }
    for (const policyId of reader.policiesInPlace()) {
      const climbers = reader.inPlace(policyId);
      look(climbers, climbPolicyInPlace(climbers.ladder));
    }
    return { units: units.size, splits: [...splits] };
  })();
}

/** Makes the unit where there is none, and notes that the run asks for it. */
function asker(db: Connection, run: Run, { shortest }: Fitting): (climber: Climber, form: number) => void {
  const { runId, catalogId, engineVersion } = run;
  const options = optionsByForm(run.options, shortest ?? 0);
  const optionSets: number[] = [];
  const insert = db.prepare(
    `INSERT INTO unit (document_id, unused_id, catalog_id, option_set_id, engine_version)
     VALUES ($documentId, $unusedId, $catalogId, $optionSetId, $engineVersion) ON CONFLICT DO NOTHING`,
  );
  const note = db.prepare(
    `INSERT INTO rung (run_id, unit_id) SELECT $runId, unit_id FROM unit
     WHERE unused_id = $unusedId AND document_id = $documentId AND catalog_id = $catalogId AND option_set_id = $optionSetId
       AND engine_version = $engineVersion
     ON CONFLICT DO NOTHING`,
  );
  return ({ documentId, unusedId }, form) => {
    const optionSetId = (optionSets[form] ??= ensureOptionSet(db, options[form]!)); // one for each form
    const asked = { documentId, unusedId, catalogId, optionSetId, engineVersion };
    insert.run(asked);
    note.run({ ...asked, runId });
  };
}
