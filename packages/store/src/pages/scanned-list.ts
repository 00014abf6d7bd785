import { type Asked, choice, found, searched, text } from "./asked.ts";
import type { Value } from "./list-query.ts";
import { type List, type Orders, keysOf, queriedList, questionText } from "./list.ts";

/** A filter by its name: SQL over `$NAME`, and its value where it is asked for. */
export interface Filter {
  readonly sql: string;
  /** Its words, where it takes only some. */
  readonly words?: readonly string[];
  /** A word that stands for a condition of its own, without a value. */
  readonly sqlOf?: Readonly<Record<string, string>>;
}

/** A list whose rows are few enough to be looked at altogether and sorted: tens of thousands of narrow ones. */
export interface ScannedList<Row> {
  readonly name: string;
  /** SQL: a row each, of the run `$run`. */
  readonly from: string;
  readonly where: string;
  /** SQL of each column, by its name in a reply, in the order of CSV. */
  readonly columns: Readonly<Record<keyof Row & string, string>>;
  /** Columns whose 0 and 1 are false and true in a reply. */
  readonly booleans?: readonly (keyof Row & string)[];
  readonly orders: Orders<string>;
  readonly filters: Readonly<Record<string, Filter>>;
  /** SQL of what `q` is searched for in. */
  readonly names: readonly string[];
}

/** O(rows) a page, and once more for their number. */
export function scannedList<Row>(list: ScannedList<Row>): List<Row> {
  const { name, from, columns, booleans = [], orders, filters, names } = list;
  const columnNames = Object.keys(columns) as (keyof Row & string)[]; // its own keys
  return queriedList({
    filters: Object.keys(filters),
    sorts: Object.keys(orders),
    columns: columnNames,
    query: (db, runId, asked) => {
      const { keys } = keysOf(asked, orders);
      const q = searched(asked);
      const given = conditions(filters, asked);
      const where = [list.where, ...given.where];
      const values = { ...given.values, run: runId, q };
      const total = `SELECT count(*) ${from} WHERE ${where.map((one) => `(${one})`).join(" AND ")}`;
      return {
        question: questionText(name, runId, asked),
        from,
        where: q === null ? where : [...where, found(...names)],
        keys,
        ids: columnNames.map((column) => columns[column]),
        isWalked: false,
        values,
        rowOf: (cells) => {
          const entries = columnNames.map((column, i) => [
            column,
            booleans.includes(column) ? cells[i] === 1 : cells[i],
          ]);
          return Object.fromEntries(entries) as Row; // each of its columns
        },
        total: () => db.prepare<[object], number>(total).pluck().get(values) ?? null,
      };
    },
  });
}

/** The conditions of the filters that are asked for, and their values. */
export function conditions(
  filters: Readonly<Record<string, Filter>>,
  asked: Asked,
): { readonly where: readonly string[]; readonly values: Readonly<Record<string, Value>> } {
  const where: string[] = [];
  const values: Record<string, Value> = {};
  for (const [name, { sql, words, sqlOf }] of Object.entries(filters)) {
    const known = sqlOf === undefined ? words : Object.keys(sqlOf);
    const value = known === undefined ? text(asked, name) : choice(asked, name, known);
    if (value === undefined) continue;
    where.push(sqlOf?.[value] ?? sql);
    values[name] = value;
  }
  return { where, values };
}
