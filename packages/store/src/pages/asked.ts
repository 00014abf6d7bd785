import { PageError } from "./page-error.ts";

/** What is asked, as it came: names and texts. */
export type Asked = Readonly<Record<string, string | undefined>>;

const MOST_CHARACTERS = 4096;
const MOST_SEARCHED = 256;

/** A text, or undefined. @throws PageError `bad-parameter` where it is very long or has a NUL, at which SQLite would end it */
export function text(asked: Asked, name: string): string | undefined {
  const value = asked[name];
  if (value === undefined || value === "") return undefined;
  if (value.length > MOST_CHARACTERS || value.includes("\0"))
    throw new PageError("bad-parameter", `\`${name}\` is too long, or has a NUL`, "give less");
  return value;
}

/** A text that has to be there. @throws PageError `bad-parameter` */
export function required(asked: Asked, name: string): string {
  const value = text(asked, name);
  if (value !== undefined) return value;
  throw new PageError("bad-parameter", `\`${name}\` is missing`, "docs/api.md shows an example");
}

/** One of several words, or undefined. @throws PageError `bad-parameter` */
export function choice<Word extends string>(asked: Asked, name: string, words: readonly Word[]): Word | undefined {
  const value = text(asked, name);
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw new PageError("bad-parameter", `\`${name}\` is none of its words`, `give one of ${words.join(", ")}`);
}

/** A whole number, or undefined. @throws PageError `bad-parameter` */
export function whole(asked: Asked, name: string, least: number, most: number): number | undefined {
  const value = text(asked, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,15}$/.test(value) && number >= least && number <= most) return number;
  throw new PageError("bad-parameter", `\`${name}\` is no number`, `give a whole number from ${least} to ${most}`);
}

/** `q` as a pattern for LIKE that finds it anywhere, its own `%` and `_` taken as they are; null where nothing is searched for. */
export function searched(asked: Asked): string | null {
  const value = text(asked, "q");
  if (value === undefined) return null;
  if (value.length > MOST_SEARCHED)
    throw new PageError("bad-parameter", "`q` is too long", `search for ${MOST_SEARCHED} characters at the most`);
  return `%${value.replace(/[\\%_]/g, "\\$&")}%`;
}

/** SQL: whether any of the columns has what is searched for. */
export function found(...columns: readonly string[]): string {
  return columns.map((column) => `${column} LIKE $q ESCAPE '\\'`).join(" OR ");
}
