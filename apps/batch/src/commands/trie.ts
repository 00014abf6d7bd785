import { writeFileSync } from "node:fs";
import { loadCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type Granularity, type PolicyDocument, refineShard, resolveUnused } from "@leastwise/core";
import { readDocument } from "@leastwise/evidence";
import { treeSvg, treeText, wordTree } from "@leastwise/pictures";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printable, printableJson } from "../format/printable.ts";
import { readUnusedFile } from "../given/unused-file.ts";
import { reasonOf } from "../reason.ts";
import { type Terminal, write } from "../terminal.ts";
import { ENGINE_VERSION } from "../version.ts";
import { engineOf } from "../workers/refine-shards.ts";
import type { Case } from "./trie-of-run.ts";

export interface TrieOptions {
  readonly unused?: string;
  readonly db?: string;
  readonly run?: string;
  readonly principal?: string;
  readonly policy?: string;
  readonly catalog?: string;
  readonly serviceReference?: string;
  readonly granularity?: Granularity;
  readonly svg?: string;
  readonly open?: readonly string[];
  readonly all?: boolean;
  readonly ascii?: boolean;
  readonly json?: boolean;
}

/** `leastwise trie ENTRY`: the words behind an entry, which of them stay, and what stands in its place. */
export async function trieCommand(entry: string, options: TrieOptions, terminal: Terminal): Promise<ExitCode> {
  const read = readDocument(documentOf(entry));
  if (!("record" in read))
    throw new Failure(EXIT.usage, `\`${cut(entry)}\` is no entry: ${read.message}`, "give one such as 's3:Get*'");
  const { trie, unused, replacedBy } = await caseOf(entry, options);
  const tree = wordTree(trie, resolveUnused(trie, unused), entry, replacedBy);
  const folding = {
    ...(options.all === true ? { rows: Infinity } : {}),
    ...(options.open === undefined ? {} : { open: options.open }),
  };
  if (options.json === true) await write(terminal.out, `${printableJson(JSON.stringify(tree))}\n`);
  else if (options.svg === "-") await write(terminal.out, treeSvg(tree, folding));
  else if (options.svg !== undefined) {
    writePicture(options.svg, treeSvg(tree, folding));
    terminal.err.write(`wrote \`${printable(options.svg)}\`\n`);
  } else {
    const { width: columns, colours } = terminal;
    const unicode = options.ascii !== true;
    await write(terminal.out, treeText(tree, { ...folding, columns, colours, unicode }));
  }
  return EXIT.done;
}

/** @throws Failure usage where it is not clear what to draw */
async function caseOf(entry: string, options: TrieOptions): Promise<Case> {
  const { unused, db, principal, policy } = options;
  if (unused !== undefined) return caseOfReport(entry, unused, options);
  if (db !== undefined && principal !== undefined && policy !== undefined) {
    const { caseOfRun } = await import("./trie-of-run.ts"); // SQLite is for those who ask a database
    return caseOfRun(entry, { db, run: options.run, principal, policy });
  }
  throw new Failure(
    EXIT.usage,
    "there is nothing to say what is unused",
    "give --unused FILE, or --db FILE with --principal ARN and --policy NAME",
  );
}

/** Refined as a policy of this entry alone would be, and verified like every other. */
function caseOfReport(entry: string, file: string, options: TrieOptions): Case {
  const catalog = loadCatalog(options.catalog, options.serviceReference);
  const engine = engineOf(catalog.trie.buffer);
  const unused = readUnusedFile(file);
  const outcome = refineShard(engine, {
    catalog: catalog.sha256,
    options: { ...DEFAULT_OPTIONS, granularity: options.granularity ?? DEFAULT_OPTIONS.granularity },
    origin: { engineVersion: ENGINE_VERSION, catalogSource: catalog.source, catalogDate: catalog.date },
    documents: [{ text: JSON.stringify(documentOf(entry)), wantsGrants: false }],
    unused: [JSON.stringify(unused)],
    units: [{ unitId: 0, document: 0, unused: 0 }],
  });
  const result = outcome.units[0]!; // one for the one unit
  if (!result.ok)
    throw new Failure(EXIT.bug, `${result.code}: ${result.message}`, "nothing is drawn; please report this entry");
  return { trie: engine.trie, unused, replacedBy: result.changes[0]?.replacedBy ?? [entry] };
}

function documentOf(entry: string): PolicyDocument {
  return { Version: "2012-10-17", Statement: { Effect: "Allow", Action: entry, Resource: "*" } };
}

/** For a message: the start of what is too long to be read. */
function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function writePicture(path: string, svg: string): void {
  try {
    writeFileSync(path, svg);
  } catch (error) {
    throw new Failure(EXIT.io, `\`${path}\` cannot be written: ${reasonOf(error)}`, "check the path", { cause: error });
  }
}
