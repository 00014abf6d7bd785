import { type Part, countUnits, shareText } from "@leastwise/store";
import { count } from "../progress.ts";

/** A share of which not every unit has an answer. */
export interface MissingShare {
  /** `3/4` */
  readonly share: string;
  /** The part that holds it so far; null where there is none. */
  readonly path: string | null;
  readonly open: number;
  readonly asked: number;
}

/** O(shares × units); all parts are of one job, and there is one. */
export function missingShares(parts: readonly Part[]): readonly MissingShare[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { of } = first.share;
  const byNumber = new Map(parts.map((part) => [part.share.number, part]));
  return Array.from({ length: of }, (_, place): MissingShare => {
    const share = { number: place + 1, of };
    const part = byNumber.get(share.number);
    const { db, run } = part ?? first;
    const { asked, open } = countUnits(db, run, share);
    return { share: shareText(share), path: part?.path ?? null, asked, open: part === undefined ? asked : open };
  }).filter(({ open }) => open > 0);
}

/** In a line. */
export function missingText(missing: readonly MissingShare[]): string {
  return missing
    .map(({ share, path, open, asked }) =>
      path === null
        ? `share ${share} is missing (${count(asked)} ${asked === 1 ? "unit" : "units"})`
        : `share ${share} in \`${path}\` is not finished (${count(open)} of ${count(asked)} units are open)`,
    )
    .join("; ");
}
