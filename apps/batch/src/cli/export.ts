import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { type RecommendationRow, openForReading, readRecommendations } from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { accessAnalyzerRecommendation, jsonLine, patchOf } from "../format/exports.ts";
import { type Terminal, write } from "../terminal.ts";

export interface ExportOptions {
  readonly db: string;
  readonly format: "jsonl" | "access-analyzer" | "diff";
  readonly out?: string;
}

/** `leastwise export`: every recommendation of the current run, in the order of principal and policy, streamed. */
export async function exportCommand(options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const db = openForReading(options.db);
  const target = options.out === undefined ? terminal.out : createWriteStream(options.out);
  try {
    if (target !== terminal.out) await once(target, "open");
    for (const piece of pieces(options.format, readRecommendations(db))) if (piece !== "") await write(target, piece);
    if (target !== terminal.out) {
      target.end();
      await once(target, "finish");
    }
    return EXIT.done;
  } catch (error) {
    if (options.out === undefined || typeof (error as NodeJS.ErrnoException).code !== "string") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(EXIT.io, `\`${options.out}\` cannot be written: ${reason}`, "check the folder and the disk", {
      cause: error,
    });
  } finally {
    db.close();
  }
}

function* pieces(format: ExportOptions["format"], rows: Iterable<RecommendationRow>): Generator<string> {
  if (format === "access-analyzer") {
    for (const group of byPrincipal(rows)) yield `${accessAnalyzerRecommendation(group)}\n`;
    return;
  }
  for (const row of rows) yield format === "jsonl" ? `${jsonLine(row)}\n` : patchOf(row);
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
