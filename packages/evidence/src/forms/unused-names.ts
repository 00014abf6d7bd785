import type { UnusedReport } from "@leastwise/core";
import { quoted } from "../fields.ts";

const SERVICE = /^[\w.-]+$/;
const NAME = /^[\w.-]+$/;

/** A line of a report, or what is wrong with it. No actions means the whole service (SEMANTICS 6). */
export function reportLines(
  serviceNamespace: string,
  actions: readonly string[] | null | undefined,
): readonly UnusedReport[] | { readonly message: string } {
  if (!SERVICE.test(serviceNamespace)) return { message: `${quoted(serviceNamespace)} is no service prefix` };
  if (actions === null || actions === undefined || actions.length === 0)
    return [{ service: serviceNamespace, actions: null }];
  const byService = new Map<string, string[]>();
  for (const action of actions) {
    const colon = action.indexOf(":");
    const service = colon < 0 ? serviceNamespace : action.slice(0, colon);
    const name = action.slice(colon + 1);
    if (!SERVICE.test(service) || !NAME.test(name)) return { message: `${quoted(action)} is no action name` };
    const names = byService.get(service);
    if (names === undefined) byService.set(service, [name]);
    else names.push(name);
  }
  return Array.from(byService, ([service, names]) => ({ service, actions: names }));
}
