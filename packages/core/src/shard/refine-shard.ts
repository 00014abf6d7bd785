import type { IntervalSet } from "../interval/interval-set.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { wildcardsOf } from "../policy/wildcards.ts";
import type { RefinementOptions } from "../refine/options.ts";
import { type Refinement, refinePolicy } from "../refine/policy.ts";
import { type ResolvedUnused, resolveUnused } from "../refine/resolved-unused.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import type { Unused } from "../unused/unused.ts";
import type { Verifier } from "../verify/verifier.ts";
import { knownDocument } from "./known-documents.ts";
import type { Shard, ShardOutcome, UnitOutcome } from "./shard.ts";

/** What a thread holds once for all shards: both made from the same catalog. */
export interface Engine {
  readonly trie: CatalogTrie;
  readonly verifier: Verifier;
}

/**
 * Refines and verifies every unit of a shard. Pure: the outcome depends on the shard and the catalog alone.
 *
 * A unit that throws or that the verifier refuses becomes a failure and costs nobody else anything.
 *
 * @throws Error when the shard was made for another catalog
 */
export function refineShard(engine: Engine, shard: Shard): ShardOutcome {
  if (shard.catalog !== engine.trie.contentHash) {
    throw new Error(`the shard is for catalog ${shard.catalog}, this engine holds ${engine.trie.contentHash}`);
  }
  // of which the store knows already what it grants has been asked about before, and probably will be again
  const documents = shard.documents.map(
    ({ text, wantsGrants }) => once(() => (wantsGrants ? (JSON.parse(text) as PolicyDocument) : knownDocument(text))), // the edge has checked it
  );
  const unused = shard.unused.map((text) =>
    once((): { given: Unused; resolved: ResolvedUnused } => {
      const given = JSON.parse(text) as Unused; // canonical JSON that this program wrote
      return { given, resolved: resolveUnused(engine.trie, given) };
    }),
  );
  const grants = new Map<number, ShardOutcome["grants"][number]>();
  const units = shard.units.map((unit): UnitOutcome => {
    const { unitId } = unit;
    try {
      const document = documents[unit.document]!(); // places are inside the shard's lists by contract
      const { given, resolved } = unused[unit.unused]!();
      const refinement = refinePolicy(engine.trie, resolved, shard.options, document);
      if (shard.documents[unit.document]!.wantsGrants && !grants.has(unit.document)) {
        const wildcards = wildcardsOf(document);
        grants.set(unit.document, { document: unit.document, granted: refinement.grantedBefore, wildcards });
      }
      return verified(engine, unitId, document, given, shard.options, refinement);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { unitId, ok: false, code: "refinement-failed", message };
    }
  });
  return { units, grants: [...grants.values()] };
}

/** The result as it will be stored, passed by the verifier on the very text to be stored. */
function verified(
  engine: Engine,
  unitId: number,
  before: PolicyDocument,
  unused: Unused,
  { keptSids, fit }: RefinementOptions,
  refinement: Refinement,
): UnitOutcome {
  const { recommendedAction, policy, changes, grants, unknownActions } = refinement;
  const text = recommendedAction === "CREATE_POLICY" ? JSON.stringify(policy) : null;
  const after = text === null ? policy : (JSON.parse(text) as PolicyDocument); // just written
  const claim = { before, after, recommendedAction, unused, changes, keptSids };
  const verdict = engine.verifier.verify(fit === undefined ? claim : { ...claim, fit });
  const first = verdict.violations[0];
  if (first !== undefined) {
    const place = first.statement === null ? "the document" : `statement ${first.statement}`;
    return { unitId, ok: false, code: "verification-failed", message: `${first.law}, ${place}: ${first.message}` };
  }
  const granted = engine.verifier.granted(before, unused, keptSids);
  if (!isEqual(granted.before, refinement.grantedBefore) || !isEqual(granted.after, refinement.grantedAfter)) {
    const message = `refiner and verifier disagree on what is granted: ${JSON.stringify(grants)} and ${JSON.stringify(verdict.grants)}`;
    return { unitId, ok: false, code: "verification-failed", message };
  }
  const unknown = JSON.stringify(engine.verifier.unknownActions(before));
  if (unknown !== JSON.stringify(unknownActions)) {
    const message = `refiner and verifier disagree on what the catalog lacks: ${JSON.stringify(unknownActions)} and ${unknown}`;
    return { unitId, ok: false, code: "verification-failed", message };
  }
  return {
    unitId,
    ok: true,
    recommendedAction,
    text,
    changes,
    grants: verdict.grants,
    granted,
    wildcards: text === null || after === null ? [] : wildcardsOf(after),
    unknownActions,
  };
}

function isEqual(a: IntervalSet, b: IntervalSet): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}

/** Computed at the first call, the same value from then on. */
function once<T>(compute: () => T): () => T {
  let value: { readonly it: T } | undefined;
  return () => (value ??= { it: compute() }).it;
}
