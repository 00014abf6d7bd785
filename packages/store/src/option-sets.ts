import { createHash } from "node:crypto";
import { type RefinementOptions, optionsText } from "@leastwise/core";
import type { Connection } from "./database.ts";

/** The id of options by content; their row is written when the database has never seen them. */
export function ensureOptionSet(db: Connection, options: RefinementOptions): number {
  const text = optionsText(options);
  db.prepare("INSERT INTO option_set (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING").run(hashOf(text), text);
  return findOptionSet(db, options)!; // the line above has made sure of it
}

/** The same where it has been seen before. */
export function findOptionSet(db: Connection, options: RefinementOptions): number | undefined {
  const find = db.prepare<[string], number>("SELECT option_set_id FROM option_set WHERE sha256 = ?").pluck();
  return find.get(hashOf(optionsText(options)));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
