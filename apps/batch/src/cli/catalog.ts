import { builtInCatalog, loadCatalog } from "@leastwise/catalog";
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
}

/** `leastwise catalog info`: the built-in catalog, a file, or those that a database was made with. */
export async function catalogInfoCommand(
  options: { readonly db?: string; readonly catalog?: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const all = options.db === undefined ? [ofFile(options.catalog)] : ofDatabase(options.db);
  const texts = all.map(({ source, date, sha256, services, actions }) =>
    [
      terminal.colours.bold(source),
      `  date      ${date === "" ? "unknown" : date}`,
      `  services  ${count(services)}`,
      `  actions   ${count(actions)}`,
      `  sha256    ${sha256}`,
    ].join("\n"),
  );
  await write(terminal.out, `${texts.join("\n\n")}\n`);
  return EXIT.done;
}

function ofFile(path: string | undefined): Facts {
  const { trie, source, date, sha256 } = path === undefined ? builtInCatalog() : loadCatalog(path);
  return { source, date, sha256, services: trie.serviceCount, actions: trie.actionCount };
}

function ofDatabase(path: string): readonly Facts[] {
  const db = openForReading(path);
  try {
    return readCatalogs(db);
  } finally {
    db.close();
  }
}
