import type { Page } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type Asked, choice, text } from "./asked.ts";
import type { Part } from "./collect.ts";
import type { Key, ListQuery } from "./list-query.ts";
import { readPage } from "./read-page.ts";

/** A list of the page: its columns, and how what is asked becomes SQL. */
export interface List<Row> {
  /** The names of what may be asked besides `run`, `q`, `after`, `limit`, `sort` and `order`. */
  readonly filters: readonly string[];
  readonly sorts: readonly string[];
  /** The columns of a row, for CSV. */
  readonly columns: readonly string[];
  readonly read: (db: Connection, runId: number, asked: Asked, part: Part) => Page<Row>;
}

/** A list that is one question of SQL. */
export function queriedList<Row>({
  query,
  ...list
}: Omit<List<Row>, "read"> & {
  readonly query: (db: Connection, runId: number, asked: Asked) => ListQuery<Row>;
}): List<Row> {
  return {
    ...list,
    read: (db, runId, asked, part) => readPage(db, query(db, runId, asked), { ...part, after: text(asked, "after") }),
  };
}

/** An order by name: the keys in the direction in which it is usually read. */
export type Orders<Sort extends string> = Readonly<Record<Sort, readonly Key[]>>;

/** The keys of the order that is asked for, the first one where none is; names ascend, and numbers descend, unless told otherwise. */
export function keysOf<Sort extends string>(
  asked: Asked,
  orders: Orders<Sort>,
): { readonly sort: Sort; readonly keys: readonly Key[] } {
  const sorts = Object.keys(orders) as Sort[]; // its own keys
  const sort = choice(asked, "sort", sorts) ?? sorts[0]!; // no list is without an order
  const keys = orders[sort];
  const usual = keys[0]?.isDescending === true ? "desc" : "asc";
  const order = choice(asked, "order", ["asc", "desc"]) ?? usual;
  return { sort, keys: order === usual ? keys : keys.map(turned) };
}

function turned(key: Key): Key {
  return { ...key, isDescending: key.isDescending !== true };
}

/** What a list is asked, in one text: whatever decides which rows it has, and in which order. */
export function questionText(name: string, runId: number, asked: Asked): string {
  const { after: _after, limit: _limit, run: _run, ...rest } = asked;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== "");
  return JSON.stringify([name, runId, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
