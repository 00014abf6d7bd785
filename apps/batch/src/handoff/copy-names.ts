import { createHash } from "node:crypto";

/**
 * The names of the customer managed policies that stand in for a principal's policy, `count` of them: of its policy, its holder and a
 * digest of both ARNs, so that no two pairs of one account share one whatever was cut off. At most 128 characters, as IAM allows.
 */
export function copyNames(
  policyName: string,
  holderName: string,
  principalArn: string,
  policyKey: string,
  count: number,
): readonly string[] {
  const digest = createHash("sha256").update(`${principalArn}\n${policyKey}`).digest("hex").slice(0, 8);
  return numbered(`${policyName.slice(0, 56)}-${holderName.slice(0, 48)}-${digest}`, count);
}

/** NAME, or NAME-1, NAME-2 and so on where there are several. */
function numbered(name: string, count: number): readonly string[] {
  return count === 1 ? [name] : partNames(name, count);
}

/** The names of the parts that a customer managed policy is split into. */
export function partNames(policyName: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${policyName}-${i + 1}`);
}
