import { hash } from "node:crypto";
import type { Run } from "@leastwise/store";

/** What all keys begin with, where nothing else is said. */
export const USUAL_PREFIX = "leastwise";

/** The two queues of a run: questions and answers. BullMQ keeps each job under `PREFIX:RUN:QUEUE:JOB`. */
export const QUEUES = { shards: "shards", outcomes: "outcomes" } as const;

/** The set of the names of all runs that workers may take shards of. */
export function runsKey(prefix: string): string {
  return `${prefix}:runs`;
}

/** Where what belongs to one run stands. */
export interface RunKeys {
  /** Of all other keys of the run. */
  readonly prefix: string;
  /** Its notice, as JSON. */
  readonly about: string;
  /** The actions of its catalog, packed. */
  readonly catalog: string;
}

export function runKeys(prefix: string, name: string): RunKeys {
  const own = `${prefix}:${name}`;
  return { prefix: own, about: `${own}:about`, catalog: `${own}:catalog` };
}

/** 32 hexadecimal digits: the same for a run that goes on, however often its coordinator was ended. */
export function runName({ runKey, runId, startedAt }: Pick<Run, "runKey" | "runId" | "startedAt">): string {
  return hash("sha256", JSON.stringify([runKey, runId, startedAt])).slice(0, 32);
}

export function isRunName(text: string): boolean {
  return /^[\da-f]{32}$/.test(text);
}

/** Short enough for keys, and nothing that a pattern over keys, or a rule of an access list, could take for something else. */
export function isPrefix(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}

/** As people see it, and may give it back. */
export function shortName(name: string): string {
  return name.slice(0, 8);
}
