import { hash } from "node:crypto";
import { type OutcomeRows, type RefinementOptions, type Shard, optionsOf } from "@leastwise/core";
import { z } from "zod";
import { Frame, Unframed } from "./framing.ts";
import { withTexts } from "./outcome-texts.ts";
import { ProtocolError, unpacked } from "./packing.ts";

/** Raised with every change of what stands in Redis. A worker takes no work for another one. */
export const PROTOCOL = 1;

/** A notice is plain JSON; a few hundred bytes, more for each worker that is refused. */
export const MOST_NOTICE_BYTES: number = 64 * 1024;

const sha256 = z.string().regex(/^[\da-f]{64}$/);
const number = z.int().nonnegative();
/** Of a text that stands behind the form. */
const length = number;
/** Of a worker: `HOST:PID`. */
const workerName = z.string().regex(/^[!-~]{1,200}$/);

/** What stands beside the name of a run, for workers and for people. */
export interface Notice {
  readonly protocol: typeof PROTOCOL;
  readonly engineVersion: number;
  readonly toolVersion: string;
  /** Content hash. */
  readonly catalog: string;
  readonly catalogSource: string;
  readonly catalogDate: string;
  /** Of the run: ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Names of workers of which nothing is taken any more. */
  readonly refused: readonly string[];
}

const notice = z.strictObject({
  protocol: z.literal(PROTOCOL),
  engineVersion: number,
  toolVersion: z.string().max(100),
  catalog: sha256,
  catalogSource: z.string().max(1000),
  catalogDate: z.string().max(100),
  startedAt: z.string().max(100),
  refused: z.array(workerName),
});

/** A job in the queue of shards: its id is the SHA-256 of the text that is packed in its body. */
export interface ShardJob {
  readonly protocol: typeof PROTOCOL;
  readonly body: string;
}

const jobData = z.strictObject({ protocol: z.literal(PROTOCOL), body: z.string() });

const options = z.custom<RefinementOptions>((value) => optionsOf(JSON.stringify(value) ?? "") !== undefined);

const shardForm = z.strictObject({
  protocol: z.literal(PROTOCOL),
  shard: z.strictObject({
    catalog: sha256,
    options,
    origin: z.strictObject({ engineVersion: number, catalogSource: z.string(), catalogDate: z.string() }),
    documents: z.array(z.strictObject({ text: length, wantsGrants: z.boolean() })),
    unused: z.array(length),
    units: z.array(z.strictObject({ unitId: number, document: number, unused: number })),
  }),
});

/** A job in the queue of outcomes: its id is that of the shard's job. */
export interface OutcomeJob {
  readonly protocol: typeof PROTOCOL;
  /** Who says it: `HOST:PID`. Anybody may say anybody's name. */
  readonly worker: string;
  readonly threads: number;
  /** How often the shard was taken, this time included. */
  readonly attempt: number;
  /** From taking it to having the outcome. */
  readonly ms: number;
  readonly body: string;
}

const outcomeData = z.strictObject({
  protocol: z.literal(PROTOCOL),
  worker: workerName,
  threads: number.max(10_000),
  attempt: number,
  ms: z.number().nonnegative(),
  body: z.string(),
});

const grant = z.strictObject({
  actions: number,
  intervals: length,
  wildcards: z.string().nullable(),
  shape: sha256.nullable(),
});

const outcomeForm = z.strictObject({
  protocol: z.literal(PROTOCOL),
  outcome: z.strictObject({
    units: z.array(
      z.discriminatedUnion("ok", [
        z.strictObject({
          unitId: number,
          ok: z.literal(false),
          code: z.enum(["verification-failed", "refinement-failed", "out-of-memory", "out-of-time"]),
          message: z.string(),
        }),
        z.strictObject({
          unitId: number,
          ok: z.literal(true),
          recommendedAction: z.enum(["CREATE_POLICY", "DETACH_POLICY", "NONE"]),
          actionsBefore: number,
          actionsRemoved: number,
          changes: length.nullable(),
          unknownActions: length.nullable(),
          certificate: sha256,
          created: z.strictObject({ text: length, sha256, granted: grant }).nullable(),
        }),
      ]),
    ),
    grants: z.array(z.strictObject({ document: number, granted: grant })),
  }),
});

/** @throws ProtocolError */
export function readNotice(text: string): Notice {
  return parsed("notice of a run", notice, jsonOf("notice of a run", text));
}

/** The protocol and the engine that a run is for, whatever else its notice says; undefined where not even that can be read. */
export function versionsOf(text: string): { readonly protocol: number; readonly engineVersion: number } | undefined {
  try {
    return z.looseObject({ protocol: number, engineVersion: number }).parse(JSON.parse(text));
  } catch {
    return undefined; // then it is told of as what it is: no notice
  }
}

/** The text of a shard, and the id that its job has. */
export function writeShard(shard: Shard): { readonly key: string; readonly text: string } {
  const frame = new Frame();
  const documents = shard.documents.map(({ text, wantsGrants }) => ({ text: frame.put(text), wantsGrants }));
  const unused = shard.unused.map((each) => frame.put(each));
  const text = frame.close({ protocol: PROTOCOL, shard: { ...shard, documents, unused } });
  return { key: hash("sha256", text), text };
}

/**
 * The shard of a job.
 *
 * @throws ProtocolError when it is none, or not the one that the job's id promises
 */
export function readShard(key: string, data: unknown): Shard {
  const { body } = parsed("job of a shard", jobData, data);
  const bytes = unpacked("shard", body);
  if (hash("sha256", bytes) !== key) throw new ProtocolError("the shard is not the one that its job is named after");
  const frame = new Unframed(bytes);
  const { shard } = parsed("shard", shardForm, jsonOf("shard", frame.form));
  const documents = shard.documents.map((each) => ({ text: frame.take(each.text), wantsGrants: each.wantsGrants }));
  const unused = shard.unused.map((each) => frame.take(each));
  frame.end("shard");
  const { units } = shard;
  if (units.some((unit) => unit.document >= documents.length || unit.unused >= unused.length))
    throw new ProtocolError("the shard asks about a document, or a set of unused actions, that it does not have");
  return { ...shard, documents, unused };
}

export function writeOutcome(outcome: OutcomeRows): string {
  const frame = new Frame();
  return frame.close({ protocol: PROTOCOL, outcome: withTexts(outcome, (text) => frame.put(text)) });
}

/** What a job of the queue of outcomes says of itself, its body still packed. @throws ProtocolError */
export function readOutcomeJob(data: unknown): OutcomeJob {
  return parsed("outcome", outcomeData, data);
}

/** @throws ProtocolError */
export function readOutcome(body: string): OutcomeRows {
  const frame = new Unframed(unpacked("outcome", body));
  const { outcome } = parsed("outcome", outcomeForm, jsonOf("outcome", frame.form));
  const rows = withTexts(outcome, (each) => frame.take(each));
  frame.end("outcome");
  return rows;
}

function jsonOf(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProtocolError(`the ${what} is no JSON`, { cause: error });
  }
}

function parsed<T>(what: string, shape: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  const place = first === undefined || first.path.length === 0 ? "" : ` at ${first.path.map(String).join(".")}`;
  throw new ProtocolError(`the ${what} is not of the form that protocol ${PROTOCOL} has${place}`);
}
