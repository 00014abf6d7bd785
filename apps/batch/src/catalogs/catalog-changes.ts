import { type AccessLevel, type Catalog, accessLevel, isTracked } from "@leastwise/catalog";
import { type CatalogTrie, fold, wordStarts } from "@leastwise/core";
import { nearestKey } from "../config/nearest-key.ts";

/** An action that the newer catalog has and the older has not. */
interface AddedAction {
  /** In the newer catalog. */
  readonly id: number;
  readonly action: string;
  readonly accessLevel: AccessLevel;
  /** Whether the older catalog has no such service. */
  readonly isNewService: boolean;
  /** Whether it starts with a word prefix of one word that the older catalog has (SEMANTICS 1), such as `s3:Get`. */
  readonly isUnderKnownWord: boolean;
}

/** An action that the older catalog has and the newer has not. */
interface GoneAction {
  /** In the older catalog. */
  readonly id: number;
  readonly action: string;
  readonly accessLevel: AccessLevel;
  /** What it is called now, as far as the catalogs tell. */
  readonly renamedTo: string | null;
  /** Of the actions that its service got, the one that is spelled most alike, where one is: a guess, and said as one. */
  readonly nearest: string | null;
}

/** What differs between two catalogs. Everything is in the order of lower-cased names. */
export interface CatalogChanges {
  readonly servicesAdded: readonly string[];
  readonly servicesGone: readonly string[];
  /** Services that are called something else now. */
  readonly servicesRenamed: readonly { readonly from: string; readonly to: string }[];
  readonly added: readonly AddedAction[];
  readonly gone: readonly GoneAction[];
  /** Actions of both, of another level in each; where one says nothing, nothing is compared. */
  readonly levels: readonly { readonly action: string; readonly before: AccessLevel; readonly after: AccessLevel }[];
  /** Actions of both that one says IAM tracks; nothing is compared where one says so of none. `tracked`: by the newer. */
  readonly tracked: readonly { readonly action: string; readonly tracked: boolean }[];
}

/**
 * What a newer catalog has, lacks and says otherwise. O(actions of both; gone × added of a service).
 *
 * An action is renamed where the catalogs alone tell: the newer has exactly one new action in the same service that is the same but for
 * characters that are neither letters nor digits; or its whole service has another prefix. A service has another prefix where the
 * older catalog alone has it, exactly one service that the newer alone has shares at least half of its names, and the action is one of
 * these. Everything else is gone.
 */
export function catalogChanges(older: Catalog, newer: Catalog): CatalogChanges {
  const before = older.trie;
  const after = newer.trie;
  const knownServices = new Set(servicesOf(before).map(fold));
  const laterServices = new Set(servicesOf(after).map(fold));
  const knownWords = new Set(actionsOf(before).flatMap((action) => firstWord(action)));
  const added = actionsOf(after).flatMap((action, id): readonly AddedAction[] => {
    if (before.find(action) >= 0) return [];
    const isNewService = !knownServices.has(fold(serviceOf(action)));
    const isUnderKnownWord = startsWithOneOf(fold(action), knownWords);
    return [{ id, action, accessLevel: accessLevel(after, id), isNewService, isUnderKnownWord }];
  });
  const servicesAdded = servicesOf(after).filter((service) => !knownServices.has(fold(service)));
  const servicesGone = servicesOf(before).filter((service) => !laterServices.has(fold(service)));
  const renamed = servicesGone.flatMap((from) => {
    const to = newPrefixOf(from, servicesAdded, before, after);
    return to === undefined ? [] : [{ from, to }];
  });
  const successor = successors(added, new Map(renamed.map(({ from, to }) => [fold(from), to])), after);
  const gone = actionsOf(before).flatMap((action, id): readonly GoneAction[] => {
    if (after.find(action) >= 0) return [];
    return [{ id, action, accessLevel: accessLevel(before, id), ...successor(action) }];
  });
  return {
    servicesAdded,
    servicesGone,
    servicesRenamed: renamed,
    added,
    gone,
    levels: changedLevels(before, after),
    tracked: changedTracking(before, after),
  };
}

type Successor = Pick<GoneAction, "renamedTo" | "nearest">;

function successors(
  added: readonly AddedAction[],
  newPrefix: ReadonlyMap<string, string>,
  after: CatalogTrie,
): (action: string) => Successor {
  const byService = new Map<string, string[]>();
  for (const { action } of added) {
    const service = fold(serviceOf(action));
    const known = byService.get(service);
    if (known === undefined) byService.set(service, [action]);
    else known.push(action);
  }
  return (action) => {
    const service = fold(serviceOf(action));
    const candidates = byService.get(service) ?? [];
    const alike = candidates.filter((candidate) => lettersOf(candidate) === lettersOf(action));
    if (alike.length === 1) return { renamedTo: alike[0]!, nearest: null }; // the one there is
    const prefix = newPrefix.get(service);
    const moved = prefix === undefined ? -1 : after.find(`${prefix}:${nameOf(action)}`);
    if (moved >= 0) return { renamedTo: after.name(moved), nearest: null };
    const nearest = nearestKey(nameOf(action), candidates.map(nameOf));
    return { renamedTo: null, nearest: nearest === undefined ? null : `${serviceOf(action)}:${nearest}` };
  };
}

/** The one of the new services that at least half of a gone service's actions are in, by name; undefined where there are none or several. */
function newPrefixOf(
  service: string,
  candidates: readonly string[],
  before: CatalogTrie,
  after: CatalogTrie,
): string | undefined {
  const names = actionsOf(before)
    .filter((action) => fold(serviceOf(action)) === fold(service))
    .map(nameOf);
  if (names.length === 0) return undefined;
  const found = candidates.filter((candidate) => {
    const shared = names.filter((name) => after.find(`${candidate}:${name}`) >= 0).length;
    return 2 * shared >= names.length;
  });
  return found.length === 1 ? found[0] : undefined;
}

function changedLevels(before: CatalogTrie, after: CatalogTrie): CatalogChanges["levels"] {
  return actionsOf(after).flatMap((action, id) => {
    const known = before.find(action);
    if (known < 0) return [];
    const [was, is] = [accessLevel(before, known), accessLevel(after, id)];
    return was === is || was === "Unknown" || is === "Unknown" ? [] : [{ action, before: was, after: is }];
  });
}

function changedTracking(before: CatalogTrie, after: CatalogTrie): CatalogChanges["tracked"] {
  if (!tellsTracking(before) || !tellsTracking(after)) return [];
  return actionsOf(after).flatMap((action, id) => {
    const known = before.find(action);
    const tracked = isTracked(after, id);
    return known < 0 || isTracked(before, known) === tracked ? [] : [{ action, tracked }];
  });
}

function tellsTracking(trie: CatalogTrie): boolean {
  for (let id = 0; id < trie.actionCount; id++) if (isTracked(trie, id)) return true;
  return false;
}

function actionsOf(trie: CatalogTrie): readonly string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}

function servicesOf(trie: CatalogTrie): readonly string[] {
  return Array.from({ length: trie.serviceCount }, (_, index) => trie.service(index));
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(":"));
}

function nameOf(action: string): string {
  return action.slice(action.indexOf(":") + 1);
}

/** `s3:get` of `s3:GetObject`; nothing of a name that is one word, which is no prefix. */
function firstWord(action: string): readonly string[] {
  const second = wordStarts(action)[1];
  return second === undefined ? [] : [fold(action.slice(0, second))];
}

function startsWithOneOf(text: string, starts: ReadonlySet<string>): boolean {
  for (let length = text.length; length > 0; length--) if (starts.has(text.slice(0, length))) return true;
  return false;
}

function lettersOf(action: string): string {
  return fold(action).replaceAll(/[^a-z0-9:]/g, "");
}
