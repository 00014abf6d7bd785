import type { OutcomeRows, Shard } from "@leastwise/core";
import { MOST_BYTES, ProtocolError, isWithin, packed } from "./packing.ts";
import { type Notice, readShard, writeOutcome } from "./protocol.ts";

/** A shard as it came from a queue. */
export interface ShardTask {
  /** Of its job, and of what it should be the SHA-256. */
  readonly key: string;
  /** Of its job; anything at all. */
  readonly data: unknown;
  /** What it should be for. */
  readonly run: Pick<Notice, "catalog" | "engineVersion">;
}

/** The outcome of a shard, packed; or why nobody can answer it. */
export type ServedShard = { readonly units: number; readonly body: string } | { readonly problem: string };

/** @throws ProtocolError when it is none, not the one that its key promises, or for another run */
export function shardOf({ key, data, run }: ShardTask): Shard {
  const shard = readShard(key, data);
  if (shard.catalog !== run.catalog || shard.origin.engineVersion !== run.engineVersion)
    throw new ProtocolError("the shard is for another catalog, or another engine, than its run");
  return shard;
}

/** What is more than an outcome may hold is sent as failures, which the coordinator does by itself. */
export function answerOf({ units }: Shard, outcome: OutcomeRows): ServedShard {
  const text = writeOutcome(outcome);
  if (isWithin("outcome", text)) return { units: units.length, body: packed(text) };
  const message = `the outcome is longer than ${MOST_BYTES.outcome} bytes`;
  const failures = units.map(({ unitId }) => ({ unitId, ok: false, code: "refinement-failed", message }) as const);
  return { units: units.length, body: packed(writeOutcome({ units: failures, grants: [] })) };
}
