import type { Page } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type Pulse, passing, pulseOf } from "./pulse.ts";
import { type Looked, type Part, collect } from "./collect.ts";
import { type KeyValues, cursorValues } from "./cursor.ts";
import type { Key, ListQuery, Value } from "./list-query.ts";

/** A part of a list, by key: rows after a place in the order, never counted off. */
export function readPage<Row>(
  db: Connection,
  query: ListQuery<Row>,
  part: Part & { readonly after: string | undefined },
): Page<Row> {
  const width = query.keys.length;
  const after = part.after === undefined ? null : cursorValues(query.question, width, part.after);
  const pulse = pulseOf(db);
  const before = pulse.passed();
  const page = collect(query.question, lookedAt(db, query, after, part.limit, pulse), part);
  const looked = page.looked + pulse.passed() - before;
  return { ...page, looked, rows: page.rows.map(query.rowOf), total: query.total() };
}

function* lookedAt(
  db: Connection,
  query: ListQuery<unknown>,
  after: KeyValues | null,
  limit: number,
  pulse: Pulse,
): Generator<Looked<KeyValues>> {
  const width = query.keys.length;
  for (const row of rowsAfter(db, query, after, limit)) {
    pulse.seen();
    yield { place: row.slice(0, width), item: row[width] === 1 ? row.slice(width + 1) : null };
  }
}

/** Rows of keys, whether it is wanted, and ids. */
function* rowsAfter(
  db: Connection,
  query: ListQuery<unknown>,
  after: KeyValues | null,
  limit: number,
): Generator<(string | number | null)[]> {
  const all = branches(query.keys, after);
  const any = {
    where: all.map(({ where }) => `(${where})`).join(" OR "),
    values: Object.assign({}, ...all.map((one) => one.values)) as object,
  }; // plain records
  for (const { where, values } of query.isWalked ? all : [any]) {
    yield* db
      .prepare<[object], (string | number | null)[]>(sqlOf(query, where, limit))
      .raw()
      .iterate({ ...query.values, ...values });
  }
}

function sqlOf({ from, where, keys, ids, isWalked }: ListQuery<unknown>, after: string, limit: number): string {
  const all = where.map((one) => `(${one})`).join(" AND ") || "1";
  const columns = [...keys.map(({ sql }) => sql), isWalked ? `coalesce(${all}, 0) <> 0` : "1", ...ids];
  const order = keys.map(({ sql, isDescending }) => `${sql}${isDescending === true ? " DESC" : ""}`);
  const wanted = where.map((one) => (isWalked ? passing(one) : `(${one})`));
  const most = isWalked ? "" : ` LIMIT ${limit + 1}`; // one more says that there are more
  return `SELECT ${columns.join(", ")} ${from} WHERE ${[`(${after})`, ...wanted].join(" AND ")} ORDER BY ${order.join(", ")}${most}`;
}

interface Branch {
  readonly where: string;
  readonly values: Readonly<Record<string, Value>>;
}

/**
 * What comes after a place, as conditions one after the other, each of which an index answers: all keys but the last equal and the last one
 * behind, then all but the last two, and so on.
 */
export function branches(keys: readonly Key[], after: KeyValues | null): readonly Branch[] {
  if (after === null) return [{ where: "1", values: {} }];
  const all: Branch[] = [];
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!; // i is inside, here and below
    const values = Object.fromEntries(after.slice(0, i + 1).map((value, k) => [`key${k}`, value]));
    const equal = keys
      .slice(0, i)
      .map(({ sql, isNullable }, k) => `${sql} ${isNullable === true ? "IS" : "="} $key${k}`);
    for (const behind of behindOf(key, after[i] ?? null, i))
      all.push({ where: [...equal, behind].join(" AND "), values });
  }
  return all;
}

function behindOf({ sql, isDescending, isNullable }: Key, value: Value, place: number): readonly string[] {
  if (value === null) return isDescending === true ? [] : [`${sql} IS NOT NULL`];
  if (isDescending !== true) return [`${sql} > $key${place}`];
  return isNullable === true ? [`${sql} < $key${place}`, `${sql} IS NULL`] : [`${sql} < $key${place}`];
}
