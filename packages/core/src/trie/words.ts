import { isDigit, isLower, isUpper } from "../pattern/fold.ts";

/**
 * Where the words of an action's name start, as offsets in `service:Name` (SEMANTICS 1, "word prefix"): after the colon; at an
 * upper-case letter that follows a lower-case letter or digit; at the last upper-case letter of a run of them that a
 * lower-case letter follows; after a character that is neither letter nor digit. Ascending, inside the text; a text without a colon is all name. O(length).
 */
export function wordStarts(action: string): readonly number[] {
  const first = action.indexOf(":") + 1;
  const starts: number[] = [];
  for (let i = first; i < action.length; i++) if (startsWord(action, i)) starts.push(i);
  return starts;
}

function startsWord(action: string, i: number): boolean {
  const code = action.charCodeAt(i);
  const before = action.charCodeAt(i - 1); // NaN before the text, which is neither letter nor digit, and so behind it
  if (!isUpper(before) && !isLower(before) && !isDigit(before)) return true;
  if (!isUpper(code)) return false;
  if (!isUpper(before)) return true;
  return isLower(action.charCodeAt(i + 1));
}
