import { CatalogTrie } from "@leastwise/core";
import { type Operation, operationsHash, operationsOf } from "./operations.ts";

/** AWS's access levels, from the least to the most weighty; `Unknown` where a source does not say. */
export const ACCESS_LEVELS = ["Unknown", "List", "Read", "Write", "Tagging", "Permissions management"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** An action's byte in the image: the index of its access level, and this bit where IAM tracks when the action was last accessed. */
const TRACKED = 0x80;

/** What a source says of one action. */
export interface ActionSource {
  /** `service:Name` */
  readonly action: string;
  readonly accessLevel: AccessLevel;
  /** Whether IAM's action last accessed information covers it; absent where the source does not say. */
  readonly tracked?: boolean;
}

/** What every source of a catalog is turned into. */
export interface CatalogSource {
  /** Name and version of the source, ASCII. */
  readonly source: string;
  /** The day the source was published, `YYYY-MM-DD`, or empty when it does not say. */
  readonly date: string;
  readonly services: readonly string[];
  /** Each once (case ignored). */
  readonly actions: readonly ActionSource[];
  /** Which actions an API operation asks for; absent where the source does not say. */
  readonly operations?: readonly Operation[];
}

/** A dated, hashed set of actions, open for reading. */
export interface Catalog {
  readonly trie: CatalogTrie;
  readonly source: string;
  readonly date: string;
  /** SHA-256 of services, actions, access levels and what is tracked; what names a catalog in every result. */
  readonly sha256: string;
  /**
   * By `service:operation`, case folded: the actions that a call of the operation is authorized by, as the catalog spells them, each
   * once, sorted. Only actions that the catalog has. Empty without a source that says it.
   */
  readonly operations: ReadonlyMap<string, readonly string[]>;
  /** SHA-256 of all operations with their actions; the empty string where there are none. */
  readonly operationsSha256: string;
}

/**
 * Opens an image that `imageOf` made, with what its source says of operations. O(operations).
 *
 * @throws ImageError
 */
export function openCatalog(image: ArrayBufferLike, operations: readonly Operation[] = []): Catalog {
  const trie = new CatalogTrie(image);
  const { source, date } = readLabel(trie.label);
  const mapped = operationsOf(trie, operations);
  return {
    trie,
    source,
    date,
    sha256: trie.contentHash,
    operations: mapped,
    operationsSha256: operationsHash(mapped),
  };
}

export function accessLevel(trie: CatalogTrie, id: number): AccessLevel {
  return ACCESS_LEVELS[trie.level(id) & ~TRACKED] ?? "Unknown";
}

/** Whether IAM's action last accessed information covers an action; false where the catalog's source does not say. */
export function isTracked(trie: CatalogTrie, id: number): boolean {
  return (trie.level(id) & TRACKED) !== 0;
}

export function levelByte({ accessLevel: level, tracked }: ActionSource): number {
  return ACCESS_LEVELS.indexOf(level) | (tracked === true ? TRACKED : 0);
}

/** The image's label: the date, a blank, the source. */
export function labelOf(source: string, date: string): string {
  const ascii = Array.from(source, (character) => (character >= " " && character <= "~" ? character : "?")).join("");
  return `${date} ${ascii}`;
}

function readLabel(label: string): { readonly source: string; readonly date: string } {
  const blank = label.indexOf(" ");
  return { date: label.slice(0, blank), source: label.slice(blank + 1) };
}
