import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import {
  type Connection,
  type RecommendationRow,
  openForReading,
  readBlockersOf,
  readPolicyRecommendations,
  readRecommendations,
} from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { accessAnalyzerRecommendation, jsonLine, patchOf, policyJsonLine, policyPatchOf } from "../format/exports.ts";
import { reasonOf } from "../reason.ts";
import { type Terminal, write } from "../terminal.ts";

export interface ExportOptions {
  readonly db: string;
  readonly format: "jsonl" | "access-analyzer" | "diff";
  readonly out?: string;
}

/**
 * `leastwise export`: every recommendation of the current run, streamed: those for principals in the order of principal and policy,
 * then those for shared policies in place, which AWS's own shape has no place for.
 */
export async function exportCommand(options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(options.db);
  const texts = pieces(db, options.format);
  try {
    if (options.out === undefined) for (const text of texts) await write(terminal.out, text);
    else await pipeline(texts, createWriteStream(options.out));
    return EXIT.done;
  } catch (error) {
    if (options.out === undefined || typeof (error as NodeJS.ErrnoException).syscall !== "string") throw error; // not from the file
    const message = `\`${options.out}\` cannot be written: ${reasonOf(error)}`;
    throw new Failure(EXIT.io, message, "check the folder and the disk", { cause: error });
  } finally {
    db.close();
  }
}

function* pieces(db: Connection, format: ExportOptions["format"]): Generator<string> {
  const rows = readRecommendations(db);
  if (format === "access-analyzer") {
    for (const group of byPrincipal(rows)) yield `${accessAnalyzerRecommendation(group)}\n`;
    return;
  }
  for (const row of rows) {
    const text = format === "jsonl" ? `${jsonLine(row)}\n` : patchOf(row);
    if (text !== "") yield text;
  }
  for (const row of readPolicyRecommendations(db)) {
    const text =
      format === "jsonl" ? `${policyJsonLine(row, readBlockersOf(db, row.policy_key))}\n` : policyPatchOf(row);
    if (text !== "") yield text;
  }
}

function* byPrincipal(rows: Iterable<RecommendationRow>): Generator<readonly RecommendationRow[]> {
  let group: RecommendationRow[] = [];
  for (const row of rows) {
    if (group.length > 0 && group[0]?.principal_arn !== row.principal_arn) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}
