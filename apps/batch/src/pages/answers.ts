import type { ApiName } from "@leastwise/api";
import {
  HOLDER_COLUMNS,
  LISTS,
  type ListName,
  type PageAsked,
  describeSchema,
  findAnything,
  readHolders,
  readList,
  readOverview,
  readRunRows,
} from "@leastwise/store";
import type { PageCatalogs } from "./catalogs.ts";
import { entryTree } from "./entry-tree.ts";
import { namedQuestion, questionRows } from "./named-question.ts";
import { policyPage } from "./policy-page.ts";
import { principalPage } from "./principal-page.ts";
import { DIFFERENCE_COLUMNS, runDifferences } from "./run-differences.ts";
import type { ShownRun } from "./shown-database.ts";

/** All that the page asks, but a person's own SQL, which has a process of its own. */
export type AnsweredName = Exclude<ApiName, "sql">;

interface Answering {
  readonly shown: ShownRun;
  readonly asked: PageAsked;
  readonly catalogs: PageCatalogs;
  /** Whether the time is over that looking at rows may take. */
  readonly isOver: () => boolean;
  /** Rows of a list's part; absent: as many as a page has. */
  readonly mostRows?: number;
}

export interface Answerer {
  /** Names of what may be asked. One that ends with a dot is the beginning of any. */
  readonly parameters: readonly string[];
  /** Of a list: its columns as CSV has them. */
  readonly columns: readonly string[] | null;
  readonly answer: (answering: Answering) => unknown;
}

const OF_LIST = ["run", "q", "after", "limit"];

/** By the names of the contract. */
export const ANSWERERS: Readonly<Record<AnsweredName, Answerer>> = {
  runs: one([], ({ shown }) => readRunRows(shown.db)),
  overview: one(["run"], ({ shown }) => readOverview(shown.db, shown.runId)),
  "run-differences": {
    parameters: [...OF_LIST, "older"],
    columns: DIFFERENCE_COLUMNS,
    answer: ({ shown, asked, catalogs, isOver, mostRows }) => runDifferences(shown, asked, catalogs, isOver, mostRows),
  },
  accounts: list("accounts"),
  principals: list("principals"),
  recommendations: list("recommendations"),
  "shared-policies": list("shared-policies"),
  services: list("services"),
  actions: list("actions"),
  diagnostics: list("diagnostics"),
  holders: {
    parameters: [...OF_LIST, "action", "when", "kind", "account"],
    columns: HOLDER_COLUMNS,
    answer: ({ shown, asked, isOver, mostRows }) => readHolders(shown.db, shown.runId, asked, isOver, mostRows),
  },
  policy: one(["run", "policy", "principal"], ({ shown, asked, catalogs }) => policyPage(shown, asked, catalogs)),
  principal: one(["run", "arn"], ({ shown, asked }) => principalPage(shown, asked)),
  tree: one(["run", "policy", "principal", "statement", "entry"], ({ shown, asked, catalogs }) =>
    entryTree(shown, asked, catalogs),
  ),
  find: one(["run", "q"], ({ shown, asked, isOver }) => findAnything(shown.db, shown.runId, asked, isOver)),
  questions: one([], () => questionRows()),
  schema: one([], ({ shown }) => describeSchema(shown.db)),
  question: one(["run", "question", "p."], ({ shown, asked, isOver }) => namedQuestion(shown, asked, isOver)),
};

function one(parameters: readonly string[], answer: Answerer["answer"]): Answerer {
  return { parameters, columns: null, answer };
}

function list(name: ListName): Answerer {
  const { filters, columns } = LISTS[name];
  return {
    parameters: [...OF_LIST, "sort", "order", ...filters],
    columns,
    answer: ({ shown, asked, isOver, mostRows }) => readList(shown.db, name, shown.runId, asked, isOver, mostRows),
  };
}
