/** A JSON value and where it stands in its file. */
export interface Located {
  readonly value: unknown;
  /** A JSON pointer, or `line N` in a file of lines. */
  readonly pointer: string;
}

export interface JsonProblem {
  readonly code: "not-json" | "truncated-json";
  readonly pointer: string;
  readonly message: string;
}

/**
 * The values of a text: one JSON value, or one on each line (JSONL). A list counts as its items, one level deep, because several
 * exports in one list are several exports; `isOneThing` tells lists that are a form of their own.
 *
 * A bad line costs that line.
 */
export function parseValues(
  text: string,
  isOneThing: (value: readonly unknown[]) => boolean,
): { readonly values: readonly Located[]; readonly problems: readonly JsonProblem[] } {
  const whole = tryParse(text);
  if ("value" in whole) return { values: spread({ value: whole.value, pointer: "" }, isOneThing), problems: [] };
  const lines = text.split("\n");
  if (!isLinesOfJson(lines)) return { values: [], problems: [problemAt(text, whole.position)] };
  const values: Located[] = [];
  const problems: JsonProblem[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const parsed = tryParse(line);
    const pointer = `line ${index + 1}`;
    if ("value" in parsed) values.push(...spread({ value: parsed.value, pointer }, isOneThing));
    else problems.push({ ...problemAt(line, parsed.position), pointer });
  });
  return { values, problems };
}

function spread(located: Located, isOneThing: (value: readonly unknown[]) => boolean): readonly Located[] {
  const { value, pointer } = located;
  if (!Array.isArray(value) || isOneThing(value)) return [located];
  const between = pointer === "" ? "/" : " /";
  return value.map((item: unknown, index) => ({ value: item, pointer: `${pointer}${between}${index}` }));
}

/** Lines of JSON: more than one line with something on it, and the first or the second of them is an object or a list by itself. */
function isLinesOfJson(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== "").slice(0, 2);
  return filled.length > 1 && filled.some((line) => /^\s*[[{]/.test(line) && "value" in tryParse(line));
}

function tryParse(text: string): { readonly value: unknown } | { readonly position: number } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const place = /position (\d+)/.exec(error instanceof Error ? error.message : ""); // the one thing all Node versions say alike
    return { position: place === null ? text.length : Number(place[1]) };
  }
}

function problemAt(text: string, position: number): JsonProblem {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const isEnd = position >= text.trimEnd().length || isUnterminatedString(text, position);
  return isEnd
    ? { code: "truncated-json", pointer: "", message: `the JSON ends in the middle, at line ${line}` }
    : { code: "not-json", pointer: "", message: `not JSON at line ${line}, column ${column}` };
}

/** A string cut off at the end of the file is reported where it starts. */
function isUnterminatedString(text: string, position: number): boolean {
  return text[position] === '"' && !/(?<!\\)(?:\\\\)*"/.test(text.slice(position + 1));
}
