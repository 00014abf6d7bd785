/** A plain object, as JSON.parse makes it. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A date as AWS's tools print it (ISO 8601 with any offset), as ISO 8601 in UTC; null where there is none. */
export function dateOrNull(text: string | number | null | undefined): string | null {
  if (text === null || text === undefined || text === "") return null;
  const date = new Date(typeof text === "number" ? text * 1000 : text); // raw API replies count seconds
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
