import type { Connection } from "./database.ts";

/** One of the shares that the units of a run are divided into. `number` counts from 1 to `of`. */
export interface Share {
  readonly number: number;
  readonly of: number;
}

/** What a run bears for a share while its parts are put together. */
export const MERGING = "merging";

/** The same where not every answer of the parts is held against its question, so that nobody can know later which have been. */
export const MERGING_UNCHECKED = "merging-unchecked";

/** Whether a run that bears this is being put together from its parts. */
export function isMerging(shareName: string | null): boolean {
  return shareName === MERGING || shareName === MERGING_UNCHECKED;
}

/** Of the SHA-256, in hexadecimal digits: 48 bits, so that the sum of two is an exact number. */
const DIGITS = 12;

/** `2/4` */
export function shareText({ number, of }: Share): string {
  return `${number}/${of}`;
}

/** What a run bears; undefined where it is none. */
export function shareFrom(text: string | null): Share | undefined {
  const [, number, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text ?? "") ?? [];
  const share = { number: Number(number), of: Number(of) };
  return share.number <= share.of ? share : undefined; // NaN where it does not match
}

/**
 * The number of the share that a unit belongs to, out of so many. It hangs on what the unit asks alone, so it is the same in every database,
 * whatever ids that gives; hashes are spread evenly, and so are their sums.
 */
export function shareOf(documentSha256: string, unusedSha256: string, of: number): number {
  return ((leading(documentSha256) + leading(unusedSha256)) % of) + 1;
}

/** From now on `share_of(document's sha256, unused set's sha256, of)` can be asked on this connection. */
export function defineShareOf(db: Connection): void {
  db.function("share_of", { deterministic: true }, (documentSha256, unusedSha256, of) =>
    shareOf(String(documentSha256), String(unusedSha256), Number(of)),
  );
}

function leading(sha256: string): number {
  return Number.parseInt(sha256.slice(0, DIGITS), 16);
}
