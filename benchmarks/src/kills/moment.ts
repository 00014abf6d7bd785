import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { type Random, pick } from "../random.ts";

/** Where a job can be met: by the clock, or in a stage. `opening`: before there are tables; `concluding`: every unit has its answer. */
const STAGES = ["any", "opening", "ingest", "plan", "execute", "concluding"] as const;
type Stage = (typeof STAGES)[number];

/** So long after the job has reached the stage; of `any`, after its start. */
export interface Moment {
  readonly stage: Stage;
  readonly afterMs: number;
}

/** Half of all moments by the clock alone, spread over the whole job; the others in a stage, one as often as the other. */
export function momentFrom(random: Random, wholeMs: number): Moment {
  const stage = random() < 0.5 ? "any" : pick(random, STAGES.slice(1));
  return { stage, afterMs: random() * (stage === "any" ? wholeMs : stage === "opening" ? 400 : 0.25 * wholeMs) };
}

const REACHED: Readonly<Record<Exclude<Stage, "any" | "opening">, string>> = {
  ingest: "SELECT 1 FROM run WHERE state = 'ingest'",
  plan: "SELECT 1 FROM run WHERE state = 'plan'",
  execute: "SELECT 1 FROM run WHERE state = 'execute' AND EXISTS (SELECT 1 FROM unit WHERE state <> 'planned')",
  concluding: "SELECT 1 FROM run WHERE state = 'execute' AND NOT EXISTS (SELECT 1 FROM unit WHERE state = 'planned')",
};

/** Waits for the moment; in vain where the job has gone by its stage, so nothing but its own end may wait for this. */
export async function reached(path: string, { stage, afterMs }: Moment, isOver: () => boolean): Promise<void> {
  if (stage !== "any" && stage !== "opening") while (!isOver() && !isIn(path, REACHED[stage])) await wait(3);
  await wait(afterMs);
}

function isIn(path: string, sql: string): boolean {
  if (!existsSync(path)) return false;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true });
    return db.prepare(sql).get() !== undefined;
  } catch {
    return false; // the tables are not there yet
  } finally {
    db?.close();
  }
}
