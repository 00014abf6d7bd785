import { diffLines } from "diff";

/** A line of two texts beside each other; null where one of them has none. Lines count from 1. */
export interface TextRow {
  readonly before: { readonly number: number; readonly text: string } | null;
  readonly after: { readonly number: number; readonly text: string } | null;
  readonly same: boolean;
}

const LONGEST = 2000; // ms for the shortest difference; after that all of the one stands before all of the other

/** Two texts line by line, what is the same in the same row. */
export function textRows(before: string, after: string): readonly TextRow[] {
  const parts = diffLines(ended(before), ended(after), { timeout: LONGEST }) ?? [
    { value: ended(before), removed: true, added: false, count: 0 },
    { value: ended(after), removed: false, added: true, count: 0 },
  ];
  const rows: TextRow[] = [];
  let [left, right] = [1, 1];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (part === undefined) break;
    if (!part.added && !part.removed) {
      for (const text of linesOf(part.value))
        rows.push({ before: { number: left++, text }, after: { number: right++, text }, same: true });
      continue;
    }
    const next = parts[at + 1];
    const paired = part.removed && next?.added === true ? next : undefined;
    if (paired !== undefined) at++;
    const gone = part.removed ? linesOf(part.value) : [];
    const come = part.added ? linesOf(part.value) : paired === undefined ? [] : linesOf(paired.value);
    for (let line = 0; line < Math.max(gone.length, come.length); line++) {
      const [was, is] = [gone[line], come[line]];
      rows.push({
        before: was === undefined ? null : { number: left++, text: was },
        after: is === undefined ? null : { number: right++, text: is },
        same: false,
      });
    }
  }
  return rows;
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function linesOf(value: string): readonly string[] {
  return value.replace(/\n$/u, "").split("\n");
}
