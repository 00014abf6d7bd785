import { normal, randomFrom } from "../random.ts";
import { ATTACHMENTS_PER_ROLE, type OrganizationShape } from "./shape.ts";

/** IAM's highest quota of roles in an account. */
export const MOST_ROLES = 5000;

/** Keeps these numbers apart from those that the accounts' content is drawn from. */
const STREAM = 0x51ed_270b;

/** An account before it has any content. */
export interface AccountSize {
  readonly index: number;
  readonly roles: number;
}

/** Every account in order. An account's size depends on the shape and its index alone, but for the last one's, which a total may cut. */
export function* accountSizes(shape: OrganizationShape): Generator<AccountSize> {
  const { accounts = Infinity, attachments = Infinity } = shape;
  if (accounts === Infinity && attachments === Infinity) throw new RangeError("neither accounts nor attachments");
  let rest = Math.ceil(attachments / ATTACHMENTS_PER_ROLE);
  for (let index = 0; index < accounts && rest > 0; index++) {
    const roles = Math.min(rest, rolesOf(shape, index));
    rest -= roles;
    yield { index, roles };
  }
}

/** Attachments in all. O(accounts). */
export function attachmentsOf(shape: OrganizationShape): number {
  let roles = 0;
  for (const size of accountSizes(shape)) roles += size.roles;
  return roles * ATTACHMENTS_PER_ROLE;
}

/** From 1 to `MOST_ROLES`. */
function rolesOf({ seed, meanRoles, sigma }: OrganizationShape, index: number): number {
  const z = sigma === 0 ? 0 : normal(randomFrom((seed ^ STREAM) + 7919 * index));
  const roles = meanRoles * Math.exp(sigma * z - (sigma * sigma) / 2);
  return Math.min(MOST_ROLES, Math.max(1, Math.round(roles)));
}

/** Whether an account is among the changed ones: evenly spread, so of N accounts N × share, rounded. */
export function isChanged({ changed }: OrganizationShape, index: number): boolean {
  if (changed === undefined) return false;
  return Math.round((index + 1) * changed.share) > Math.round(index * changed.share);
}
