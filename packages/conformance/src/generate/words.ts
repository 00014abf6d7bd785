/** What made-up names are made of, chosen so that they collide. */

/** Services that are one another's prefixes, with digits and signs. */
export const SERVICES = ["s3", "s", "s3-o", "a", "ab", "a-b", "iam", "x2"] as const;

/** Words that are one another's prefixes, alone and joined, with acronyms and digits, in several cases. */
export const WORDS: readonly string[] =
  "Get Put List Tag Tags Tagging tag Object Obj Ob DB Db DBs CORS Cors V2 2 2a A a aA B - _ X".split(" ");

export const GLOBS = ["*", "?", "*", "**", "*", "*?", "?*", "*?*", "??"] as const;

/** Letters that a wrong case folding takes for ASCII ones, a pair of surrogates, and what `.` does not match. */
export const ODD = ["\u212a", "\u017f", "\u0130", "\u{1f600}", "\n", "\u2028"] as const;

/** Sids of which some start others, in several cases. */
export const SIDS = ["One", "Two", "", "KeepOne", "Keep", "keepTwo", "One2"] as const;

/** What kept Sids may start with; the empty start is that of all. */
export const SID_STARTS = ["Keep", "One", "K", "keep", "KeepOne", "Two", "", "Ke"] as const;

/** An item by any number. Recipes hold numbers instead of items, so that they mean something in every catalog and shrink by themselves. */
export function at<T>(list: readonly T[], place: number): T {
  return list[place % list.length]!; // callers pass lists that hold something
}

/** Swaps the case of the letters whose bits are set; 32 letters on, the bits start again. */
export function recased(text: string, bits: number): string {
  let letter = 0;
  return text.replace(/[A-Za-z]/g, (one) =>
    ((bits >>> (letter++ & 31)) & 1) === 1 ? String.fromCharCode(one.charCodeAt(0) ^ 32) : one,
  );
}

/** `length` characters from `from` on become `by`. */
export function replaced(text: string, from: number, length: number, by: string): string {
  return text.slice(0, from) + by + text.slice(from + length);
}

/** Where the bare name starts. */
export function nameStart(action: string): number {
  return action.indexOf(":") + 1;
}
