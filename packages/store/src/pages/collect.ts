import type { Page } from "@leastwise/api";
import { type KeyValues, cursorText } from "./cursor.ts";

/** Something on the way through a list: where it stands, and what it is, or null where it is not wanted. */
export interface Looked<Item> {
  readonly place: KeyValues;
  readonly item: Item | null;
}

/** Which part of a list is wanted. */
export interface Part {
  /** Rows at the most, from 1. */
  readonly limit: number;
  /** Whether the time is over that a search may take. */
  readonly isOver: () => boolean;
}

/** The clock is looked at each so many rows, and at each that is not wanted. */
const ROWS_PER_LOOK = 256;

/** Walks until there are as many as wanted, or time is over; `next` is where to go on, null where the walk has come to its end. */
export function collect<Item>(
  question: string,
  way: Iterable<Looked<Item>>,
  { limit, isOver }: Part,
): Omit<Page<Item>, "total"> {
  const rows: Item[] = [];
  let looked = 0;
  let last: KeyValues | null = null;
  for (const { place, item } of way) {
    const isEnough = rows.length === limit && item !== null;
    if (last !== null && (isEnough || ((item === null || looked % ROWS_PER_LOOK === 0) && isOver())))
      return { rows, next: cursorText(question, last), looked };
    looked++;
    last = place;
    if (item !== null) rows.push(item);
  }
  return { rows, next: null, looked };
}
