export { type Certificate, certificateText } from "./certificate/certificate.ts";
export { type Comparison, type ComparisonVerdict, comparePolicies } from "./compare/compare-policies.ts";
export {
  FORMS,
  type Choice,
  type Form,
  type FormOfPolicy,
  type LadderCase,
  type LadderPolicy,
  type Need,
  type Step,
  climb,
  climbInPlace,
} from "./fit/ladder.ts";
export { DEFAULT_LIMITS, DEFAULT_SHORTEST, type SizeLimits, limitOf } from "./fit/size-limits.ts";
export { type PolicySplit, splitPolicy } from "./fit/split-policy.ts";
export { type IntervalSet, contains, ids, intersect, intervalSetOf, size, subtract } from "./interval/interval-set.ts";
export type { KeyTwice } from "./json/key-twice.ts";
export { MOST_LEVELS } from "./json/look-at-json.ts";
export { type ParsedJson, parseJson } from "./json/parse-json.ts";
export { fold } from "./pattern/fold.ts";
export { includes } from "./pattern/inclusion.ts";
export { type Pattern, hasWildcard, matches, parsePattern } from "./pattern/pattern.ts";
export { remainders } from "./pattern/remainder.ts";
export { type PolicyDocument, type Statement, entriesOf, statementsOf } from "./policy/document.ts";
export { grantedBy } from "./policy/grant.ts";
export { matchedBy } from "./policy/matched.ts";
export { shapeText } from "./policy/shape.ts";
export { wildcardsOf } from "./policy/wildcards.ts";
export type { Diagnostic } from "./organization/diagnostic.ts";
export {
  type AwsRecommendationRow,
  type EvidenceRows,
  type PrincipalRow,
  type UsageRow,
  evidenceRows,
} from "./organization/evidence-rows.ts";
export { ANY_ACCOUNT, type ConcernedAccount, accountOf } from "./organization/concerned-accounts.ts";
export type {
  AttachmentRecord,
  AwsRecommendationRecord,
  AwsStep,
  DocumentRecord,
  EventRecord,
  Evidence,
  ExportPage,
  IncompleteAccount,
  PolicyKind,
  PolicyRecord,
  PrincipalKind,
  PrincipalRecord,
  Tag,
  UnusedPrincipalRecord,
  UsageLine,
  UsageRecord,
  UsageSource,
} from "./organization/records.ts";
export { DEFAULT_SETTINGS, type Exclusions, type PlanSettings, type Windows } from "./organization/settings.ts";
export {
  DEFAULT_OPTIONS,
  type Fit,
  type Granularity,
  type RefinementOptions,
  canonicalOptions,
  optionsOf,
  optionsText,
} from "./refine/options.ts";
export {
  type Change,
  type GrantCounts,
  type RecommendedAction,
  type Refinement,
  refinePolicy,
} from "./refine/policy.ts";
export { type ResolvedUnused, resolveUnused } from "./refine/resolved-unused.ts";
export { type ChangeRow, changeOf, changeRow } from "./shard/change-row.ts";
export { type Engine, refineShard } from "./shard/refine-shard.ts";
export type {
  GrantRow,
  Origin,
  OutcomeRows,
  Shard,
  ShardOutcome,
  Unit,
  UnitFailure,
  UnitOutcome,
  UnitResult,
  UnitRow,
} from "./shard/shard.ts";
export { type ImageSource, buildImage } from "./trie/builder.ts";
export { CatalogTrie, ImageError } from "./trie/trie.ts";
export { wordStarts } from "./trie/words.ts";
export type { Claim, Law, Verdict, Violation } from "./verify/claim.ts";
export { splitViolations } from "./verify/split.ts";
export { type Granted, Verifier } from "./verify/verifier.ts";
export {
  NOTHING_UNUSED,
  type Unused,
  type UnusedReport,
  type UnusedService,
  intersectionOf,
  isUnused,
  unionOf,
  unusedOf,
  withoutUsed,
} from "./unused/unused.ts";
export { type Tracked, type UsageClaim, daysBefore } from "./usage/claims.ts";
export { type Protection, protectionOf, withoutProtected } from "./usage/protect.ts";
export { type Report, newest } from "./usage/report.ts";
export { type SettlingContext, reportOf, settleBatch, usageRow } from "./usage/settle-batch.ts";
export {
  type EventUse,
  type JudgedReport,
  type Judgement,
  type Settled,
  lessUsed,
  settle,
  settleReports,
  usesOf,
} from "./usage/settle.ts";
export { unsettled } from "./usage/unsettled.ts";
export type {
  PageText,
  ReportRow,
  UnusedText,
  UsageBatch,
  UsageCase,
  UsageFailure,
  UsageOutcome,
} from "./usage/usage-batch.ts";
