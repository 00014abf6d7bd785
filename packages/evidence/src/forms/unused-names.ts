import type { UsageLine } from "@leastwise/core";
import { dateOrNull, quoted } from "../fields.ts";

export function isServicePrefix(text: string): boolean {
  return isName(text);
}

export function isActionName(text: string): boolean {
  return isName(text);
}

/** `/^[\w.-]+$/`, three times as fast: a large organization's reports have millions of names. */
function isName(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    const isOther = (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d || code === 0x2e; // digits, `_`, `-`, `.`
    if (!isLetter && !isOther) return false;
  }
  return text !== "";
}

/** An action as a report names it, bare or with its service, and when it was last accessed, as AWS's tools print dates. */
export interface ReportedAction {
  readonly action: string;
  readonly lastAccessed?: string | number | null | undefined;
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
  const byService = new Map<string, NamedActions>();
  let bare: NamedActions | undefined; // those without a service in front, as nearly all are
  for (const { action, lastAccessed: at } of actions) {
    const colon = action.indexOf(":");
    const service = colon < 0 ? serviceNamespace : action.slice(0, colon);
    const name = colon < 0 ? action : action.slice(colon + 1);
    if ((colon >= 0 && !isServicePrefix(service)) || !isActionName(name))
      return { message: `${quoted(action)} is no action name` };
    let line = colon < 0 ? bare : byService.get(service);
    if (line === undefined) {
      line = byService.get(service) ?? { names: [], accessed: [] };
      byService.set(service, line);
      if (colon < 0) bare = line;
    }
    line.names.push(name);
    const date = dateOrNull(at);
    if (date !== null) line.accessed.push([name, date]);
  }
  const own = serviceNamespace.toLowerCase();
  return Array.from(byService, ([service, { names, accessed }]) => {
    return { service, lastAccessed: service.toLowerCase() === own ? lastAccessed : null, actions: names, accessed };
  });
}

interface NamedActions {
  readonly names: string[];
  readonly accessed: [string, string][];
}
