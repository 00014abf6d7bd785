import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { climbPolicyInPlace, climbPrincipal } from "./climbed.ts";
import { readFitting } from "./fitting.ts";
import { LadderReader } from "./ladder-reader.ts";

/**
 * Points the recommendations of everything that is too large to what the ladder has come to; nothing where the run was not asked to
 * fit. May be repeated. O(recommendations).
 *
 * @throws Error when something that the ladder needs is not known
 */
export function chooseForms(db: Connection, run: Run): void {
  const fitting = readFitting(db, run.runId);
  if (fitting.shortest === null) return;
  const reader = new LadderReader(db, run, fitting);
  const choose = db.prepare(
    `UPDATE recommendation SET unit_id = $unitId, is_split = $isSplit
     WHERE run_id = $runId AND principal_id = $principalId AND policy_id = $policyId`,
  );
  const chooseInPlace = db.prepare(
    "UPDATE policy_recommendation SET unit_id = $unitId WHERE run_id = $runId AND policy_id = $policyId",
  );
  const { runId } = run;
  for (const principalId of reader.principals()) {
    const { climbers, ladder } = reader.ofPrincipal(principalId);
    const { choices, open } = climbPrincipal(ladder);
    if (open.length > 0) throw new Error(`the ladder is not climbed for principal ${principalId}`);
    for (const [i, { policyId, units }] of climbers.entries()) {
      const { form, isSplit } = choices[i]!; // one for each, here and below
      choose.run({ runId, principalId, policyId, unitId: units[form], isSplit: isSplit ? 1 : 0 });
    }
  }
  for (const policyId of reader.policiesInPlace()) {
    const { climbers, ladder } = reader.inPlace(policyId);
    const { choices, open } = climbPolicyInPlace(ladder);
    if (open.length > 0) throw new Error(`the ladder is not climbed for policy ${policyId}`);
    chooseInPlace.run({ runId, policyId, unitId: climbers[0]!.units[choices[0]!.form] });
  }
}
