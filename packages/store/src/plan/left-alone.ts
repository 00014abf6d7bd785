import { type Exclusions, type Pattern, type PlanSettings, matches, parsePattern, fold } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/** A principal as far as exclusions look at it. */
export interface Excludable {
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
  readonly path: string;
  /** JSON `{key: value}` */
  readonly tags: string;
}

/** Tells by which rule a principal is left alone, and which rules met nobody. */
export class PrincipalExclusions {
  readonly #rules: readonly Rule[];
  readonly #met = new Set<string>();

  constructor(exclude: Exclusions) {
    this.#rules = rulesOf(exclude);
  }

  /** The first rule that applies, as a person finds it in the configuration; null where none does. O(rules). */
  ruleFor(principal: Excludable): string | null {
    const applying = this.#rules.filter(({ applies }) => applies(principal));
    for (const { text } of applying) this.#met.add(text);
    return applying[0]?.text ?? null;
  }

  /** Looks which rules apply to principals of whom it is known already whether they are left alone. O(principals × rules) */
  meet(principals: Iterable<Excludable>): void {
    if (this.#rules.length > 0) for (const principal of principals) this.ruleFor(principal);
  }

  /** Rules that applied to nobody who was asked about. */
  idleRules(): readonly string[] {
    return this.#rules.map(({ text }) => text).filter((text) => !this.#met.has(text));
  }
}

interface Rule {
  readonly text: string;
  readonly applies: (principal: Excludable) => boolean;
}

function rulesOf({ accounts, principals, paths, tags }: Exclusions): readonly Rule[] {
  return [
    ...accounts.map((account): Rule => ({
      text: `exclude.accounts: ${account}`,
      applies: ({ account_id }) => account_id === account,
    })),
    ...principals.map(parsePattern).map((pattern): Rule => ({
      text: `exclude.principals: ${pattern.text}`,
      applies: ({ arn, name }) => matches(pattern, fold(arn)) || matches(pattern, fold(name)),
    })),
    ...paths.map((prefix): Rule => ({
      text: `exclude.paths: ${prefix}`,
      applies: ({ path }) => path.startsWith(prefix),
    })),
    ...tags.map(({ key, value }): Rule => ({
      text: `exclude.tags: ${key}${value === null ? "" : `=${value}`}`,
      applies: (principal) => {
        const tagged = Object.entries(JSON.parse(principal.tags) as Readonly<Record<string, string>>); // this program wrote it
        return tagged.some(([own, has]) => fold(own) === fold(key) && (value === null || has === value)); // IAM ignores the case of keys
      },
    })),
  ];
}

/** Marks the policies that are left alone whoever has them; gives the rules that met none. */
export function leavePoliciesAlone(db: Connection, { runId }: Run, { exclude }: PlanSettings): readonly string[] {
  if (exclude.policies.length === 0) return [];
  const patterns = exclude.policies.map(parsePattern);
  const met = new Set<Pattern>();
  const policies = db
    .prepare<[number], { policy_id: number; key: string; kind: string; name: string }>(
      "SELECT policy_id, key, kind, name FROM policy_document JOIN policy USING (policy_id) WHERE run_id = ?",
    )
    .all(runId);
  const mark = db.prepare("UPDATE policy_document SET left_because = ? WHERE run_id = ? AND policy_id = ?");
  for (const { policy_id, key, kind, name } of policies) {
    const names = kind === "inline" ? [name] : [name, key]; // an inline policy has no ARN
    const applying = patterns.filter((pattern) => names.some((text) => matches(pattern, fold(text))));
    for (const pattern of applying) met.add(pattern);
    const first = applying[0];
    if (first !== undefined) mark.run(`exclude.policies: ${first.text}`, runId, policy_id);
  }
  return patterns.filter((pattern) => !met.has(pattern)).map(({ text }) => `exclude.policies: ${text}`);
}
