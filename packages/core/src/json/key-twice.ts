/** A key that an object has twice. */
export interface KeyTwice {
  readonly key: string;
  /** The offset of the second of them, its quote. */
  readonly at: number;
}

const PLAIN = /[^"\\]*/y;
const NO_PLACE = /[^"{}[\],]*/y;

/**
 * The first key of a text that an object has twice, however the two are spelled; undefined where there is none. For text that JSON.parse
 * takes. O(length), without recursion.
 */
export function keyTwice(text: string): KeyTwice | undefined {
  const open: (Set<string> | null)[] = []; // the keys of each object that is open, null for a list; the innermost last
  let keys: Set<string> | null = null;
  let isKey = false;
  for (let at = behind(NO_PLACE, text, 0); at < text.length; at = behind(NO_PLACE, text, at)) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (isKey && keys !== null) {
        const key = JSON.parse(text.slice(at, end)) as string; // what stands in quotes
        if (keys.has(key)) return { key, at };
        keys.add(key);
      }
      isKey = false;
      at = end;
      continue;
    }
    if (character === "{" || character === "[") {
      open.push(keys);
      keys = character === "{" ? new Set() : null;
    } else if (character !== ",") {
      keys = open.pop() ?? null;
    }
    isKey = keys !== null && (character === "{" || character === ",");
    at++;
  }
  return undefined;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = behind(PLAIN, text, start + 1);
  while (text[at] === "\\") at = behind(PLAIN, text, at + 2);
  return at + 1;
}

function behind(expression: RegExp, text: string, from: number): number {
  expression.lastIndex = from;
  expression.test(text); // it can match nothing, so it always matches
  return expression.lastIndex;
}
