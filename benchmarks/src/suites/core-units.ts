import { type PolicyDocument, type Unused, unusedOf } from "@leastwise/core";
import { accountOf } from "../organization/account.ts";
import { UNIFORM } from "../organization/shape.ts";
import { type ServiceUsage, usageOf } from "../organization/usage.ts";
import { policyStock } from "../organization/write-organization.ts";
import { randomFrom } from "../random.ts";

/** One question as texts, as a shard holds it. */
export interface UnitTexts {
  readonly document: string;
  readonly unused: string;
}

const ROLES = 400;

/** The newest version of each AWS managed policy, with usage drawn for it alone. */
export function managedUnits(seed: number): readonly UnitTexts[] {
  return policyStock().all.map((policy, i) =>
    textsOf(policy.document, unusedBy(usageOf(randomFrom(seed + i), [policy]))),
  );
}

/** What the roles of one account ask: each of their policies with all that the role does not use, equal ones once. */
export function organizationUnits(seed: number): readonly UnitTexts[] {
  const { roles } = accountOf({ ...UNIFORM, seed }, { index: 0, roles: ROLES }, policyStock());
  const units = roles.flatMap(({ attached, inline, usage }) => {
    const unused = unusedBy(usage);
    return [...attached, inline].map(({ document }) => textsOf(document, unused));
  });
  return [...new Map(units.map((unit) => [`${unit.document} ${unit.unused}`, unit])).values()];
}

function unusedBy(usage: readonly ServiceUsage[]): Unused {
  return unusedOf(
    usage
      .filter(({ unused }) => unused === null || unused.length > 0)
      .map(({ service, unused }) => ({ service, actions: unused })),
  );
}

function textsOf(document: PolicyDocument, unused: Unused): UnitTexts {
  return { document: JSON.stringify(document), unused: JSON.stringify(unused) };
}
