import { catalogChanges } from "../catalogs/catalog-changes.ts";
import { catalogNamed, readStoredCatalogs } from "../catalogs/named-catalog.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catalogDiffRows, catalogDiffText } from "../format/catalog-diff.ts";
import { printableJson } from "../format/printable.ts";
import { type Terminal, write } from "../terminal.ts";

export interface CatalogDiffOptions {
  readonly db?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `leastwise catalog diff OLD NEW`: what AWS added, took away, renamed and classified anew between two catalogs. */
export async function catalogDiffCommand(
  oldName: string,
  newName: string,
  options: CatalogDiffOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const stored = options.db === undefined ? [] : readStoredCatalogs(options.db);
  const older = catalogNamed(oldName, stored);
  const newer = catalogNamed(newName, stored);
  const changes = catalogChanges(older, newer);
  if (options.json === true) {
    for (const row of catalogDiffRows(changes)) await write(terminal.out, `${printableJson(JSON.stringify(row))}\n`);
  } else {
    await write(terminal.out, catalogDiffText(older, newer, changes, options.all === true, terminal));
  }
  return EXIT.done;
}
