import type { Pattern } from "./pattern.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;

/**
 * Whether a folded pattern lies inside an entry letter by letter: the entry matches the pattern's very text, and a `*` of it by a
 * `*` only. Then whatever the pattern matches, the entry matches too. (The reverse does not hold: `a:*?` takes in `a:b*`, though not by
 * letters.) O(entry × pattern).
 */
export function holdsPattern(entry: Pattern, folded: string): boolean {
  const wide = entry.folded;
  if (entry.kind === "prefix") return folded.startsWith(wide.slice(0, entry.headLength));
  let w = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < folded.length) {
    const code = wide.charCodeAt(w); // NaN behind the end, which is no letter
    const letter = folded.charCodeAt(n);
    if (code === STAR) {
      star = w++;
      resume = n;
    } else if (code === letter || (code === QUESTION && letter !== STAR)) {
      w++;
      n++;
    } else if (star >= 0) {
      w = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (wide.charCodeAt(w) === STAR) w++;
  return w === wide.length;
}
