import { statSync } from "node:fs";
import {
  type Connection,
  MERGING,
  type Summary,
  beginMerge,
  openForReading,
  openForWriting,
  readPartRun,
} from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import { refuseUnlessSound } from "./check-first.ts";
import type { OpenParts } from "./open-parts.ts";
import { refuseOtherJob } from "./same-job.ts";

/** The merged database, as far as it is. */
export type Target =
  | {
      /** Made now, or that of an interrupted merge of the same run. */
      readonly was: "new" | "begun";
      readonly db: Connection;
    }
  /** It holds the run, merged and finished, and what that came to. */
  | { readonly was: "done"; readonly summary: Summary };

/**
 * Opens the database that parts are merged into; makes it where there is none, and goes on where a merge of the same run was interrupted.
 * Anything else is left as it is.
 *
 * @throws Failure
 */
export async function openTarget(path: string, { first, content }: OpenParts): Promise<Target> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    await refuseUnlessSound(first);
    beginMerge(first, path);
    return { db: openForWriting(path), was: "new" };
  }
  const db = openForReading(path);
  try {
    const run = readPartRun(db);
    if (run === undefined || (run.state !== "done" && run.shareName !== MERGING))
      throw new Failure(
        EXIT.usage,
        `\`${path}\` is there already, and is no merged database`,
        "name a new file with --db; the parts follow it",
      );
    refuseOtherJob({ ...first, content }, { path, db, run });
    if (run.state === "done") return { was: "done", summary: JSON.parse(run.found ?? "{}") as Summary }; // what its run has written
  } finally {
    db.close();
  }
  return { db: openForWriting(path), was: "begun" };
}
