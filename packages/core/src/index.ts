export { type Certificate, certificateText } from "./certificate/certificate.ts";
export { type IntervalSet, contains, ids, intersect, intervalSetOf, size, subtract } from "./interval/interval-set.ts";
export { fold } from "./pattern/fold.ts";
export { includes } from "./pattern/inclusion.ts";
export { type Pattern, hasWildcard, matches, parsePattern } from "./pattern/pattern.ts";
export { remainders } from "./pattern/remainder.ts";
export { type PolicyDocument, type Statement, entriesOf, statementsOf } from "./policy/document.ts";
export { matchedBy } from "./policy/grant.ts";
export type { Diagnostic } from "./organization/diagnostic.ts";
export type {
  AttachmentRecord,
  DocumentRecord,
  Evidence,
  PolicyKind,
  PolicyRecord,
  PrincipalKind,
  PrincipalRecord,
  UsageRecord,
  UsageSource,
} from "./organization/records.ts";
export { type Report, settleReports } from "./organization/settle.ts";
export type { Granularity } from "./refine/entry.ts";
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
export { type Granted, Verifier } from "./verify/verifier.ts";
export {
  NOTHING_UNUSED,
  type Unused,
  type UnusedReport,
  type UnusedService,
  intersectionOf,
  unionOf,
  unusedOf,
} from "./unused/unused.ts";
