/** ASCII only: `K` (U+212A, the Kelvin sign) is no k. Keeps the length. */
export function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

export function hasWildcard(glob: string): boolean {
  return /[*?]/.test(glob);
}

/** Both folded. */
export function matches(glob: string, text: string): boolean {
  return regExpOf(glob).test(text);
}

/** Without the flags `i`, `u` and `s` on purpose: `[^]` is then exactly one UTF-16 code unit, whichever. */
export function regExpOf(glob: string): RegExp {
  const source = glob.replace(/\*+|[^*]/g, (part) => {
    if (part.startsWith("*")) return "[^]*";
    if (part === "?") return "[^]";
    return `\\u${part.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return new RegExp(`^${source}$`);
}

/** Where reading the glob can have got to after `text`, ascending; a `*` that matched nothing is passed as well. Both folded. */
export function positionsAfter(text: string, glob: string): number[] {
  let positions = passStars([0], glob);
  for (let i = 0; i < text.length; i++) positions = step(positions, text.charAt(i), glob);
  return positions;
}

/** `letter` is one code unit, or `""` for any that the glob does not name. */
function step(positions: readonly number[], letter: string, glob: string): number[] {
  const next: number[] = [];
  for (const at of positions) {
    if (at === glob.length) continue;
    if (glob.charAt(at) === "*") next.push(at);
    else if (glob.charAt(at) === "?" || glob.charAt(at) === letter) next.push(at + 1);
  }
  return passStars(next, glob);
}

function passStars(positions: readonly number[], glob: string): number[] {
  const passed = new Set<number>();
  for (const position of positions) {
    passed.add(position);
    for (let at = position; glob.charAt(at) === "*"; at++) passed.add(at + 1);
  }
  return [...passed].sort((a, b) => a - b);
}

/** What `entry` can still require after the folded prefix q: the author's text, nothing that another remainder contains. */
export function remaindersAfter(q: string, entry: string): string[] {
  const rests = positionsAfter(q, fold(entry)).map((at) => entry.slice(at)); // no two equally long
  return rests.filter((rest) => !rests.some((other) => other !== rest && makesNeedless(fold(other), fold(rest))));
}

function makesNeedless(other: string, rest: string): boolean {
  if (!isIncluded(rest, other)) return false;
  return !isIncluded(other, rest) || other.length < rest.length;
}

/**
 * Whether every string that the folded glob `inner` matches is matched by `outer`. Walks both at once over every string that
 * matters: of the letters that neither names, one stands for all.
 */
function isIncluded(inner: string, outer: string): boolean {
  const letters = new Set((inner + outer).split("").filter((letter) => !hasWildcard(letter)));
  letters.add("");
  const todo = [{ a: positionsAfter("", inner), b: positionsAfter("", outer) }];
  const seen = new Set<string>();
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { a, b } = next;
    const key = `${a.join()}|${b.join()}`;
    if (a.length === 0 || seen.has(key)) continue;
    seen.add(key);
    if (a.includes(inner.length) && !b.includes(outer.length)) return false;
    for (const letter of letters) todo.push({ a: step(a, letter, inner), b: step(b, letter, outer) });
  }
  return true;
}
