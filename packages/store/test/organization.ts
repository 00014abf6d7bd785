import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CatalogTrie,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  DEFAULT_SETTINGS,
  type DocumentRecord,
  type Engine,
  type EventRecord,
  type Evidence,
  type EvidenceRows,
  type GrantRow,
  type IntervalSet,
  type OutcomeRows,
  type PlanSettings,
  type PolicyDocument,
  type PolicyRecord,
  type PrincipalRecord,
  type Shard,
  type Unused,
  type UnitRow,
  type UsageBatch,
  type UsageRecord,
  type UsageOutcome,
  Verifier,
  buildImage,
  evidenceRows,
  refineShard,
  settleBatch,
  shapeText,
  size,
  splitPolicy,
} from "@leastwise/core";
import { afterAll } from "vitest";
import {
  type Connection,
  IngestWriter,
  OutcomeWriter,
  type FinishedSplit,
  type PendingSplit,
  type Run,
  type RunSettings,
  SplitWriter,
  askRungs,
  beginRun,
  conclude,
  ensureCatalog,
  openForWriting,
  Plan,
  type PlanInput,
  type PlannedShard,
  readFitting,
  readShards,
  readSplits,
} from "../src/index.ts";

/** A folder that goes away after the tests of the file. Call it at the top of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-store-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let databases = 0;

/** A new database in the folder. */
export function newDatabase(folder: string): { readonly db: Connection; readonly path: string } {
  const path = join(folder, `${++databases}.db`);
  return { db: openForWriting(path), path };
}

/** A catalog small enough to count in one's head. */
const ACTIONS = [
  "s3:GetBucketAcl",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:ListBucket",
  "s3:PutObject",
  "sqs:DeleteMessage",
  "sqs:SendMessage",
];
export const CATALOG_SHA256 = "c".repeat(64);

export function engine(): Engine {
  const image = buildImage({
    services: ["s3", "sqs"],
    actions: ACTIONS.map((action) => ({ action, level: 0 })),
    contentHash: CATALOG_SHA256,
    label: "2026-09-26 a small catalog",
  });
  return { trie: new CatalogTrie(image), verifier: new Verifier(ACTIONS) };
}

export function catalogId(db: Connection): number {
  return ensureCatalog(db, CATALOG_SHA256, () => ({
    sha256: CATALOG_SHA256,
    source: "a small catalog",
    date: "2026-09-26",
    services: [
      { service: "s3", lo: 0, hi: 5 },
      { service: "sqs", lo: 5, hi: 7 },
    ],
    actions: ACTIONS.map((action) => ({ action, accessLevel: "Read", tracked: action === "s3:ListBucket" })),
  }));
}

export const NOW = "2026-11-21T22:00:00.000Z";

export function newRun(db: Connection, settings: Partial<RunSettings> = {}): Run {
  const defaults = {
    runKey: "key",
    toolVersion: "0.1.0",
    engineVersion: 1,
    options: DEFAULT_OPTIONS,
    settings: JSON.stringify({ limits: DEFAULT_LIMITS, fit: null }),
  } as const;
  return beginRun(db, { ...defaults, catalogId: catalogId(db), ...settings }, NOW);
}

export const ACCOUNT = "123456789012";

export function role(name: string, more: Partial<PrincipalRecord> = {}): PrincipalRecord {
  return principal("role", name, more);
}
export function user(name: string, groups: readonly string[] = []): PrincipalRecord {
  return principal("user", name, { groups });
}
export function group(name: string): PrincipalRecord {
  return principal("group", name, {});
}

function principal(kind: PrincipalRecord["kind"], name: string, more: Partial<PrincipalRecord>): PrincipalRecord {
  const path = more.path ?? "/";
  const none = { createdAt: null, lastUsedAt: null, boundaryArn: null, tracksLastUse: false, groups: [], tags: [] };
  return {
    arn: `arn:aws:iam::${ACCOUNT}:${kind}${path}${name}`,
    accountId: ACCOUNT,
    kind,
    name,
    path,
    uniqueId: `ID${name}`,
    ...none,
    ...more,
  };
}

/** A policy document that allows the actions, by content. */
export function allowing(...actions: readonly string[]): DocumentRecord {
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  return { sha256: sha256(text), text };
}

export function inlinePolicy({ arn }: PrincipalRecord, name: string, document: DocumentRecord): PolicyRecord {
  const none = { versionId: null, updatedAt: null, attachmentCount: null, boundaryCount: null };
  return { key: `${arn}#${name}`, kind: "inline", name, accountId: ACCOUNT, documentSha256: document.sha256, ...none };
}

/** A customer managed policy. Without a document, as far as its attachment tells. */
export function managedPolicy(
  name: string,
  document: DocumentRecord | null,
  updatedAt: string | null = null,
): PolicyRecord {
  const key = `arn:aws:iam::${ACCOUNT}:policy/${name}`;
  const versionId = document === null ? null : "v1";
  return {
    key,
    kind: "customer",
    name,
    accountId: ACCOUNT,
    documentSha256: document?.sha256 ?? null,
    versionId,
    updatedAt,
    attachmentCount: 0,
    boundaryCount: 0,
  };
}

/** An Access Analyzer finding; each service with its unused actions, null for the whole service. */
export function finding(
  { arn }: { readonly arn: string },
  reportId: string,
  updatedAt: string | null,
  unused: Readonly<Record<string, readonly string[] | null>> | "RESOLVED",
): UsageRecord {
  const lines = unused === "RESOLVED" ? [] : Object.entries(unused);
  return {
    principalArn: arn,
    source: "access-analyzer",
    reportId,
    active: unused !== "RESOLVED",
    updatedAt,
    lines: lines.map(([service, actions]) => ({ service, lastAccessed: null, actions, accessed: [] })),
  };
}

export function plainList(
  { arn }: { readonly arn: string },
  unused: Readonly<Record<string, readonly string[] | null>>,
): UsageRecord {
  return { ...finding({ arn }, "", null, unused), source: "plain-list" };
}

/** One call that CloudTrail saw. */
export function event(
  { arn }: { readonly arn: string },
  eventSource: string,
  eventName: string,
  more: Partial<EventRecord> = {},
): EventRecord {
  return {
    principalArn: arn,
    eventSource,
    eventName,
    events: 1,
    denied: 0,
    lastAt: "2026-09-20T12:00:00.000Z",
    ...more,
  };
}

/** What one input file says. */
export function file(path: string, said: Partial<Evidence>): Evidence {
  const nothing = {
    principals: [],
    policies: [],
    attachments: [],
    documents: [],
    usage: [],
    events: [],
    unusedPrincipals: [],
    awsRecommendations: [],
    exportPages: [],
    incompleteAccounts: [],
    diagnostics: [],
  };
  return { path, kinds: ["account authorization details"], ...nothing, ...said };
}

/** A principal with inline policies, one for each document, as an export states it. */
export function withInline(who: PrincipalRecord, ...documents: readonly DocumentRecord[]): Partial<Evidence> {
  const policies = documents.map((document, i) => inlinePolicy(who, `inline-${i + 1}`, document));
  const attachments = policies.map(({ key }) => ({ principalArn: who.arn, policyKey: key }));
  return { principals: [who], policies, attachments, documents };
}

/** Everything that several statements say together. */
export function together(...all: readonly Partial<Evidence>[]): Partial<Evidence> {
  return {
    principals: all.flatMap(({ principals }) => principals ?? []),
    policies: all.flatMap(({ policies }) => policies ?? []),
    attachments: all.flatMap(({ attachments }) => attachments ?? []),
    documents: all.flatMap(({ documents }) => documents ?? []),
    usage: all.flatMap(({ usage }) => usage ?? []),
    events: all.flatMap(({ events }) => events ?? []),
  };
}

/** What a plan is made with: the test catalog, default settings, no tracked actions; events by their own names. */
export function planInput(settings: Partial<PlanSettings> = {}): PlanInput {
  return {
    settings: { ...DEFAULT_SETTINGS, ...settings },
    trie: engine().trie,
    tracked: () => undefined,
    mapEvent: (eventSource, eventName) => {
      const service = eventSource.split(".")[0] ?? "";
      const action = ACTIONS.find((known) => known === `${service}:${eventName}`);
      return {
        service,
        services: [service],
        actions: action === undefined ? [] : [action],
        via: action === undefined ? "unmapped" : "exact",
        source: "",
      };
    },
  };
}

/** What comes of a batch, in this thread. */
export function settled(batch: UsageBatch): readonly UsageOutcome[] {
  return settleBatch({ ...planInput(), sha256 }, batch);
}

/** Plans a run that has read its inputs. */
export function plan(db: Connection, run: Run, input: PlanInput): Run {
  const planning = new Plan(db, run, input);
  for (const cut of planning.batches()) planning.keep(cut, settled(cut.batch));
  return planning.finish(NOW);
}

/** Files and their events, as the writer takes them. */
export function toWrite(
  files: readonly Evidence[],
): readonly [batch: readonly EvidenceRows[], events: readonly EventRecord[]] {
  return [files.map(evidenceRows), files.flatMap(({ events }) => events)];
}

/** Reads the files into a new run and plans it. */
export function planned(
  db: Connection,
  files: readonly Evidence[],
  run: Partial<RunSettings> = {},
  settings: Partial<PlanSettings> = {},
): Run {
  const begun = newRun(db, run);
  new IngestWriter(db, begun.runId).write(...toWrite(files));
  return plan(db, begun, planInput(settings));
}

/**
 * Refines and writes every open unit, climbs the ladder where the run is asked to, and ends the run.
 *
 * @param most steps after which it is left as it stands
 */
export function answered(db: Connection, run: Run, most = Infinity): Run {
  const ready = engine();
  const writer = new OutcomeWriter(db, run);
  const fitting = readFitting(db, run.runId);
  const splitter = new SplitWriter(db, run, fitting.limits.managed);
  for (let step = 0; ; step++) {
    if (step >= most) return run;
    const asked = fitting.shortest === null || step === 0 ? { splits: [] } : askRungs(db, run, fitting);
    const shards = openShards(db, run);
    if (step > 0 && shards.length === 0 && asked.splits.length === 0) break;
    for (const shard of shards) writer.write([{ planned: shard, outcome: outcomeOf(ready, shard.shard) }]);
    splitter.write([...readSplits(db, asked.splits)].map((pending) => splitOf(pending, fitting.limits.managed)));
  }
  conclude(db, run, ready.trie, NOW);
  return { ...run, state: "done" };
}

function splitOf({ unitId, text, keptSids }: PendingSplit, limit: number): FinishedSplit {
  const split = splitPolicy(JSON.parse(text) as PolicyDocument, limit, keptSids); // a verified answer
  const texts = (split?.parts ?? []).map((part) => JSON.stringify(part));
  return { unitId, parts: texts.map((part) => ({ text: part, sha256: sha256(part) })), problem: null };
}

/** A shard's outcome in rows, as a worker sends it. */
export function outcomeOf(ready: Engine, shard: Shard): OutcomeRows {
  const { units, grants } = refineShard(ready, shard);
  return {
    grants: grants.map(({ document, granted, wildcards }) => {
      return { document, granted: grantRow(shard.documents[document]?.text ?? "", granted, wildcards) };
    }),
    units: units.map((unit): UnitRow => {
      if (!unit.ok) return unit;
      const { unitId, ok, recommendedAction, text, granted, wildcards, unknownActions } = unit;
      const changes = unit.changes.map(({ statement, element, entry, replacedBy }) =>
        [statement, element, entry].concat(replacedBy),
      );
      return {
        unitId,
        ok,
        recommendedAction,
        actionsBefore: unit.grants.before,
        actionsRemoved: unit.grants.removed,
        changes: changes.length === 0 ? null : JSON.stringify(changes),
        unknownActions: unknownActions.length === 0 ? null : JSON.stringify(unknownActions),
        certificate: sha256(JSON.stringify(unit)),
        created:
          text === null ? null : { text, sha256: sha256(text), granted: grantRow(text, granted.after, wildcards) },
      };
    }),
  };
}

function grantRow(text: string, granted: IntervalSet, wildcards: readonly string[]): GrantRow {
  const shape = shapeText(text);
  const packed = Array.from(
    { length: granted.length / 2 },
    (_, i) => (granted[2 * i] ?? 0) * 2 ** 26 + (granted[2 * i + 1] ?? 0),
  );
  return {
    actions: size(granted),
    intervals: JSON.stringify(packed),
    wildcards: wildcards.length === 0 ? null : JSON.stringify(wildcards),
    shape: shape === null ? null : sha256(shape),
  };
}

/** The open units of a run in one shard, if there are any. */
export function openShards(db: Connection, run: Run): readonly PlannedShard[] {
  return [...readShards(db, run, { units: 1000, characters: 1_000_000 })];
}

/** U of the units that are open, by the document they ask about. */
export function plannedUnused(
  db: Connection,
  run: Run,
): readonly { readonly document: string; readonly unused: Unused }[] {
  return openShards(db, run).flatMap(({ shard }) =>
    shard.units.map((unit) => ({
      document: shard.documents[unit.document]?.text ?? "",
      unused: JSON.parse(shard.unused[unit.unused] ?? "") as Unused, // canonical JSON by contract
    })),
  );
}

/** All rows of an SQL question as objects. */
export function rows(db: Connection, sql: string): readonly Readonly<Record<string, unknown>>[] {
  return db.prepare<[], Record<string, unknown>>(sql).all();
}

/** Every table with its rows: two databases with equal dumps hold the same. */
export function dump(db: Connection): Readonly<Record<string, readonly unknown[]>> {
  const tables = rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  return Object.fromEntries(tables.map(({ name }) => [String(name), rows(db, `SELECT * FROM "${String(name)}"`)]));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
