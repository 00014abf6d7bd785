import { CatalogTrie } from "@leastwise/core";

/** AWS's access levels, from the least to the most weighty; `Unknown` where a source does not say. The index is the image's byte. */
const ACCESS_LEVELS = ["Unknown", "List", "Read", "Write", "Tagging", "Permissions management"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What every source of a catalog is turned into. */
export interface CatalogSource {
  /** Name and version of the source, ASCII. */
  readonly source: string;
  /** The day the source was published, `YYYY-MM-DD`, or empty when it does not say. */
  readonly date: string;
  readonly services: readonly string[];
  /** `service:Name`, each once (case ignored). */
  readonly actions: readonly { readonly action: string; readonly accessLevel: AccessLevel }[];
}

/** A dated, hashed set of actions, open for reading. */
export interface Catalog {
  readonly trie: CatalogTrie;
  readonly source: string;
  readonly date: string;
  /** SHA-256 of services, actions and access levels; what names a catalog in every result. */
  readonly sha256: string;
}

/** Opens an image that `imageOf` made. @throws ImageError */
export function openCatalog(image: ArrayBufferLike): Catalog {
  const trie = new CatalogTrie(image);
  const { source, date } = readLabel(trie.label);
  return { trie, source, date, sha256: trie.contentHash };
}

export function accessLevel(trie: CatalogTrie, id: number): AccessLevel {
  return ACCESS_LEVELS[trie.level(id)] ?? "Unknown";
}

export function levelByte(level: AccessLevel): number {
  return ACCESS_LEVELS.indexOf(level);
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
