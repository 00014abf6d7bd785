export { type CatalogRows, ensureCatalog } from "./catalog-writer.ts";
export { type ComparisonRow, readComparisonCounts, readComparisons } from "./comparisons.ts";
export { conclude } from "./conclude/conclude.ts";
export { type Connection, closeWriting, holdSnapshot, openForReading, openForWriting } from "./database.ts";
export { type Lock, lockFor } from "./lock.ts";
export { IngestWriter } from "./ingest-writer.ts";
export { type FinishedShard, OutcomeWriter } from "./outcome-writer.ts";
export { type Answer, type Cell, ask } from "./people-sql.ts";
export { type EventView, type EvidenceView, readEventsOf, readEvidenceOf, readUnusedOf } from "./evidence-of.ts";
export type { EventMapper, EventMeaning } from "./plan/event-names.ts";
export type { PlanInput } from "./plan/plan-input.ts";
export { plan } from "./plan/plan.ts";
export { type PrincipalView, findPrincipal, readGroupsOf, readMembersOf, suggestPrincipals } from "./principals.ts";
export {
  type PolicyBlocker,
  type PolicyRecommendationRow,
  readBlockersOf,
  readHoldersOf,
  readPolicyRecommendations,
} from "./policy-recommendations.ts";
export { QUESTIONS, type Question, isKnown } from "./questions.ts";
export {
  type CatalogView,
  type DiagnosticsOfCode,
  type RecommendationRow,
  findAction,
  readCatalogs,
  readChanges,
  readDiagnosticsByCode,
  readRecommendations,
  readRunSettings,
} from "./recommendations.ts";
export { type Run, type RunSettings, type RunState, beginRun, enterState } from "./runs.ts";
export { type PlannedShard, countUnits, readShards, shardLimits } from "./shard-reader.ts";
export { type Unsound, unsound } from "./soundness.ts";
export { StoreError } from "./store-error.ts";
export {
  type Misplaced,
  type StoredCatalog,
  type StoredCounts,
  type StoredDocument,
  type StoredResult,
  StoredResults,
  type StoredText,
} from "./stored-results.ts";
export { type Summary, summarise } from "./summary.ts";
