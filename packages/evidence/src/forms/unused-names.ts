import type { UsageLine } from "@leastwise/core";
import { quoted } from "../fields.ts";

const SERVICE = /^[\w.-]+$/;
const NAME = /^[\w.-]+$/;

export function isServicePrefix(text: string): boolean {
  return SERVICE.test(text);
}

export function isActionName(text: string): boolean {
  return NAME.test(text);
}

/** An action as a report names it, bare or with its service, and when it was last accessed: ISO 8601 in UTC, or null. */
export interface ReportedAction {
  readonly action: string;
  readonly lastAccessed: string | null;
}

/**
 * The lines of a report on one service, or what is wrong with it. No actions means the whole service (SEMANTICS 6). Actions of
 * other services have lines of their own, for which the date of this one does not count.
 */
export function reportLines(
  serviceNamespace: string,
  lastAccessed: string | null,
  actions: readonly ReportedAction[] | null | undefined,
): readonly UsageLine[] | { readonly message: string } {
  if (!isServicePrefix(serviceNamespace)) return { message: `${quoted(serviceNamespace)} is no service prefix` };
  if (actions === null || actions === undefined || actions.length === 0)
    return [{ service: serviceNamespace, lastAccessed, actions: null, accessed: [] }];
  const byService = new Map<string, { readonly names: string[]; readonly accessed: [string, string][] }>();
  for (const { action, lastAccessed: date } of actions) {
    const colon = action.indexOf(":");
    const service = colon < 0 ? serviceNamespace : action.slice(0, colon);
    const name = action.slice(colon + 1);
    if (!isServicePrefix(service) || !isActionName(name)) return { message: `${quoted(action)} is no action name` };
    let line = byService.get(service);
    if (line === undefined) byService.set(service, (line = { names: [], accessed: [] }));
    line.names.push(name);
    if (date !== null) line.accessed.push([name, date]);
  }
  const own = serviceNamespace.toLowerCase();
  return Array.from(byService, ([service, { names, accessed }]) => {
    return { service, lastAccessed: service.toLowerCase() === own ? lastAccessed : null, actions: names, accessed };
  });
}
