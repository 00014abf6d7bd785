import type { Role } from "./account.ts";
import type { ServiceUsage } from "./usage.ts";

/** When all evidence was gathered, and a day not long before. */
const NOW = "2026-11-01T00:00:00Z";
export const LATELY = "2026-10-20T08:00:00Z";

/** `aws accessanalyzer get-finding-v2`: what the role does not use. */
export function finding({ arn, accountId, n, usage }: Role): object {
  return {
    analyzedAt: NOW,
    createdAt: "2026-10-01T00:00:00Z",
    id: `${accountId}-${n}`,
    resource: arn,
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: accountId,
    status: "ACTIVE",
    updatedAt: NOW,
    findingType: "UnusedPermission",
    findingDetails: usage
      .filter(({ unused }) => unused === null || unused.length > 0)
      .map(({ service, unused }) => ({
        unusedPermissionDetails: {
          serviceNamespace: service,
          ...(unused === null ? {} : { actions: unused.map((action) => ({ action })) }),
        },
      })),
  };
}

/**
 * `aws iam get-service-last-accessed-details`, wrapped with its principal: every service that policies grant, and of those that were used
 * every action that IAM tracks.
 *
 * @param tracked `service:Name` of what IAM tracks
 */
export function lastAccessed({ arn, usage }: Role, tracked: ReadonlySet<string>): object {
  return {
    arn,
    details: {
      JobStatus: "COMPLETED",
      JobType: "ACTION_LEVEL",
      JobCreationDate: NOW,
      ServicesLastAccessed: usage.map((service) => serviceLine(service, arn, tracked)),
      JobCompletionDate: NOW,
      IsTruncated: false,
    },
  };
}

function serviceLine({ service, granted, unused }: ServiceUsage, arn: string, tracked: ReadonlySet<string>): object {
  const named = { ServiceName: service, ServiceNamespace: service };
  if (unused === null) return { ...named, TotalAuthenticatedEntities: 0 };
  const idle = new Set(unused);
  const actions = [...granted]
    .filter((name) => tracked.has(`${service}:${name}`))
    .map((ActionName) =>
      idle.has(ActionName)
        ? { ActionName }
        : { ActionName, LastAccessedEntity: arn, LastAccessedTime: LATELY, LastAccessedRegion: "eu-central-1" },
    );
  return {
    ...named,
    LastAuthenticated: LATELY,
    LastAuthenticatedEntity: arn,
    LastAuthenticatedRegion: "eu-central-1",
    TotalAuthenticatedEntities: 1,
    ...(actions.length === 0 ? {} : { TrackedActionsLastAccessed: actions }),
  };
}
