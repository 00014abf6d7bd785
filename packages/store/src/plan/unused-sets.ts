import { hash } from "node:crypto";
import { NOTHING_UNUSED, type Unused, type UnusedText } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

const MOST_REMEMBERED = 1000;

/** The sets of unused actions of the store, by content. */
export class UnusedSets {
  readonly #ids = new Map<string, number>();
  readonly #read = new Map<number, Unused>();
  #nothing: number | undefined;
  readonly #insert: Database.Statement;
  readonly #find: Database.Statement<[string], number>;
  readonly #text: Database.Statement<[number], string>;

  constructor(db: Connection) {
    this.#insert = db.prepare("INSERT INTO unused_set (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#find = db.prepare<[string], number>("SELECT unused_id FROM unused_set WHERE sha256 = ?").pluck();
    this.#text = db.prepare<[number], string>("SELECT text FROM unused_set WHERE unused_id = ?").pluck();
  }

  get nothing(): number {
    return (this.#nothing ??= this.idOf(NOTHING_UNUSED));
  }

  /** The id of a set in canonical form, which is stored where it is new. */
  idOf(unused: Unused): number {
    const text = JSON.stringify(unused);
    return this.idOfText({ text, sha256: sha256Of(text) });
  }

  /** The same of a set that has been written and hashed. */
  idOfText({ text, sha256 }: UnusedText): number {
    const known = this.#ids.get(sha256);
    if (known !== undefined) return known;
    const { changes, lastInsertRowid } = this.#insert.run(sha256, text);
    const id = changes > 0 ? Number(lastInsertRowid) : this.#find.get(sha256)!; // it was there already
    if (this.#ids.size >= MOST_REMEMBERED) this.#ids.clear();
    this.#ids.set(sha256, id);
    return id;
  }

  /** A set that is stored. */
  read(id: number): Unused {
    const known = this.#read.get(id);
    if (known !== undefined) return known;
    const unused = JSON.parse(this.#text.get(id)!) as Unused; // this program wrote it
    if (this.#read.size >= MOST_REMEMBERED) this.#read.clear();
    this.#read.set(id, unused);
    return unused;
  }
}

/** As the sets' texts are known by. */
export function sha256Of(text: string): string {
  return hash("sha256", text);
}
