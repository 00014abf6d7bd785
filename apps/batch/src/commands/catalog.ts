import { isTracked, loadCatalog } from "@leastwise/catalog";
import { openForReading, readCatalogs } from "@leastwise/store";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

interface Facts {
  readonly source: string;
  readonly date: string;
  readonly sha256: string;
  readonly services: number;
  readonly actions: number;
  readonly tracked: number;
  /** A database does not keep them. */
  readonly operations?: number;
}

export interface CatalogOptions {
  readonly db?: string;
  readonly catalog?: string;
  readonly serviceReference?: string;
}

/** `leastwise catalog info`: the built-in catalog, a file, or those that a database was made with. */
export async function catalogInfoCommand(options: CatalogOptions, terminal: Terminal): Promise<ExitCode> {
  const all = options.db === undefined ? [ofFiles(options)] : ofDatabase(options.db);
  const texts = all.map(({ source, date, sha256, services, actions, tracked, operations = 0 }) => {
    const facts: readonly (readonly [name: string, value: string])[] = [
      ["date", date === "" ? "unknown" : date],
      ["services", count(services)],
      ["actions", count(actions)],
      ...(tracked > 0 ? [["tracked", `${count(tracked)} actions`] as const] : []),
      ...(operations > 0 ? [["operations", `${count(operations)} mapped to actions`] as const] : []),
      ["sha256", sha256],
    ];
    const width = Math.max(...facts.map(([name]) => name.length));
    return [terminal.colours.bold(source), ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join(
      "\n",
    );
  });
  await write(terminal.out, `${texts.join("\n\n")}\n`);
  return EXIT.done;
}

function ofFiles({ catalog, serviceReference }: CatalogOptions): Facts {
  const { trie, source, date, sha256, operations } = loadCatalog(catalog, serviceReference);
  const { serviceCount: services, actionCount: actions } = trie;
  let tracked = 0;
  for (let id = 0; id < actions; id++) if (isTracked(trie, id)) tracked++;
  return { source, date, sha256, services, actions, tracked, operations: operations.size };
}

function ofDatabase(path: string): readonly Facts[] {
  const db = openForReading(path);
  try {
    return readCatalogs(db);
  } finally {
    db.close();
  }
}
