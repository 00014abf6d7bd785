import { createHash } from "node:crypto";
import { workerData } from "node:worker_threads";
import { CatalogTrie, type Engine, type HashedOutcome, type Shard, Verifier, refineShard } from "@leastwise/core";

let engine: Engine | undefined;

/** Worker task: refines and verifies a shard with the catalog image that the pool shares with all its threads. */
export default function refineShards(shard: Shard): HashedOutcome {
  engine ??= engineOf((workerData as { readonly image: SharedArrayBuffer }).image); // what the pool was made with
  return refineAndHash(engine, shard);
}

export function engineOf(image: ArrayBufferLike): Engine {
  const trie = new CatalogTrie(image);
  const verifier = new Verifier(trie.toSource().actions.map(({ action }) => action));
  return { trie, verifier };
}

export function refineAndHash(ready: Engine, shard: Shard): HashedOutcome {
  const outcome = refineShard(ready, shard);
  const hashes = outcome.units.map((unit) =>
    unit.ok && unit.text !== null ? createHash("sha256").update(unit.text).digest("hex") : null,
  );
  return { ...outcome, hashes };
}
