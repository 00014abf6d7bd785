import { type RefinementOptions, canonicalOptions } from "../refine/options.ts";
import type { GrantCounts, RecommendedAction } from "../refine/policy.ts";
import type { Origin } from "../shard/shard.ts";
import type { Granted } from "../verify/verifier.ts";

/**
 * What a result says of itself: from which inputs, by which rules and with which outcome, in actions. Whoever has the texts whose
 * hashes it names can check it again without trusting who made it. Hashes are SHA-256 in lower-case hexadecimal.
 */
export interface Certificate {
  /** Of the catalog's services, actions and access levels. */
  readonly catalog: string;
  readonly origin: Origin;
  readonly options: RefinementOptions;
  /** Of the minified document before. */
  readonly existing: string;
  /** Of the canonical JSON of U. */
  readonly unused: string;
  readonly recommendedAction: RecommendedAction;
  /** Of the minified document that should be in place: for NONE the one there is, null for DETACH_POLICY. */
  readonly recommended: string | null;
  readonly grants: GrantCounts;
  readonly granted: Granted;
  /** JSON text of what changed, entry by entry, and of the entries that the catalog lacks. */
  readonly changes: string;
  readonly unknownActions: string;
}

/** The one text of a certificate, whose hash is stored with the result. Minified JSON, keys in this order. O(length). */
export function certificateText(certificate: Certificate): string {
  const { catalog, origin, options, existing, unused, recommendedAction, recommended, grants, granted } = certificate;
  const facts = {
    certificate: 1,
    catalog,
    catalogSource: origin.catalogSource,
    catalogDate: origin.catalogDate,
    engineVersion: origin.engineVersion,
    options: canonicalOptions(options),
    existing,
    unused,
    recommendedAction,
    recommended,
    actions: [grants.before, grants.removed, grants.after],
    before: granted.before,
    removed: granted.removed,
    after: granted.after,
  };
  const { changes, unknownActions } = certificate;
  return `${JSON.stringify(facts).slice(0, -1)},"changes":${changes},"unknownActions":${unknownActions}}`;
}
