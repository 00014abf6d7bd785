import { TABLES } from "./tables.ts";
import { VIEWS } from "./views.ts";

/**
 * Each step takes a database from version `i` to `i + 1`. Append only: a step that has been released never changes.
 * Steps are static SQL and run in one transaction each.
 */
export const MIGRATIONS: readonly string[] = [TABLES + VIEWS];

/** "LWDB": tells a Leastwise database from any other SQLite file. */
export const APPLICATION_ID = 0x4c57_4442;
export const SCHEMA_VERSION: number = MIGRATIONS.length;
