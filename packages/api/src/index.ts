export type { Api, ApiName, Ask, Reply, ApiFailure } from "./api.ts";
export { API_NAMES } from "./api.ts";
export type { ListAsk, Page, RunAsk, Sorted } from "./page.ts";
export type {
  AccountFilter,
  AccountRow,
  ActionFilter,
  ActionRow,
  DiagnosticFilter,
  DiagnosticRow,
  EvidenceKind,
  HolderRow,
  PrincipalFilter,
  PrincipalRow,
  RecommendationFilter,
  RecommendationRow,
  ServiceFilter,
  ServiceRow,
  SharedPolicyRow,
} from "./lists.ts";
export type { Overview, RunRow, RunDifferenceRow } from "./overview.ts";
export type {
  AlignedEntry,
  AlignedStatement,
  EntryEvidence,
  PolicyPage,
  PrincipalPage,
  WordNode,
  WordTree,
} from "./policy.ts";
export { type AboutReport, REPORT_ID, type Report, replyKey } from "./report.ts";
export type { QuestionRow, SchemaRow, Table } from "./asking.ts";
