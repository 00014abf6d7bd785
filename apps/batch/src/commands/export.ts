import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import {
  type Connection,
  openForReading,
  readBlockersOf,
  readPolicyRecommendations,
  readRecommendations,
} from "@leastwise/store";
import { FOLDER_FORMATS, type FolderFormat, type StreamFormat } from "../cli/choices.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { csvHead, csvRow } from "../format/csv-rows.ts";
import { byPrincipal } from "../format/by-principal.ts";
import { accessAnalyzerRecommendation, jsonLine, patchOf, policyJsonLine, policyPatchOf } from "../format/exports.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import { reasonOf } from "../reason.ts";
import type { SharedBy } from "../handoff/plan-principal.ts";
import { type Terminal, write } from "../terminal.ts";
import { handoffCommand } from "./handoff.ts";

export interface ExportOptions {
  readonly db: string;
  readonly run?: string;
  readonly format: StreamFormat | FolderFormat;
  readonly out?: string;
  readonly shared?: SharedBy;
}

/**
 * `leastwise export`: every recommendation of the current run, streamed: those for principals in the order of principal and policy,
 * then those for shared policies in place, which AWS's own shape has no place for.
 */
export async function exportCommand(options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const { format } = options;
  if (isFolderFormat(format)) return handoffCommand({ ...options, format }, terminal);
  if (options.shared !== undefined)
    throw new Failure(EXIT.usage, `--shared does not go with ${format}`, "it has both, told apart by their scope");
  const db = openForReading(options.db, options.run);
  const texts = pieces(db, format);
  try {
    tellUnfinished(db, terminal);
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

function isFolderFormat(format: ExportOptions["format"]): format is FolderFormat {
  return FOLDER_FORMATS.some((folderFormat) => folderFormat === format);
}

function* pieces(db: Connection, format: StreamFormat): Generator<string> {
  const rows = readRecommendations(db);
  if (format === "access-analyzer") {
    for (const group of byPrincipal(rows)) yield `${accessAnalyzerRecommendation(group)}\n`;
    return;
  }
  if (format === "csv") {
    yield csvHead();
    for (const row of rows) yield csvRow(row);
    for (const row of readPolicyRecommendations(db)) yield csvRow(row);
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
