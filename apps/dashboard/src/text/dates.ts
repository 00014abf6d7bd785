/** `2026-09-26`, of any ISO 8601 text; what is none is given back as it is. */
export function day(text: string): string {
  return /^\d{4}-\d{2}-\d{2}/u.exec(text)?.[0] ?? text;
}

/** `2026-09-26 17:45 UTC`, of an ISO 8601 text in UTC; what is none is given back as it is. */
export function minute(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*Z$/u.exec(text);
  return found === null ? text : `${found[1] ?? ""} ${found[2] ?? ""} UTC`;
}

/** `today`, `1 day`, `34 days` */
export function age(days: number): string {
  if (days < 1) return "today";
  return days < 2 ? "1 day" : `${Math.floor(days).toLocaleString("en-GB")} days`;
}
