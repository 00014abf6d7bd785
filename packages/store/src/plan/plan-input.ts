import type { CatalogTrie, PlanSettings, Tracked } from "@leastwise/core";
import type { EventMapper } from "./event-names.ts";

/** What the plan has to know beside what the run has read. */
export interface PlanInput {
  readonly settings: PlanSettings;
  /** The run's catalog. */
  readonly trie: CatalogTrie;
  readonly tracked: Tracked;
  readonly mapEvent: EventMapper;
}
