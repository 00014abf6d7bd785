import { hash } from "node:crypto";
import { workerData } from "node:worker_threads";
import {
  CatalogTrie,
  type Engine,
  type GrantRow,
  type IntervalSet,
  type OutcomeRows,
  type Shard,
  type UnitOutcome,
  type UnitResult,
  type UnitRow,
  Verifier,
  certificateText,
  changeRow,
  refineShard,
  shapeText,
  size,
} from "@leastwise/core";

let engine: Engine | undefined;

/** Worker task: refines and verifies a shard with the catalog image that the pool shares with all its threads. */
export default function refineShards(shard: Shard): OutcomeRows {
  return refineToRows(threadEngine(), shard);
}

/** The engine of this thread, made with the catalog image when it is first asked for. */
export function threadEngine(): Engine {
  return (engine ??= engineOf((workerData as { readonly image: SharedArrayBuffer }).image)); // what the pool was made with
}

export function engineOf(image: ArrayBufferLike): Engine {
  const trie = new CatalogTrie(image);
  const verifier = new Verifier(trie.toSource().actions.map(({ action }) => action));
  return { trie, verifier };
}

/** Refines a shard and makes rows of its outcome here, so that the writing thread has nothing left to compute. */
export function refineToRows(ready: Engine, shard: Shard): OutcomeRows {
  const { units, grants } = refineShard(ready, shard);
  const certifier = new Certifier(shard);
  return {
    units: units.map((unit, place) => rowOf(unit, place, certifier)),
    grants: grants.map(({ document, granted, wildcards }) => {
      return { document, granted: grantRow(shard.documents[document]!.text, granted, wildcards) }; // its places are inside
    }),
  };
}

function rowOf(unit: UnitOutcome, place: number, certifier: Certifier): UnitRow {
  if (!unit.ok) return unit;
  const { unitId, recommendedAction, text, changes, grants, granted, wildcards, unknownActions } = unit;
  const row = {
    unitId,
    ok: true as const,
    recommendedAction,
    actionsBefore: grants.before,
    actionsRemoved: grants.removed,
    changes: changes.length === 0 ? null : JSON.stringify(changes.map(changeRow)),
    unknownActions: unknownActions.length === 0 ? null : JSON.stringify(unknownActions),
    created:
      text === null ? null : { text, sha256: hash("sha256", text), granted: grantRow(text, granted.after, wildcards) },
  };
  return { ...row, certificate: certifier.certify(unit, place, row) };
}

/** Hashes what a shard's results are made from, each once, and the results' certificates. */
export class Certifier {
  readonly #shard: Shard;
  readonly #documents: string[] = [];
  readonly #unused: string[] = [];

  constructor(shard: Shard) {
    this.#shard = shard;
  }

  certify({ recommendedAction, grants, granted }: Certified, place: number, row: CertifiedTexts): string {
    const { catalog, origin, options, documents, unused, units } = this.#shard;
    const unit = units[place]!; // an outcome has the places of its shard
    const existing = (this.#documents[unit.document] ??= hash("sha256", documents[unit.document]!.text)); // its places are inside, here and below
    return hash(
      "sha256",
      certificateText({
        catalog,
        origin,
        options,
        existing,
        unused: (this.#unused[unit.unused] ??= hash("sha256", unused[unit.unused]!)),
        recommendedAction,
        recommended: recommendedAction === "NONE" ? existing : (row.created?.sha256 ?? null),
        grants,
        granted,
        changes: row.changes ?? "[]",
        unknownActions: row.unknownActions ?? "[]",
      }),
    );
  }
}

/** What is known of a result beside its texts. */
type Certified = Pick<UnitResult, "recommendedAction" | "grants" | "granted">;

interface CertifiedTexts extends Pick<Extract<UnitRow, { ok: true }>, "changes" | "unknownActions"> {
  readonly created: { readonly sha256: string } | null;
}

/** What a document with this text and these wildcards grants, as it is stored. */
export function grantRow(text: string, granted: IntervalSet, wildcards: readonly string[]): GrantRow {
  const shape = shapeText(text);
  let intervals = "";
  for (let i = 0; i + 1 < granted.length; i += 2)
    intervals += `${i === 0 ? "" : ","}${granted[i]! * 2 ** 26 + granted[i + 1]!}`; // i + 1 is inside
  return {
    actions: size(granted),
    intervals: `[${intervals}]`,
    wildcards: wildcards.length === 0 ? null : JSON.stringify(wildcards),
    shape: shape === null ? null : hash("sha256", shape),
  };
}
