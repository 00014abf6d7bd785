import type { Page } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type Asked, whole } from "./asked.ts";
import { DIAGNOSTICS } from "./diagnostics.ts";
import type { List } from "./list.ts";
import { PRINCIPALS } from "./principals.ts";
import { RECOMMENDATIONS } from "./recommendations.ts";
import { ACCOUNTS, ACTIONS, SERVICES, SHARED_POLICIES } from "./small-lists.ts";

export type ListName =
  "accounts" | "principals" | "recommendations" | "shared-policies" | "services" | "actions" | "diagnostics";

/** The lists that are a matter of SQL alone, by the names that the page knows them by. */
export const LISTS: Readonly<Record<ListName, List<unknown>>> = {
  accounts: ACCOUNTS,
  principals: PRINCIPALS,
  recommendations: RECOMMENDATIONS,
  "shared-policies": SHARED_POLICIES,
  services: SERVICES,
  actions: ACTIONS,
  diagnostics: DIAGNOSTICS,
};

/** Rows of a page where nobody says how many. */
const USUAL_ROWS = 100;
const MOST_ROWS = 500;

/**
 * A page of a list of a run.
 *
 * @param isOver whether the time is over that a search may take; what is found until then is given
 * @param mostRows how many a page may have at the most
 * @throws PageError `bad-parameter`, `bad-cursor`
 */
export function readList(
  db: Connection,
  name: ListName,
  runId: number,
  asked: Asked,
  isOver: () => boolean,
  mostRows: number = MOST_ROWS,
): Page<unknown> {
  const limit = whole(asked, "limit", 1, mostRows) ?? USUAL_ROWS;
  return LISTS[name].read(db, runId, asked, { limit, isOver });
}
