import { createHash } from "node:crypto";
import { workerData } from "node:worker_threads";
import {
  CatalogTrie,
  type Change,
  type Engine,
  type GrantRow,
  type IntervalSet,
  type OutcomeRows,
  type Shard,
  type UnitOutcome,
  type UnitRow,
  Verifier,
  refineShard,
  size,
} from "@leastwise/core";

let engine: Engine | undefined;

/** Worker task: refines and verifies a shard with the catalog image that the pool shares with all its threads. */
export default function refineShards(shard: Shard): OutcomeRows {
  engine ??= engineOf((workerData as { readonly image: SharedArrayBuffer }).image); // what the pool was made with
  return refineToRows(engine, shard);
}

export function engineOf(image: ArrayBufferLike): Engine {
  const trie = new CatalogTrie(image);
  const verifier = new Verifier(trie.toSource().actions.map(({ action }) => action));
  return { trie, verifier };
}

/** Refines a shard and makes rows of its outcome here, so that the writing thread has nothing left to compute. */
export function refineToRows(ready: Engine, shard: Shard): OutcomeRows {
  const { units, grants } = refineShard(ready, shard);
  return {
    units: units.map(rowOf),
    grants: grants.map(({ document, granted }) => ({ document, granted: grantRow(granted) })),
  };
}

function rowOf(unit: UnitOutcome): UnitRow {
  if (!unit.ok) return unit;
  const { unitId, recommendedAction, text, changes, grants, grantedAfter, unknownActions } = unit;
  return {
    unitId,
    ok: true,
    recommendedAction,
    actionsBefore: grants.before,
    actionsRemoved: grants.removed,
    changes: changes.length === 0 ? null : JSON.stringify(changes.map(compact)),
    unknownActions: unknownActions.length === 0 ? null : JSON.stringify(unknownActions),
    created:
      text === null
        ? null
        : { text, sha256: createHash("sha256").update(text).digest("hex"), granted: grantRow(grantedAfter) },
  };
}

function compact({ statement, element, entry, replacedBy }: Change): readonly unknown[] {
  return [statement, element, entry, ...replacedBy];
}

function grantRow(granted: IntervalSet): GrantRow {
  let intervals = "";
  for (let i = 0; i + 1 < granted.length; i += 2)
    intervals += `${i === 0 ? "" : ","}${granted[i]! * 2 ** 26 + granted[i + 1]!}`; // i + 1 is inside
  return { actions: size(granted), intervals: `[${intervals}]` };
}
