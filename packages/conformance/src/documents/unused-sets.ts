import {
  type CatalogTrie,
  DEFAULT_OPTIONS,
  NOTHING_UNUSED,
  type PolicyDocument,
  type Unused,
  type UnusedReport,
  ids,
  refinePolicy,
  resolveUnused,
  unusedOf,
} from "@leastwise/core";

/**
 * What may be reported of a real document:
 *
 * - `share`: about two fifths of what it grants; one service in seven whole, of the others three actions in ten
 * - `services`: every second service that it grants something of, whole
 * - `few`: about one action in thirty, names near them that no catalog has, and something of a service that it does not name
 * - `most`: all but about one action in twelve
 */
export type UnusedKind = "share" | "services" | "few" | "most";

export const UNUSED_KINDS: readonly UnusedKind[] = ["share", "services", "few", "most"];

/** U of one kind for a document. The same seed draws the same, whatever the catalog's order. O(what it grants). */
export function unusedSetOf(kind: UnusedKind, seed: number, trie: CatalogTrie, policy: PolicyDocument): Unused {
  const services = grantedByService(trie, policy);
  const draw = (text: string): number => drawn(`${seed} ${text}`);
  const reports = [...services].map(([service, names]): UnusedReport => {
    const some = (share: number): string[] => names.filter((name) => draw(`${service}:${name}`) < share);
    if (kind === "services") return { service, actions: draw(service) < 0.5 ? null : [] };
    if (kind === "most") return { service, actions: some(11 / 12) };
    if (kind === "share") return { service, actions: draw(service) < 1 / 7 ? null : some(0.3) };
    const near = names.filter((name) => draw(`near ${service}:${name}`) < 1 / 30);
    return { service, actions: [...some(1 / 30), ...near.map((name) => nearby(name, draw(name)))] };
  });
  if (kind === "few") reports.push({ service: "nobody-has-heard-of", actions: ["Get"] });
  return unusedOf(reports.filter(({ actions }) => actions === null || actions.length > 0));
}

/** Service → bare names that the document grants; literal entries that the catalog lacks are among them. */
function grantedByService(trie: CatalogTrie, policy: PolicyDocument): ReadonlyMap<string, readonly string[]> {
  const nothing = resolveUnused(trie, NOTHING_UNUSED);
  const { grantedBefore, unknownActions } = refinePolicy(trie, nothing, DEFAULT_OPTIONS, policy);
  const services = new Map<string, string[]>();
  const add = (action: string): void => {
    const colon = action.indexOf(":");
    if (colon < 0) return;
    const service = action.slice(0, colon);
    const names = services.get(service) ?? [];
    services.set(service, names);
    names.push(action.slice(colon + 1));
  };
  for (const id of ids(grantedBefore)) add(trie.name(id));
  for (const { entry } of unknownActions) add(entry);
  return services;
}

/** A name that starts like another and is most likely no action's: longer by a word or a letter, or shorter. */
function nearby(name: string, place: number): string {
  if (place < 1 / 3) return `${name}Unheard`;
  return place < 2 / 3 ? `${name}s` : name.slice(0, Math.max(1, Math.floor(name.length / 2)));
}

/** A number in [0, 1) that looks drawn and hangs on the text alone: FNV-1a of 32 bits, then mixed as MurmurHash3 ends. */
function drawn(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
