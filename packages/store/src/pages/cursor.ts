import { createHash } from "node:crypto";
import { PageError } from "./page-error.ts";

/** Where a page ended: the values of the keys of its last row. */
export type KeyValues = readonly (string | number | null)[];

const MOST_CHARACTERS = 8192;

/**
 * A place in a list as text that nobody has to understand. It belongs to one question: the list, its order, filters and run. It may be
 * forged, and then it is a place like any other, since its values are only ever parameters.
 */
export function cursorText(question: string, values: KeyValues): string {
  return Buffer.from(JSON.stringify([digest(question), ...values])).toString("base64url");
}

/**
 * @param count how many keys the list has
 * @throws PageError `bad-cursor` for whatever `cursorText` cannot have made of that question
 */
export function cursorValues(question: string, count: number, text: string): KeyValues {
  const values = parsed(text);
  if (values?.length === count + 1 && values[0] === digest(question)) return values.slice(1);
  throw new PageError("bad-cursor", "`after` is no place in this list", "begin again without `after`");
}

function parsed(text: string): KeyValues | null {
  if (text.length > MOST_CHARACTERS || !/^[\w-]+$/.test(text)) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(values) && values.every(isKeyValue) ? values : null;
  } catch {
    return null; // no JSON
  }
}

function isKeyValue(value: unknown): value is string | number | null {
  return typeof value === "string" || value === null || (typeof value === "number" && Number.isFinite(value));
}

function digest(question: string): string {
  return createHash("sha256").update(question).digest("base64url").slice(0, 12);
}
