/** A run, and what it found; null until it is done. */
export interface RunRow {
  readonly runId: number;
  readonly state: "ingest" | "plan" | "execute" | "done";
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly asOf: string | null;
  readonly toolVersion: string;
  readonly catalog: string;
  readonly catalogDate: string;
  readonly inputs: number;
  readonly attachments: number | null;
  readonly actionsBefore: number | null;
  readonly actionsAfter: number | null;
}

/** The organization on one page. Most numbers have a list behind them, which the same filters give. */
export interface Overview {
  readonly run: RunRow;
  readonly accounts: number;
  readonly principals: number;
  readonly attachments: number;
  readonly toReplace: number;
  readonly toDetach: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Pairs of attached policy and action: granted today, and what is left. */
  readonly actionsBefore: number;
  readonly actionsAfter: number;
  /** The same by access level. */
  readonly levels: readonly { readonly level: string; readonly before: number; readonly after: number }[];
  /** Attached policies by the share of their actions that goes, in steps of 10 %: [from, below), the last one with 100; as `removedFrom`, `removedBelow`. */
  readonly distribution: readonly { readonly from: number; readonly below: number; readonly attachments: number }[];
  /** Those that lose most, at most 12 each. */
  readonly topAccounts: readonly {
    readonly accountId: string;
    readonly before: number;
    readonly after: number;
  }[];
  readonly topServices: readonly { readonly service: string; readonly before: number; readonly after: number }[];
  readonly services: { readonly unused: number; readonly unknown: number; readonly kept: number };
  /** Attached policies against IAM's limits, as their `fit` says; `shortened` fit only because of their form. Policies changed in place for all are not among them. */
  readonly sizes: {
    readonly tooLarge: number;
    readonly doesNotFit: number;
    readonly shortened: number;
    readonly split: number;
  };
  readonly evidence: {
    /** Principals by what is known of their use. */
    readonly kinds: readonly { readonly kind: string; readonly principals: number }[];
    readonly sources: readonly {
      readonly source: string;
      readonly reports: number;
      readonly principals: number;
      readonly youngestDays: number | null;
      readonly oldestDays: number | null;
    }[];
  };
  readonly leftAlone: readonly { readonly rule: string; readonly principals: number; readonly policies: number }[];
  readonly diagnostics: readonly {
    readonly severity: "error" | "warning" | "info";
    readonly code: string;
    readonly count: number;
  }[];
  readonly escalation: readonly {
    readonly action: string;
    readonly reason: string;
    readonly before: number;
    readonly after: number;
  }[];
}

/**
 * A principal whose recommendations differ between two runs, by what it may do today: `wider` something more, `narrower` less and nothing
 * more, `different` the same actions on other terms, `same` the same (what may go from it differs). Actions: how many all its policies grant.
 */
export interface RunDifferenceRow {
  readonly principalArn: string;
  readonly accountId: string;
  readonly change: "new" | "gone" | "wider" | "narrower" | "different" | "same";
  readonly actionsOlder: number | null;
  readonly actionsNewer: number | null;
}
