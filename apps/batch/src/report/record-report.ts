import type {
  AboutReport,
  ApiName,
  Overview,
  Page,
  PolicyPage,
  RecommendationRow,
  SharedPolicyRow,
  AccountRow,
} from "@leastwise/api";
import { LISTS, type ListName, QUESTIONS } from "@leastwise/store";
import { ANSWERERS, type AnsweredName } from "../pages/answers.ts";
import { PageCatalogs } from "../pages/catalogs.ts";
import type { ShownRun } from "../pages/shown-database.ts";
import { Recording } from "./recording.ts";

export interface ReportScope {
  /** How the database is called in the commands that it names. */
  readonly database: string;
  /** Lists of this account alone; null: of the organization. */
  readonly account: string | null;
  /** Of so many recommendations, those that lose most, everything is shown. */
  readonly top: number;
  /** What all replies together may come to. */
  readonly mostBytes: number;
}

type Ask = Readonly<Record<string, string>>;

const SHOWN_LISTS = [
  "recommendations",
  "accounts",
  "principals",
  "shared-policies",
  "services",
  "actions",
  "diagnostics",
] as const satisfies readonly ListName[];

/** How far policies may fill the report before the lists in other orders are there. */
const POLICIES_SHARE = 0.6;
/** So many in a row that found no room, and no more are tried. */
const MOST_IN_VAIN = 5;

/** Rows of a list: as a whole, and as it is behind a number or for one of several. */
const ROWS = { whole: "200", part: "50" };
const MOST_ACCOUNTS = 40;
const MOST_HOLDERS = 12;
const MOST_SHARED = 40;
/** A tree of all actions has megabytes. */
const MOST_TREE_BYTES = 400_000;
/** A patch says what the statements say once more; of very large policies it is left out. */
const MOST_TWICE_CHARACTERS = 60_000;

/** The answers that a report holds: the same for the same database. What is most asked for comes first, as long as there is room. */
export function recordReport(
  shown: ShownRun,
  scope: ReportScope,
): { readonly about: AboutReport; readonly recording: Recording } {
  const recorder = new Recorder(shown, scope);
  recorder.recording.allow(scope.mostBytes);
  const overview = recorder.record("overview", {}) as Overview;
  for (const name of SHOWN_LISTS) recorder.list(name, {}, ROWS.whole);
  recorder.recording.allow(scope.mostBytes * POLICIES_SHARE);
  const largest = recordPolicies(recorder, scope);
  recorder.recording.allow(scope.mostBytes);
  recordLists(recorder, overview, scope);
  recordParts(recorder, overview);
  return {
    about: { run: overview.run, account: scope.account, leftOut: leftOut(recorder, overview, scope, largest) },
    recording: recorder.recording,
  };
}

class Recorder {
  readonly recording: Recording;
  readonly #shown: ShownRun;
  readonly #catalogs = new PageCatalogs();
  readonly #account: string | null;

  constructor(shown: ShownRun, { account }: ReportScope) {
    this.#shown = shown;
    this.#account = account;
    this.recording = new Recording();
  }

  /** What is answered, recorded where there is room for it. */
  record(name: AnsweredName, ask: Ask, more: readonly Ask[] = []): unknown {
    const reply = this.answer(name, ask);
    this.recording.add(name, [ask, ...more], reply);
    return reply;
  }

  answer(name: AnsweredName, ask: Ask): unknown {
    return ANSWERERS[name].answer({ shown: this.#shown, asked: ask, catalogs: this.#catalogs, isOver: () => false });
  }

  /**
   * A list under every way to ask for it so: without an order, and with its own order in words. With an account, its rows are those of the account, and
   * stand under both questions.
   */
  list(name: ListName, filters: Ask, limit: string, sort?: string): Page<unknown> {
    const { sorts, filters: known } = LISTS[name];
    const usual = usualOf(name);
    const isLimited = this.#account !== null && known.includes("account") && filters["account"] === undefined;
    const own = isLimited ? { ...filters, account: this.#account ?? "" } : filters;
    let first: Page<unknown> | undefined;
    for (const by of sort === undefined || sorts.length === 0 ? [usual.sort] : sorts) {
      for (const order of sort === undefined ? [usual.order] : ["desc", "asc"]) {
        const asks = (from: Ask): readonly Ask[] => {
          const isUsual = by === usual.sort && order === usual.order;
          return [{ ...from, sort: by, order }, ...(isUsual ? [from, { ...from, sort: by }] : [])];
        };
        const reply = this.answer(name, { ...own, sort: by, order, limit }) as Page<unknown>;
        this.recording.add(name, isLimited ? [...asks(own), ...asks(filters)] : asks(own), reply);
        first ??= reply;
      }
    }
    return first!; // a list has an order
  }
}

/** The order that the page shows first. */
function usualOf(name: ListName): { readonly sort: string; readonly order: string } {
  const [first = ""] = LISTS[name].sorts;
  if (name === "principals") return { sort: "removed", order: "desc" };
  return { sort: first, order: name === "diagnostics" ? "asc" : "desc" };
}

/** The lists, in every order, and those behind the numbers of the overview. */
function recordLists(recorder: Recorder, overview: Overview, { account }: ReportScope): void {
  for (const name of SHOWN_LISTS) recorder.list(name, {}, ROWS.whole, "every");
  recorder.record("runs", {});
  const part = (name: ListName, filters: Ask): void => void recorder.list(name, filters, ROWS.part);
  for (const action of ["replace", "detach", "none", "failed"]) part("recommendations", { action });
  for (const fit of ["too-large", "does-not-fit", "split"]) part("recommendations", { fit });
  for (const policyKind of ["inline", "customer", "aws"]) part("recommendations", { policyKind });
  for (const { from, below } of overview.distribution) {
    part("recommendations", { removedFrom: String(from), removedBelow: String(below) });
    if (below === 100) part("recommendations", { removedFrom: String(from) });
  }
  for (const { kind } of overview.evidence.kinds) part("principals", { evidence: kind });
  for (const filters of [{ left: "yes" }, { unused: "yes" }, { kind: "role" }, { kind: "user" }, { kind: "group" }])
    part("principals", filters);
  for (const verdict of ["unused", "unknown", "kept"]) part("services", { verdict });
  part("actions", { granted: "yes" });
  part("actions", { escalation: "yes" });
  part("actions", { escalation: "yes", granted: "yes" });
  for (const kind of ["customer", "aws"]) part("shared-policies", { kind });
  for (const { level } of overview.levels) part("actions", { level, granted: "yes" });
  for (const { severity, code } of overview.diagnostics) {
    part("diagnostics", { severity });
    part("diagnostics", { code });
    part("diagnostics", { severity, code });
  }
  if (account !== null) return;
  for (const { service } of overview.topServices) {
    part("actions", { service, granted: "yes" });
    part("accounts", { service });
  }
}

/** The largest changes with everything behind them; gives how many, and how many trees were too large. */
function recordPolicies(
  recorder: Recorder,
  { top, account, database }: ReportScope,
): { readonly policies: number; readonly trees: number } {
  const filters: Record<string, string> = account === null ? {} : { account };
  let [policies, trees, vain] = [0, 0, 0];
  const largest: RecommendationRow[] = [];
  for (let after = ""; largest.length < top;) {
    const limit = String(Math.min(500, top - largest.length));
    const { rows, next } = recorder.answer("recommendations", {
      ...filters,
      sort: "removed",
      limit,
      after,
    }) as Page<RecommendationRow>;
    largest.push(...rows.filter(({ recommendedAction }) => recommendedAction !== "NONE" && recommendedAction !== null));
    if (next === null || rows.length === 0) break;
    after = next;
  }
  for (const { policyKey, principalArn } of largest.slice(0, top)) {
    const found = recordPolicy(recorder, { policy: policyKey, principal: principalArn }, database);
    if (found === null && ++vain === MOST_IN_VAIN) break;
    if (found === null) continue; // a smaller one may find room
    vain = 0;
    policies++;
    trees += found;
    if (!recorder.recording.has("principal", { arn: principalArn }))
      recorder.record("principal", { arn: principalArn });
  }
  const shared = recorder.answer("shared-policies", {
    kind: "customer",
    limit: String(MOST_SHARED),
  }) as Page<SharedPolicyRow>;
  for (const { policyKey, accountId } of shared.rows) {
    if (account === null || account === accountId) recordPolicy(recorder, { policy: policyKey }, database);
    recorder.list("recommendations", { policy: policyKey }, ROWS.part);
  }
  return { policies, trees };
}

function instead(what: string, command: string): string {
  return `# Not in the report: ${what}. This shows it:\n# ${command}\n`;
}

/** Null where there is no room; else how many of its trees are too large. */
function recordPolicy(recorder: Recorder, ask: Ask, database: string): number | null {
  const page = recorder.answer("policy", ask) as PolicyPage;
  const command = `leastwise export --db ${database} --format aws-cli --out changes`;
  const scripts = { apply: page.apply === null ? null : instead("the scripts", command), rollback: null };
  const isLarge = page.before.length + page.patch.length > MOST_TWICE_CHARACTERS;
  const texts = isLarge
    ? {
        patch: instead("the patch", `leastwise show --db ${database} ${ask["principal"] ?? ask["policy"] ?? ""}`),
        certificateStatement: null,
      }
    : {};
  if (!recorder.recording.add("policy", [ask], { ...page, ...scripts, ...texts })) return null;
  let left = 0;
  for (const { before: statement, entries } of page.statements) {
    for (const entry of entries) {
      if (entry.is !== "replaced" || !entry.hasTree) continue;
      const asked = { ...ask, statement: String(statement), entry: entry.before };
      const tree = recorder.answer("tree", asked);
      if (JSON.stringify(tree).length > MOST_TREE_BYTES || !recorder.recording.add("tree", [asked], tree)) left++;
    }
  }
  return left;
}

/** What single accounts and actions have, and the named questions. */
function recordParts(recorder: Recorder, overview: Overview): void {
  recorder.record("questions", {});
  recorder.record("schema", {});
  for (const { name, parameters } of QUESTIONS)
    if (parameters.length === 0)
      recorder.recording.add(
        "question",
        [{ question: name }],
        firstRows(recorder.answer("question", { question: name })),
      );
  for (const { action } of overview.escalation.slice(0, MOST_HOLDERS)) {
    for (const when of ["after", "before"]) {
      const ask = { action, when };
      recorder.recording.add("holders", [ask], recorder.answer("holders", { ...ask, limit: ROWS.part }));
    }
  }
  const accounts = recorder.answer("accounts", { limit: String(MOST_ACCOUNTS) }) as Page<AccountRow>;
  for (const { accountId } of accounts.rows)
    for (const name of ["recommendations", "principals", "services"] as const)
      recorder.list(name, { account: accountId }, ROWS.part);
}

function firstRows(reply: unknown): unknown {
  const table = reply as {
    readonly columns: readonly string[];
    readonly rows: readonly unknown[];
    readonly stopped: string | null;
  }; // the answer of a question
  const most = Number(ROWS.whole);
  if (table.rows.length <= most) return table;
  return {
    ...table,
    rows: table.rows.slice(0, most),
    stopped: `these are the first ${most} rows; \`leastwise query\` gives all`,
  };
}

function leftOut(
  { recording }: Recorder,
  overview: Overview,
  { account, database }: ReportScope,
  largest: { readonly policies: number; readonly trees: number },
): AboutReport["leftOut"] {
  const all: [what: string, name: ApiName, total: number][] = [
    ["attached policies", "recommendations", overview.attachments],
    ["principals", "principals", overview.principals],
    ["accounts", "accounts", overview.accounts],
  ];
  const command = `leastwise serve --db ${database}`;
  const rows = Number(ROWS.whole);
  const lists = all
    .filter(([, name, total]) => total > rows || (account !== null && name !== "accounts"))
    .map(([what, name, total]) => ({
      what: `rows of ${what}, in each order`,
      shown: Math.min(rows, total),
      total: account !== null && name !== "accounts" ? null : total,
      command,
    }));
  const changes = overview.toReplace + overview.toDetach;
  return [
    ...(recording.has("recommendations", {}) ? lists : []),
    ...(largest.policies < changes
      ? [
          {
            what: "policies with all that stands behind them",
            shown: largest.policies,
            total: account === null ? changes : null,
            command,
          },
        ]
      : []),
    ...(largest.trees > 0
      ? [{ what: "word trees, those that are very large", shown: 0, total: largest.trees, command }]
      : []),
    { what: "searches, your own SQL and scripts", shown: 0, total: null, command },
  ];
}
