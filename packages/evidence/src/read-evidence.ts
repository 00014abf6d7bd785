import type { Evidence } from "@leastwise/core";
import { Draft } from "./draft.ts";
import { type JsonProblem, parseValues } from "./json.ts";
import { damagedExport } from "./forms/completeness.ts";
import { unusableText } from "./forms/unusable.ts";
import { isListForm, recognise } from "./recognise.ts";
import { decodeWithBytes } from "./text.ts";

/**
 * Everything that one input file says, as plain records. Never throws for what a file contains: whatever cannot be used is a
 * diagnostic with the place and a way out, and the rest of the file counts.
 *
 * @param path named in diagnostics; it also binds service last accessed details, which name no principal, to theirs. What the file
 * is, its content tells
 */
export function readEvidence(path: string, file: Uint8Array): Evidence {
  const draft = new Draft(path);
  const decoded = decodeWithBytes(file);
  if (!("text" in decoded)) {
    draft.refuse(decoded.code, "", decoded.message, decoded.hint);
    return draft.finish();
  }
  const unusable = unusableText(decoded.text);
  if (unusable !== undefined) {
    draft.refuse("unsupported-input", "", `this is ${unusable.what}`, unusable.hint);
    return draft.finish();
  }
  const { values, problems } = parseValues(decoded.text, isListForm, decoded.bytes);
  for (const { code, pointer, message, hint } of problems) draft.refuse(code, pointer, message, hint);
  for (const text of damaged(decoded.text, problems)) damagedExport(draft, text);
  for (const value of values) recognise(draft, value);
  return draft.finish();
}

/** What could not be parsed: the whole text, or lines of it. */
function damaged(text: string, problems: readonly JsonProblem[]): readonly string[] {
  if (problems.length === 0) return [];
  if (problems.some(({ pointer }) => pointer === "")) return [text];
  const bad = new Set(problems.map(({ pointer }) => pointer));
  return text.split("\n").filter((_, index) => bad.has(`line ${index + 1}`));
}
