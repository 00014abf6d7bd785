export { type CatalogRows, ensureCatalog } from "./catalog-writer.ts";
export { type ComparisonRow, readComparisonCounts, readComparisons } from "./comparisons.ts";
export { conclude } from "./conclude/conclude.ts";
export { type Asked, askRungs } from "./fit/ask-rungs.ts";
export { type Fitting, readFitting } from "./fit/fitting.ts";
export { type StoredSplit, misfitted, readStoredSplits } from "./fit/stored-fits.ts";
export { type FinishedSplit, type PendingSplit, SplitWriter, readSplits } from "./fit/splits.ts";
export { EXAMPLES } from "./schema/examples.ts";
export { wrongTotals } from "./conclude/totals/totals.ts";
export { type Connection, closeWriting, explained, holdSnapshot, openForReading, openForWriting } from "./database.ts";
export {
  type DocumentInPlace,
  type Names,
  type Placement,
  namesOf,
  readCurrentRun,
  readDocumentsInPlace,
  readPlacements,
} from "./documents-in-place.ts";
export { type AttachedPolicy, type HandoffFacts, type PolicyStanding, handoffFacts } from "./handoff-facts.ts";
export { type Lock, lockFor } from "./lock.ts";
export { IngestWriter } from "./ingest-writer.ts";
export { allowUnchecked, beginMerge, readMergingRun } from "./merge/begin-merge.ts";
export { type FoundAnswers, PartAnswers } from "./merge/part-answers.ts";
export { type Part, type PartRun, answeredBefore, openPart, otherInput, readPartRun, wrongText } from "./merge/part.ts";
export { plannedContent } from "./merge/planned-content.ts";
export { type FinishedShard, OutcomeWriter } from "./outcome-writer.ts";
export { type Answer, type Cell, ask, openForAsking } from "./people-sql.ts";
export { refuseUnlessQuestion } from "./refuse-sql.ts";
export { type EventView, type EvidenceView, readEventsOf, readEvidenceOf, readUnusedOf } from "./evidence-of.ts";
export type { EventMapper, EventMeaning } from "./plan/event-names.ts";
export type { PlanInput } from "./plan/plan-input.ts";
export { Plan } from "./plan/plan.ts";
export { type MisfitView, type StatementSize, readMisfit } from "./misfits.ts";
export type { Asked as PageAsked } from "./pages/asked.ts";
export { readDifferingPrincipals } from "./pages/differing-principals.ts";
export { findAnything } from "./pages/find-anything.ts";
export { HOLDER_COLUMNS, readHolders } from "./pages/holders.ts";
export { LISTS, type ListName, readList } from "./pages/lists.ts";
export { describeSchema } from "./pages/describe-schema.ts";
export { type PolicyFacts, readPolicyFacts } from "./pages/policy-facts.ts";
export { recommendationRows } from "./pages/recommendations.ts";
export { PageError } from "./pages/page-error.ts";
export { readOverview, readRunRows } from "./pages/read-overview.ts";
export {
  type PrincipalView,
  findCutPrincipals,
  findPrincipal,
  readGroupsOf,
  readMembersOf,
  suggestPrincipals,
} from "./principals.ts";
export {
  type PolicyBlocker,
  type PolicyRecommendationRow,
  readBlockersOf,
  readHoldersOf,
  readPolicyRecommendations,
} from "./policy-recommendations.ts";
export { type Parameter, type Question, isKnown } from "./questions/question.ts";
export { QUESTIONS } from "./questions/questions.ts";
export {
  type CatalogView,
  type DiagnosticsOfCode,
  type FitVerdict,
  type RecommendationRow,
  findAction,
  readCatalogs,
  readChanges,
  readDiagnosticsByCode,
  readRecommendations,
  readRunSettings,
} from "./recommendations.ts";
export { forgetRun } from "./forget-run.ts";
export { findRun } from "./run-choice.ts";
export { type ComeAndGone, type DifferingPrincipal, type RunAnswer, RunDifferences } from "./run-differences.ts";
export { type RunView, readRuns, readShownUnfinished } from "./run-list.ts";
export { Reuse } from "./reuse/reuse.ts";
export { type Run, type RunSettings, type RunState, beginRun, enterState, readKept, readReusedUnits } from "./runs.ts";
export {
  type PlannedShard,
  type ShardLimits,
  type UnitCounts,
  countUnits,
  readShards,
  shardLimits,
} from "./shard-reader.ts";
export { MERGING_UNCHECKED, type Share, isMerging, shareFrom, shareOf, shareText } from "./shares.ts";
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
export { type SizeCounts, type Summary, summarise } from "./summary.ts";
