import { type Change, type ChangeRow, changeOf } from "@leastwise/core";

/** What a text says; undefined where it is not the text that JSON.stringify gives of that: no JSON, blanks, a key that stands twice. */
export function canonical(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `[[statement, element, entry, …replacedBy], …]`; undefined for anything else. */
export function changesOf(text: string | null): readonly Change[] | undefined {
  const rows = canonical(text ?? "[]");
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row))) return undefined;
  return (rows as unknown as readonly ChangeRow[]).map(changeOf); // what is in a row is compared with what it should be
}
