/** A plain object, as JSON.parse makes it. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** ISO 8601 as AWS's tools print it, with `T` or a blank, and with or without an offset. */
const TEXT_DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/;
/** Seconds since 1970 stay below this for the next three thousand years; what is larger counts milliseconds. */
const SECONDS_BELOW = 1e11;

/**
 * A date as AWS's tools print it, as ISO 8601 in UTC; null where there is none, or one beyond the year 9999. Texts with any offset,
 * without one in UTC; numbers as raw API replies (seconds) or JavaScript (milliseconds) have them.
 */
export function dateOrNull(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const date = typeof value === "string" ? textDate(value) : new Date(value < SECONDS_BELOW ? value * 1000 : value);
  if (date === null || Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return /^\d{4}-/.test(text) ? text : null; // others would not be in order as texts
}

/** Never in the time zone of this machine. */
function textDate(text: string): Date | null {
  const [, day, time, offset] = TEXT_DATE.exec(text) ?? [];
  return day === undefined ? null : new Date(`${day}T${time ?? "00:00"}${offset ?? "Z"}`);
}

/** Whether a text is whole: half of a surrogate pair would be another text in the database, and two of them the same. */
export function isWholeText(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

/** More characters than this of a file's own text do not go into a message. */
const LONGEST = 300;

/** What a file says, for a message: cut where it is long, and on one line whatever it holds. */
export function oneLine(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  ); // not empty
}

/** What a file says, in backticks. */
export function quoted(text: string): string {
  return `\`${oneLine(text)}\``;
}
