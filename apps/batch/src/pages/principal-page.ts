import type { PrincipalPage } from "@leastwise/api";
import {
  PageError,
  type PageAsked,
  findPrincipal,
  readEventsOf,
  readEvidenceOf,
  readGroupsOf,
  readList,
  readMembersOf,
  readRunSettings,
  suggestPrincipals,
} from "@leastwise/store";
import type { ShownRun } from "./shown-database.ts";

const MOST_MEMBERS = 500;

/** One principal: what it has, what goes from it, and what every source says of its use. */
export function principalPage({ db, runId }: ShownRun, asked: PageAsked): PrincipalPage {
  const arn = asked["arn"] ?? "";
  const principal = findPrincipal(db, arn);
  if (principal === undefined) {
    const meant = arn === "" ? [] : suggestPrincipals(db, arn);
    const hint = meant.length === 0 ? "look it up in the list" : `did you mean ${meant.join(", ")}`;
    throw new PageError("not-found", `the run has no principal \`${arn}\``, hint);
  }
  const members = principal.kind === "group" ? readMembersOf(db, principal) : [];
  const own = readList(db, "recommendations", runId, { principal: arn, sort: "principal", limit: "500" }, () => false);
  return {
    arn,
    accountId: principal.account_id,
    kind: principal.kind,
    name: principal.name,
    createdAt: principal.created_at,
    lastUsedAt: principal.last_used_at,
    boundaryArn: principal.boundary_arn,
    tags: JSON.parse(principal.tags) as PrincipalPage["tags"], // the ingest wrote it
    evidence: principal.evidence,
    leftBecause: principal.left_because,
    unusedBy: principal.unused_by,
    unusedSince: principal.unused_since,
    groups: readGroupsOf(db, principal.principal_id),
    members: members.slice(0, MOST_MEMBERS).map((member) => member.arn),
    recommendations: own.rows as PrincipalPage["recommendations"], // the rows of that list
    usage: usageOf({ db, runId }, arn),
  };
}

/** As the view `usage` says it: reports by their claims, then CloudTrail's events by the actions that they stand for. */
function usageOf({ db }: Pick<ShownRun, "db" | "runId">, arn: string): PrincipalPage["usage"] {
  const { eventsSince } = readRunSettings(db);
  const reported = readEvidenceOf(db, arn).flatMap(({ source, standing, updated_at, age_days, claims }) =>
    claims.map(({ service, state, actions, lastAccessed }) => ({
      source,
      standing,
      updatedAt: updated_at,
      ageDays: age_days,
      service,
      state,
      actions,
      lastAccessed,
    })),
  );
  const seen = readEventsOf(db, arn).flatMap(({ actions, services, last_at: lastAt }): PrincipalPage["usage"] => {
    const common = {
      source: "cloudtrail",
      standing: lastAt === null || lastAt >= eventsSince ? "counts" : "stale",
      updatedAt: lastAt,
      ageDays: null,
      lastAccessed: lastAt,
    };
    if (actions === null) return services.map((service) => ({ ...common, service, state: "unknown", actions: null }));
    return actions.map((action) => {
      const [service = "", name = ""] = action.split(":");
      return { ...common, service, state: "used", actions: [name] };
    });
  });
  return [...reported, ...seen];
}
