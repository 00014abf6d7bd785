import { statSync } from "node:fs";
import {
  type Connection,
  MERGING_UNCHECKED,
  type Part,
  type Summary,
  beginMerge,
  closeWriting,
  isMerging,
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
      /** Whether answers may stand in it already that nobody has checked. */
      readonly hasUnchecked: boolean;
    }
  /** It holds the run, merged and finished, and what that came to. */
  | { readonly was: "done"; readonly summary: Summary };

/**
 * Opens the database that parts are merged into; makes it where there is none, and goes on where a merge of the same run was interrupted.
 * Anything else is left as it is.
 *
 * @param wantsAllChecked whether to begin anew where that merge may have taken answers over that nobody has checked
 * @throws Failure
 */
export async function openTarget(
  path: string,
  { first, content }: OpenParts,
  wantsAllChecked: boolean,
): Promise<Target> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    return { db: await beginAnew(path, first), was: "new", hasUnchecked: false };
  }
  let hasUnchecked: boolean;
  const db = openForReading(path);
  try {
    const run = readPartRun(db);
    if (run === undefined || (run.state !== "done" && !isMerging(run.shareName)))
      throw new Failure(
        EXIT.usage,
        `\`${path}\` is there already, and is no merged database`,
        "name a new file with --db; the parts follow it",
      );
    refuseOtherJob({ ...first, content }, { path, db, run });
    if (run.state === "done") return { was: "done", summary: JSON.parse(run.found ?? "{}") as Summary }; // what its run has written
    hasUnchecked = run.shareName === MERGING_UNCHECKED;
  } finally {
    db.close();
  }
  const begun = openForWriting(path);
  if (!hasUnchecked || !wantsAllChecked) return { db: begun, was: "begun", hasUnchecked };
  closeWriting(begun); // or what was killed beside it would be taken for the new one's
  return { db: await beginAnew(path, first), was: "begun", hasUnchecked: false };
}

/**
 * The database as it was when nothing had been taken over. What is there has been closed as `closeWriting` does, and stays until the new one is
 * complete.
 *
 * @throws Failure
 */
export async function beginAnew(path: string, first: Part): Promise<Connection> {
  await refuseUnlessSound(first);
  beginMerge(first, path);
  return openForWriting(path);
}
