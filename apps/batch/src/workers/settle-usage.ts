import { hash } from "node:crypto";
import { workerData } from "node:worker_threads";
import { CatalogTrie, type SettlingContext, type UsageBatch, type UsageOutcome, settleBatch } from "@leastwise/core";
import { trackedBy } from "../catalogs/tracked-by.ts";

let context: SettlingContext | undefined;

/** Worker task: settles the use of principals with the catalog image that the pool shares with all its threads. */
export default function settleUsage(batch: UsageBatch): readonly UsageOutcome[] {
  context ??= settlingContextOf((workerData as { readonly image: SharedArrayBuffer }).image); // what the pool was made with
  return settleBatch(context, batch);
}

export function settlingContextOf(image: ArrayBufferLike): SettlingContext {
  const trie = new CatalogTrie(image);
  return { trie, tracked: trackedBy(trie), sha256: (text) => hash("sha256", text) };
}
