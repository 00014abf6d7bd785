/**
 * The verifier's own matcher. It works by segments between stars, unlike the refiner's, and shares no code with it, so that one
 * mistake cannot hide in both.
 */

/** ASCII case folding, the verifier's own. */
export function lowerAscii(text: string): string {
  // eslint-disable-next-line no-control-regex -- the range is all of ASCII, on purpose
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (character) => (character <= "\x7f" ? character.toLowerCase() : character)).join("");
}

export function isGlob(text: string): boolean {
  return text.includes("*") || text.includes("?");
}

/** The service part where no wildcard stands in it. */
export function literalService(entry: string): string | undefined {
  const colon = entry.indexOf(":");
  return colon < 0 || isGlob(entry.slice(0, colon)) ? undefined : entry.slice(0, colon);
}

/**
 * Whether `wide` matches `text`, both folded. With `text` itself a pattern the answer is whether everything that `text` matches,
 * `wide` matches too; `true` is then always right, `false` may be over-careful: a `*` of `text` is only ever taken by a `*`.
 * Segments are placed leftmost, which is optimal. O(wide × text).
 */
export function covers(wide: string, text: string): boolean {
  if (wide !== "" && wide.indexOf("*") === wide.length - 1) {
    return text.length >= wide.length - 1 && fitsAt(wide, text, 0, wide.length - 1);
  }
  const { segments, least } = segmentsOf(wide);
  if (text.length < least) return false;
  const first = segments[0]!; // split gives at least one
  if (segments.length === 1) return first.length === text.length && fitsAt(first, text, 0);
  const last = segments[segments.length - 1]!; // at least two
  if (!fitsAt(first, text, 0)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (let i = 1; i < segments.length - 1; i++) {
    const segment = segments[i]!; // i is inside
    while (from + segment.length <= end && !fitsAt(segment, text, from)) from++;
    from += segment.length;
    if (from > end) return false;
  }
  return fitsAt(last, text, end);
}

/** What stands between the stars of a pattern, and how long a text has to be to match it. */
interface Segments {
  readonly pattern: string;
  readonly segments: readonly string[];
  readonly least: number;
}

/** Of the pattern that was asked for last: it is tried on thousands of texts in turn. */
let lastSegments: Segments = { pattern: "", segments: [""], least: 0 };

/** A run of stars is one star. */
function segmentsOf(pattern: string): Segments {
  if (lastSegments.pattern !== pattern) {
    const segments = pattern.replace(/\*+/g, "*").split("*");
    lastSegments = { pattern, segments, least: segments.reduce((sum, { length }) => sum + length, 0) };
  }
  return lastSegments;
}

/** What `pattern` can still require after it has consumed `text`: suffixes of the pattern, both folded. */
export function suffixesAfter(pattern: string, text: string): ReadonlySet<string> {
  let positions = new Set([0]);
  for (let i = 0; i < text.length; i++) {
    const next = new Set<number>();
    for (const position of withFreeStars(pattern, positions)) {
      const wanted = pattern[position];
      if (wanted === "*") next.add(position);
      else if (wanted === "?" || wanted === text[i]) next.add(position + 1);
    }
    positions = next;
  }
  return new Set([...withFreeStars(pattern, positions)].map((position) => pattern.slice(position)));
}

function withFreeStars(pattern: string, positions: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(positions);
  for (const position of all) if (pattern[position] === "*") all.add(position + 1); // a Set's walk sees what is added
  return all;
}

function fitsAt(segment: string, text: string, from: number, length = segment.length): boolean {
  for (let i = 0; i < length; i++) {
    const wanted = segment.charCodeAt(i);
    const found = text.charCodeAt(from + i);
    if (wanted !== found && (wanted !== 0x3f || found === 0x2a)) return false;
  }
  return true;
}
