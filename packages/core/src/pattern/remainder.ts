import { fold } from "./fold.ts";
import { includes } from "./inclusion.ts";
import type { Pattern } from "./pattern.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;

/**
 * What a pattern still requires after it has consumed a text: the suffixes `r` of the pattern, spelled as the author did,
 * for which `text + r` together match exactly what the pattern matches among the texts that start with `text`.
 *
 * A suffix that another one includes is left out, so most patterns have one remainder; where `text` ends inside a literal
 * that follows a `*` there can be several. Empty when nothing that starts with `text` matches. Of two suffixes that match
 * the same, the shorter stays. O(pattern × text), plus the inclusion tests when there are several candidates.
 */
export function remainders(pattern: Pattern, text: string): readonly string[] {
  const positions = positionsAfter(pattern.folded, fold(text));
  return widest(positions.map((position) => pattern.text.slice(position)));
}

/** Positions in the pattern that can be reached by consuming the whole text, ascending. */
function positionsAfter(pattern: string, text: string): readonly number[] {
  let current = closure(pattern, [0]);
  for (let t = 0; t < text.length; t++) {
    const code = text.charCodeAt(t);
    const next: number[] = [];
    for (const position of current) {
      const wanted = pattern.charCodeAt(position); // NaN behind the end, which is no letter
      if (wanted === STAR) next.push(position);
      else if (wanted === QUESTION || wanted === code) next.push(position + 1);
    }
    current = closure(pattern, next);
  }
  return current;
}

/** With every `*` the position behind it, since `*` may match nothing; ascending, each once. */
function closure(pattern: string, positions: readonly number[]): readonly number[] {
  const out: number[] = [];
  for (const start of positions) {
    let position = start;
    if (out.length > 0 && position <= out[out.length - 1]!) continue; // the list is not empty; positions ascend
    while (pattern.charCodeAt(position) === STAR && pattern.charCodeAt(position + 1) === STAR) position++; // the last of a run is as good
    out.push(position);
    if (pattern.charCodeAt(position) === STAR) out.push(++position);
  }
  return lastStarOnwards(pattern, out);
}

/**
 * INVARIANT latest-star: what an earlier `*` leads to, the latest `*` reached matches too, so positions before it add nothing
 * and the list stays short whatever the pattern. (`*` after `*`: the second one is the latest.)
 */
function lastStarOnwards(pattern: string, positions: readonly number[]): readonly number[] {
  for (let i = positions.length - 1; i > 0; i--) {
    if (pattern.charCodeAt(positions[i]!) === STAR) return positions.slice(i); // i is inside the list
  }
  return positions;
}

function widest(candidates: readonly string[]): readonly string[] {
  if (candidates.length < 2) return candidates;
  const byLength = [...candidates].sort((a, b) => a.length - b.length);
  const kept: string[] = [];
  for (const candidate of byLength) {
    if (kept.some((other) => includes(other, candidate))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (includes(candidate, kept[i]!)) kept.splice(i, 1); // i is inside
    kept.push(candidate);
  }
  return kept;
}
