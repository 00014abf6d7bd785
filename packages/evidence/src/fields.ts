/** A plain object, as JSON.parse makes it. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NO_OFFSET = /^\d{4}-\d\d-\d\dT[\d:.]+$/;
/** Seconds since 1970 stay below this for the next three thousand years; what is larger counts milliseconds. */
const SECONDS_BELOW = 1e11;

/**
 * A date as AWS's tools print it, as ISO 8601 in UTC; null where there is none. Texts with any offset, without one in UTC; numbers
 * as raw API replies (seconds) or JavaScript (milliseconds) have them.
 */
export function dateOrNull(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  const date = new Date(typeof value === "string" ? textDate(value) : value < SECONDS_BELOW ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function textDate(text: string): string {
  return NO_OFFSET.test(text) ? `${text}Z` : text; // else it would be read in the time zone of this machine
}

/** More characters than this of a file's own text do not go into a message. */
const LONGEST = 300;

/** What a file says, for a message: cut where it is long, and on one line whatever it holds. */
export function oneLine(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`); // not empty
}

/** What a file says, in backticks. */
export function quoted(text: string): string {
  return `\`${oneLine(text)}\``;
}
