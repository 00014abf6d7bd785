import type { QuestionRow, SchemaRow, Table } from "./asking.ts";
import type {
  AccountFilter,
  AccountRow,
  ActionFilter,
  ActionRow,
  DiagnosticFilter,
  DiagnosticRow,
  HolderRow,
  PrincipalFilter,
  PrincipalRow,
  RecommendationFilter,
  RecommendationRow,
  ServiceFilter,
  ServiceRow,
  SharedPolicyRow,
} from "./lists.ts";
import type { Overview, RunDifferenceRow, RunRow } from "./overview.ts";
import type { ListAsk, Page, RunAsk, Sorted } from "./page.ts";
import type { PolicyPage, PrincipalPage, WordTree } from "./policy.ts";

interface List<Filter, Row, Column extends string> {
  readonly ask: ListAsk & Filter & Sorted<Column>;
  readonly reply: Page<Row>;
}

/**
 * Everything that the page can ask: `GET /api/NAME?parameter=value`, all values texts, answered as JSON. `GET /api/NAME.csv` of a list gives all its rows
 * as CSV, with the same filters, search and order.
 */
export interface Api {
  readonly runs: { readonly ask: object; readonly reply: readonly RunRow[] };
  readonly overview: { readonly ask: RunAsk; readonly reply: Overview };
  readonly "run-differences": {
    readonly ask: ListAsk & { readonly older: string };
    readonly reply: Page<RunDifferenceRow>;
  };
  readonly accounts: List<AccountFilter, AccountRow, "account" | "attachments" | "before" | "after" | "removed">;
  readonly principals: List<
    PrincipalFilter,
    PrincipalRow,
    "arn" | "name" | "before" | "after" | "removed" | "services"
  >;
  /** By `size`: those that are over their limit or were made to fit. */
  readonly recommendations: List<RecommendationFilter, RecommendationRow, "principal" | "before" | "removed" | "size">;
  readonly "shared-policies": List<
    { readonly kind?: "customer" | "aws" },
    SharedPolicyRow,
    "name" | "principals" | "results"
  >;
  readonly services: List<ServiceFilter, ServiceRow, "service" | "before" | "after" | "removed">;
  readonly actions: List<ActionFilter, ActionRow, "action" | "before" | "after" | "removed">;
  readonly diagnostics: { readonly ask: ListAsk & DiagnosticFilter; readonly reply: Page<DiagnosticRow> };
  /** Who may call an action, today or once the recommendations are applied. */
  readonly holders: {
    readonly ask: ListAsk & {
      readonly action: string;
      readonly when: "before" | "after";
      readonly kind?: PrincipalRow["kind"];
      readonly account?: string;
    };
    readonly reply: Page<HolderRow>;
  };
  /** A policy of a principal; without `principal`, a customer managed policy that is narrowed in place. */
  readonly policy: {
    readonly ask: RunAsk & { readonly policy: string; readonly principal?: string };
    readonly reply: PolicyPage;
  };
  readonly principal: { readonly ask: RunAsk & { readonly arn: string }; readonly reply: PrincipalPage };
  /** The words behind a wildcard that was replaced; `statement` counts from 0. */
  readonly tree: {
    readonly ask: RunAsk & {
      readonly policy: string;
      readonly principal?: string;
      readonly statement: string;
      readonly entry: string;
    };
    readonly reply: WordTree;
  };
  /** Whatever a person types: the few accounts, principals, policies, services and actions that it names best. */
  readonly find: {
    readonly ask: RunAsk & { readonly q: string };
    readonly reply: readonly {
      readonly kind: "account" | "principal" | "policy" | "service" | "action";
      readonly key: string;
      readonly label: string;
      readonly detail: string;
    }[];
  };
  readonly questions: { readonly ask: object; readonly reply: readonly QuestionRow[] };
  readonly schema: { readonly ask: object; readonly reply: readonly SchemaRow[] };
  /** A named question: `question`, and its parameters as `p.NAME`. */
  readonly question: {
    readonly ask: RunAsk & { readonly question: string } & Readonly<Record<`p.${string}`, string>>;
    readonly reply: Table;
  };
  /** A person's own SQL. */
  readonly sql: { readonly ask: RunAsk & { readonly sql: string }; readonly reply: Table };
}

export type ApiName = keyof Api;
export type Ask<Name extends ApiName> = Api[Name]["ask"];
export type Reply<Name extends ApiName> = Api[Name]["reply"];

/** What comes instead of a reply, with a status of 4xx or 5xx. */
export interface ApiFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export const API_NAMES: readonly ApiName[] = [
  "accounts",
  "actions",
  "diagnostics",
  "find",
  "holders",
  "overview",
  "policy",
  "principal",
  "principals",
  "question",
  "questions",
  "recommendations",
  "run-differences",
  "runs",
  "schema",
  "services",
  "shared-policies",
  "sql",
  "tree",
];
