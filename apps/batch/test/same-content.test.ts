/** The same facts, in however many files and whatever order, and told however often, are the same database. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openForReading } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { allowing, refined, temporaryFolder, write } from "./leastwise.ts";
import { account, arnOf, awsRecommendation, finding, lastAccessed } from "./samples.ts";

const folder = temporaryFolder();

const PRINCIPALS = 300;
const SERVICES = Array.from({ length: 20 }, (_, i) => `service${i}`);
const CATALOG = write(
  folder,
  "catalog.json",
  Object.fromEntries(SERVICES.map((service) => [service, Array.from({ length: 30 }, (_, i) => `Get${i}Things`)])),
);
const names = Array.from({ length: PRINCIPALS }, (_, i) => `role${i}`);
/** Ten policies, so that documents are shared. */
const documentOf = (i: number): ReturnType<typeof allowing> =>
  allowing(...SERVICES.slice(i % 10).map((service) => `${service}:Get*`));
const ACCOUNT_FILE = account(names.map((name, i) => ({ kind: "role", name, inline: { own: documentOf(i) } })));

/**
 * What the sources say of one role, a page a value: eighteen of a finding, an older finding in two, ten of last accessed details, three
 * of AWS's recommendation.
 */
function pagesOf(name: string, i: number): readonly object[] {
  const arn = arnOf("role", name);
  const action = (place: number): string => `Get${(i + place) % 30}Things`;
  const ofFinding = SERVICES.slice(2).map((service, place) =>
    finding(arn, { [service]: place === 17 ? null : [action(place), action(place + 7)] }),
  );
  const older = [0, 1].map((place) =>
    finding(arn, { service0: [action(place)] }, { id: `older-${name}`, updatedAt: "2026-10-01T00:00:00Z" }),
  );
  const details = Array.from({ length: 10 }, (_, page) =>
    lastAccessed(
      arn,
      "ACTION_LEVEL",
      Object.fromEntries(
        SERVICES.slice(2 * page, 2 * page + 2).map((service, place) => [
          service,
          {
            at: "2026-11-01T00:00:00Z",
            actions: { [action(place)]: "2026-11-01T00:00:00Z", [action(place + 3)]: null },
          },
        ]),
      ),
      page === 9 ? {} : { IsTruncated: true, Marker: `page-${page}` },
    ),
  );
  const answer = { id: "own", document: allowing(`service9:${action(0)}`) };
  const recommended = [[], [answer], []].map((answers, page) =>
    awsRecommendation(arn, answers, page === 2 ? {} : { nextToken: `page-${page}` }),
  );
  return [...ofFinding, ...older, ...details, ...recommended];
}

const pages = names.flatMap(pagesOf);
/** Also of somebody whom no export has. */
pages.push(finding(arnOf("role", "elsewhere"), { service0: null }));

/** The same in another order, the same each time. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const out = [...items];
  let seed = 20_261_122;
  for (let i = out.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const j = seed % (i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!]; // both are places of the list
  }
  return out;
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

const FORMS: Readonly<Record<string, (place: string) => void>> = {
  "one file": (place) => void write(place, "evidence.json", pages),
  "a file a page": (place) => pages.forEach((page, i) => write(place, `evidence/${i % 100}/${i}.json`, page)),
  "JSON lines": (place) => void write(place, "evidence.jsonl", lines(pages)),
  "gzipped JSON lines": (place) => void write(place, "evidence.jsonl.gz", gzipSync(lines(pages))),
  "pages out of order": (place) =>
    chunks(shuffled(pages), 1000).forEach((some, i) => write(place, `evidence-${i}.json`, some)),
  "every file twice under other names": (place) =>
    chunks(pages, 100).forEach((some, i) => {
      write(place, `evidence-${i}.json`, some);
      write(place, `more/copy-of-${i}.json.gz`, gzipSync(JSON.stringify(some)));
    }),
};

/** What says where something was read from, and when the run was. */
const APART: Readonly<Record<string, readonly string[]>> = {
  usage_report: ["inputs"],
  run: ["run_key", "started_at", "finished_at"],
  diagnostic: ["path", "input_id"],
  aws_policy_document: ["input_id"],
};

/**
 * Every row of every table but the list of inputs, ids included. A document's id stands for its content, and tells in which order
 * recommendations by AWS were read: its hash is compared instead.
 */
function content(path: string): ReadonlyMap<string, readonly string[]> {
  const db = openForReading(path);
  const tables = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();
  const rows = tables
    .filter((table) => table !== "input" && table !== "input_account")
    .map((table): [string, readonly string[]] => {
      const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
      const selected = columns
        .filter((column) => APART[table]?.includes(column) !== true)
        .map((column) =>
          column.endsWith("document_id") ? `(SELECT sha256 FROM document d WHERE d.document_id = t.${column})` : column,
        );
      const values = db.prepare<[], unknown[]>(`SELECT ${selected.join()} FROM ${table} t`).raw().all();
      return [table, values.map((row) => JSON.stringify(row)).sort()];
    });
  db.close();
  return new Map(rows);
}

describe("the same findings, last accessed details and recommendations by AWS", () => {
  const databases = new Map<string, ReadonlyMap<string, readonly string[]>>();
  beforeAll(() => {
    for (const [form, writeForm] of Object.entries(FORMS)) {
      const place = join(folder, form);
      write(place, "account.json", ACCOUNT_FILE);
      writeForm(place);
      databases.set(form, content(refined(place, "org.db", place, "--catalog", CATALOG)));
    }
  }, 60_000);
  const first = (): ReadonlyMap<string, readonly string[]> => databases.get("one file") ?? new Map<string, string[]>();

  test("are ten thousand pages, and more than nothing comes of them", () => {
    expect(pages.length).toBeGreaterThan(9_900);
    expect(first().get("usage_report")).toHaveLength(3 * PRINCIPALS); // the finding, the older one, and the details
    expect(first().get("aws_comparison")).toHaveLength(PRINCIPALS);
    expect(first().get("unit")).toHaveLength(30); // ten policies, and thirty ways to use them
    expect(first().get("usage_page")).toEqual([]);
    expect(first().get("diagnostic")?.join()).toMatch(/unknown-principal.*role\/elsewhere/);
  });

  test.each(Object.keys(FORMS).slice(1))("as %s: the same database, ids and all", (form) => {
    const found = databases.get(form);
    expect([...(found?.keys() ?? [])]).toEqual([...first().keys()]);
    for (const [table, rows] of first()) expect({ table, rows: found?.get(table) }).toEqual({ table, rows });
  });
});
