import { isObject } from "./fields.ts";

/**
 * Checks by hand of the shapes that a large organization has hundreds of thousands of: a schema library copies what it checks, which
 * takes longer than parsing the JSON did. They say yes only to what the schema beside them takes too; of anything else it says what is wrong.
 */

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** As `nullish()`: a text, null or nothing. */
export function isTextOrNone(value: unknown): boolean {
  return typeof value === "string" || value === undefined || value === null;
}

/** As `awsDate`. */
export function isDateOrNone(value: unknown): boolean {
  return isTextOrNone(value) || (typeof value === "number" && Number.isFinite(value));
}

export function isCountOrNone(value: unknown): boolean {
  return value === undefined || value === null || (Number.isSafeInteger(value) && (value as number) >= 0); // isSafeInteger knows numbers only
}

/** A list of such items, null or nothing. */
export function isListOrNone(value: unknown, is: (item: unknown) => boolean): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(is));
}

/** An object of such a shape, null or nothing. */
export function isObjectOrNone(value: unknown, is: (value: Record<string, unknown>) => boolean): boolean {
  return value === undefined || value === null || (isObject(value) && is(value));
}
