import { CATALOG_TABLES } from "./tables/catalog.ts";
import { ORGANIZATION_TABLES } from "./tables/organization.ts";
import { RESULT_TABLES } from "./tables/results.ts";
import { QUESTION_INDEX_SQL } from "./question-indexes.ts";
import { RUN_TABLES } from "./tables/runs.ts";
import { SIZE_TABLES } from "./tables/sizes.ts";
import { TOTAL_TABLES } from "./tables/totals.ts";
import { USAGE_TABLES } from "./tables/usage.ts";
import { GRANT_VIEWS } from "./views/grants.ts";
import { ORGANIZATION_VIEWS } from "./views/organization.ts";
import { RECOMMENDATION_VIEWS } from "./views/recommendations.ts";
import { RUN_VIEWS } from "./views/runs.ts";
import { TOTAL_VIEWS } from "./views/totals.ts";
import { USAGE_VIEWS } from "./views/usage.ts";

/**
 * Tables have singular names and hold each fact once; people read the views, which have plural names and show texts instead of ids.
 *
 * Dates are ISO 8601 in UTC, hashes lower-case hexadecimal, lists JSON text. `run_id` is on every fact that an export states,
 * so that several runs live in one file; documents, sets of unused actions and units are shared between runs by content.
 */
const VERSION_1 = [
  CATALOG_TABLES,
  RUN_TABLES,
  ORGANIZATION_TABLES,
  USAGE_TABLES,
  RESULT_TABLES,
  SIZE_TABLES,
  QUESTION_INDEX_SQL,
  TOTAL_TABLES,
  RUN_VIEWS,
  ORGANIZATION_VIEWS,
  USAGE_VIEWS,
  RECOMMENDATION_VIEWS,
  GRANT_VIEWS,
  TOTAL_VIEWS,
].join("");

/**
 * Each step takes a database from version `i` to `i + 1`. Append only: a step that has been released never changes.
 * Steps are static SQL and run in one transaction each.
 */
export const MIGRATIONS: readonly string[] = [VERSION_1];

/** "LWDB": tells a Leastwise database from any other SQLite file. */
export const APPLICATION_ID = 0x4c57_4442;
export const SCHEMA_VERSION: number = MIGRATIONS.length;
