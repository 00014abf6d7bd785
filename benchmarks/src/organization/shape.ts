/** What a made-up organization looks like. Accounts, attachments or both bound it; the smaller one ends it. */
export interface OrganizationShape {
  readonly seed: number;
  readonly accounts?: number;
  /** In all: the account in which this number is reached has no more roles than it takes, so this is a multiple of `ATTACHMENTS_PER_ROLE`. */
  readonly attachments?: number;
  /** Roles an account: the arithmetic mean of a log-normal distribution. */
  readonly meanRoles: number;
  /** Deviation of the logarithm of the number of roles; 0: every account has the mean. */
  readonly sigma: number;
  /** The share of an account's roles that every account has alike, with the same policies and the same usage: they come to equal units. */
  readonly baselineShare: number;
  /** The share of roles that have an Access Analyzer finding, and that have a last accessed report. */
  readonly findings: number;
  readonly lastAccessed: number;
  /** Whether roles say that they were used lately. Where they do not, a role without a report counts as unused altogether. */
  readonly lastUsed: boolean;
  readonly gzip: boolean;
  /** A share of the accounts whose roles of their own hold other policies and use other things, as drawn with another seed. */
  readonly changed?: { readonly share: number; readonly seed: number };
}

/** Two AWS managed policies, one customer managed and one inline. */
export const ATTACHMENTS_PER_ROLE = 4;

/** Uniform accounts with a finding for each role: `generate FOLDER ACCOUNTS ROLES`, by which runs are compared across versions. */
export const UNIFORM: Omit<OrganizationShape, "accounts" | "attachments"> = {
  seed: 1,
  meanRoles: 250,
  sigma: 0,
  baselineShare: 0.2,
  findings: 1,
  lastAccessed: 0,
  lastUsed: false,
  gzip: false,
};

/** Many small accounts and a few large ones: 10 accounts are some 1,000 attachments, 10,000 a million. */
export const LOG_NORMAL: Omit<OrganizationShape, "accounts" | "attachments"> = {
  ...UNIFORM,
  meanRoles: 25,
  sigma: 1,
  lastUsed: true,
};
