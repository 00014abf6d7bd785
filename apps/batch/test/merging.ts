/** Shares of runs and what they are merged into, in this process. */
import { copyFileSync } from "node:fs";
import type { Catalog } from "@leastwise/catalog";
import { closeWriting, openForReading, openForWriting, readMergingRun } from "@leastwise/store";
import { readSettings } from "../dist/config/read-settings.js";
import type { Flags } from "../dist/config/settings.js";
import { type MergeResult, merge } from "../dist/merge.js";
import { openParts } from "../dist/merging/open-parts.js";
import { beginAnew, openTarget } from "../dist/merging/open-target.js";
import { type Draw, PartTrust, untilTrusted } from "../dist/merging/part-trust.js";
import { SILENT } from "../dist/progress.js";
import { run } from "../dist/run.js";
import { type ShareResult, runShare } from "../dist/run-share.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import type { TakenOver } from "../dist/stages/take-answers.js";
import { type MergeExecutor, inlineExecutor } from "../dist/workers/executor.js";
import { contentOf } from "./run-content.ts";

/** What is run, and where its files lie. */
export interface Job {
  readonly folder: string;
  readonly inputs: readonly string[];
  readonly catalog: Catalog;
  readonly flags?: Flags;
  /** A configuration file. */
  readonly config?: string;
  /** Where work is done; this thread where it is absent. */
  readonly executor?: MergeExecutor;
}

let databases = 0;

export function newPath({ folder }: Job, kind: string): string {
  return `${folder}/${kind}-${++databases}.db`;
}

/** What a run of the job comes to, undivided. */
export async function undivided(job: Job, path: string = newPath(job, "whole")): Promise<string> {
  const db = openForWriting(path);
  await run(db, jobOf(job), executorOf(job), SILENT);
  closeWriting(db);
  return path;
}

export async function sharePart(
  job: Job,
  number: number,
  of: number,
  path: string = newPath(job, `part-${number}-of-${of}`),
): Promise<ShareResult & { readonly path: string }> {
  const db = openForWriting(path);
  const result = await runShare(db, jobOf(job), { number, of }, executorOf(job), SILENT);
  closeWriting(db);
  return { ...result, path };
}

/** All shares of the job, each in a database of its own. */
export async function allShares(job: Job, of: number): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let number = 1; number <= of; number++) paths.push((await sharePart(job, number, of)).path);
  return paths;
}

export interface Merged {
  readonly path: string;
  readonly result: MergeResult | { readonly taken: TakenOver; readonly open: number };
}

export interface MergeWishes {
  readonly isComplete?: boolean;
  readonly path?: string;
  /** How many answers are checked, and how they are drawn; by chance where that is absent. */
  readonly percent?: number;
  readonly draw?: Draw;
}

/** As the command does, but that missing shares are not refused beforehand. */
export async function mergedFrom(
  job: Job,
  parts: readonly string[],
  { isComplete = false, path = newPath(job, "merged"), percent = 100, draw }: MergeWishes = {},
): Promise<Merged> {
  const executor = executorOf(job);
  const opened = openParts(parts, path, SILENT);
  const target = await openTarget(path, opened, percent >= 100);
  if (target.was === "done") throw new Error("it is merged already");
  let { db } = target;
  const trust = new PartTrust(target.was === "begun" ? 100 : percent, target.hasUnchecked, draw);
  try {
    const files = opened.parts.map((part) => ({ path: part.path, share: part.share }));
    const round = async (merged: typeof db): ReturnType<typeof merge> => {
      const merging = readMergingRun(merged);
      if (merging === undefined) throw new Error("it is merged already");
      const given = { run: merging, catalog: job.catalog, parts: files, isComplete, trust };
      return merge(merged, given, executor, executor, SILENT);
    };
    const ended = await untilTrusted(db, trust, round, () => beginAnew(path, opened.first));
    ({ db } = ended);
    return { path, result: ended.result };
  } finally {
    await executor.close();
    if (db.open) closeWriting(db);
    for (const part of opened.parts) part.db.close();
  }
}

/** Every row of the newest run of a database, ids replaced by what they stand for. */
export function contentIn(path: string): ReadonlyMap<string, readonly string[]> {
  const db = openForReading(path);
  try {
    const newest = db.prepare<[], number>("SELECT max(run_id) FROM run").pluck().get() ?? 0;
    return contentOf(db, newest);
  } finally {
    db.close();
  }
}

/** A copy of a database in which somebody has written. */
export function edited(path: string, copy: string, sql: string): string {
  copyFileSync(path, copy);
  const db = openForWriting(copy);
  db.pragma("foreign_keys = OFF");
  db.exec(sql);
  closeWriting(db);
  return copy;
}

function jobOf({ inputs, catalog, flags = {}, config, folder }: Job): Parameters<typeof run>[1] {
  const { configFile: _, ...settings } = readSettings(config, folder, flags);
  return { files: listInputs(inputs), catalog, settings };
}

function executorOf({ catalog, executor }: Job): MergeExecutor {
  return executor ?? inlineExecutor(catalog.trie.buffer);
}
