import type { UsageSource } from "../organization/records.ts";
import type { EventUse, JudgedReport, Judgement, Settled } from "./settle.ts";

/** Principals whose use is to be settled: plain, self-contained, structured-clone-safe. */
export interface UsageBatch {
  readonly judgement: Omit<Judgement, "createdAt" | "tracked">;
  /** Patterns over `service:Name`: what they match is never removed. */
  readonly protected: readonly string[];
  readonly principals: readonly UsageCase[];
}

/** What the inputs say of one principal's use. */
export interface UsageCase {
  /** The principal's own date: ISO 8601 in UTC, or null. */
  readonly createdAt: string | null;
  readonly pages: readonly PageText[];
  readonly events: readonly EventUse[];
}

/** A page of a report as it is stored. */
export interface PageText {
  readonly source: UsageSource;
  readonly reportId: string;
  readonly active: boolean;
  readonly updatedAt: string | null;
  /** JSON list of `UsageLine`. */
  readonly lines: string;
  /** The input that it stood in. */
  readonly input: number;
}

/**
 * What the evidence on a principal comes to, as flat rows of texts, so that the one thread that writes has nothing to serialise or to
 * hash.
 */
export interface UsageOutcome {
  readonly reports: readonly ReportRow[];
  readonly evidence: Settled["evidence"];
  readonly youngAfter: string | null;
  /** U. */
  readonly unused: UnusedText;
  /** U without what is protected; null where that is U itself. */
  readonly removable: UnusedText | null;
  /** The newest access that a report shows: ISO 8601; null where there is none. */
  readonly lastUse: string | null;
  /** Why nothing is known, where the evidence could not be settled. */
  readonly failure?: UsageFailure;
}

/** Why the evidence on a principal could not be settled. */
export interface UsageFailure {
  readonly code: "out-of-memory" | "out-of-time" | "settling-failed";
  readonly message: string;
  readonly hint: string;
}

/** A judged report: `claims` is JSON text of its claims, `inputs` of the inputs that its pages stood in, ascending. */
export interface ReportRow extends Pick<JudgedReport, "source" | "reportId" | "updatedAt" | "standing" | "windowDays"> {
  readonly claims: string;
  readonly inputs: string;
}

/** A set of unused actions: its canonical JSON, and the hash of that. */
export interface UnusedText {
  readonly text: string;
  readonly sha256: string;
}
