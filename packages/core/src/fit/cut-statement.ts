import type { Statement } from "../policy/document.ts";

/** The lists along which a statement may be cut: it allows, or denies, the union of what its pieces do. */
const LISTS = ["Action", "Resource"] as const;
type List = (typeof LISTS)[number];

/** The pieces of a statement, in the order of their items, and the list along which it was cut. */
export interface CutStatement {
  readonly list: List;
  readonly pieces: readonly Statement[];
}

/** Sids that stand in a policy already: a piece's Sid must be another. */
export type TakenSids = ReadonlySet<string>;

/**
 * Cuts a statement into pieces of at most `room` characters each, along its Action list or its Resource list, whichever takes fewer
 * pieces (Action where both take as many). Items stay in their order, and each piece holds as many of them as fit. A Sid gets a number
 * behind it that no other Sid has; an empty or absent one stays as it is.
 *
 * @returns undefined where neither list will do: a piece with a single item would still be too large. O(characters)
 */
export function cutStatement(statement: Statement, room: number, taken: TakenSids): CutStatement | undefined {
  const [first, second] = LISTS.map((list) => cutAlong(list, statement, room, taken));
  if (first === undefined || second === undefined) return first ?? second;
  return first.pieces.length <= second.pieces.length ? first : second;
}

function cutAlong(list: List, statement: Statement, room: number, taken: TakenSids): CutStatement | undefined {
  const items = statement[list];
  if (!Array.isArray(items) || items.length < 2) return undefined;
  const numbers = freeNumbers(statement, taken);
  const pieces: Statement[] = [];
  for (let next = 0; next < items.length;) {
    const sid = sidOf(statement, numbers);
    const shell = characters({ ...statement, ...sid, [list]: [] });
    let size = shell - 1; // each item takes a comma but the first
    const held: unknown[] = [];
    while (next < items.length) {
      const item: unknown = items[next];
      const more = characters(item) + 1;
      if (size + more > room) break;
      size += more;
      held.push(item);
      next++;
    }
    if (held.length === 0) return undefined;
    pieces.push({ ...statement, ...sid, [list]: held });
  }
  return { list, pieces };
}

/** Two pieces that were cut along a list as one, under the earlier one's Sid. */
export function joinPieces(list: List, earlier: Statement, later: Statement): Statement {
  return { ...earlier, [list]: [...itemsOf(earlier, list), ...itemsOf(later, list)] };
}

function itemsOf(piece: Statement, list: List): readonly unknown[] {
  return piece[list] as readonly unknown[]; // a piece has a list where it was cut
}

/** 1, 2, 3, … but those that would make a Sid that stands there already. */
function* freeNumbers({ Sid }: Statement, taken: TakenSids): Generator<number, never> {
  for (let number = 1; ; number++) if (!taken.has(`${Sid}${number}`)) yield number;
}

function sidOf({ Sid }: Statement, numbers: Generator<number, never>): { readonly Sid?: string } {
  return typeof Sid === "string" && Sid !== "" ? { Sid: `${Sid}${numbers.next().value}` } : {};
}

function characters(value: unknown): number {
  return JSON.stringify(value).length;
}
