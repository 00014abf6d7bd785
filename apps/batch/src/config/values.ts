/**
 * The most days that a window or an age may have. A window is at most what IAM keeps of last accesses: beyond it, none known does not
 * mean none. Source: IAM User Guide, "Refine permissions using last accessed information".
 */
export const MOST_DAYS = { window: 400, age: 36_500 } as const;

/** From and to: sizes of policies in characters (the least still holds a short statement), attached policies, a prefix's characters. */
export const LIMITS: Readonly<Record<"characters" | "attachments" | "shortest", readonly [from: number, to: number]>> =
  {
    characters: [256, 1_000_000],
    attachments: [1, 1000],
    shortest: [1, 64],
  };

const PATTERN = /^([\w.*?-]+:[\w.*?-]+|\*)$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** Whether a text is a pattern over `service:Name`, with `*` and `?`, or `*` for everything. */
export function isActionPattern(text: string): boolean {
  return PATTERN.test(text);
}

/**
 * A date (its first moment in UTC) or a time with its offset as ISO 8601 in UTC; undefined for anything else, such as the 30th of
 * February or a time that does not say where. Checked without zod, which would be loaded for the command line alone.
 */
export function instantOf(text: string): string | undefined {
  const [, day = ""] = INSTANT.exec(text) ?? [];
  return isDay(day) ? new Date(text).toISOString() : undefined;
}

/** `Date` takes the 30th of February for the 2nd of March, and days beyond the 31st for none. */
function isDay(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
