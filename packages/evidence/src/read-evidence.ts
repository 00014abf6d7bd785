import type { Evidence } from "@leastwise/core";
import { Draft } from "./draft.ts";
import { parseValues } from "./json.ts";
import { isListForm, recognise } from "./recognise.ts";
import { decode } from "./text.ts";

/**
 * Everything that one input file says, as plain records. Never throws for what a file contains: whatever cannot be used is a
 * diagnostic with the place and a way out, and the rest of the file counts.
 *
 * @param path only named in diagnostics; what the file is, its content tells
 */
export function readEvidence(path: string, file: Uint8Array): Evidence {
  const draft = new Draft(path);
  const decoded = decode(file);
  if (!("text" in decoded)) {
    draft.refuse(decoded.code, "", decoded.message, decoded.hint);
    return draft.finish();
  }
  const { values, problems } = parseValues(decoded.text, isListForm);
  for (const { code, pointer, message, hint } of problems) draft.refuse(code, pointer, message, hint);
  for (const value of values) recognise(draft, value);
  return draft.finish();
}
