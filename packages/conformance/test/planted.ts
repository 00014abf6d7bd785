import { DEFAULT_OPTIONS, type PolicyDocument, type Statement, type Unused, optionsText } from "@leastwise/core";
import { engine } from "../src/engine.ts";
import { entriesOf, fold, isUnused, matches, statementsOf, withEntries, wordPrefixesOf } from "../src/laws/plainly.ts";
import type { Answer, Question, Refiner } from "../src/refiner.ts";

/** The engine with a mistake that somebody could make. */
export interface Planted extends Refiner {
  /** The law of SEMANTICS 5 that says so, or `answers` for one that throws. */
  readonly breaks: string;
}

/** Mistakes in what is asked: the engine is given something else. */
function asking(name: string, breaks: string, other: (question: Question) => Question): Planted {
  return {
    name,
    breaks,
    refine(question) {
      const { recommendedAction, policy } = engine.refine(other(question));
      return recommendedAction === "NONE"
        ? { recommendedAction, policy: question.policy }
        : { recommendedAction, policy };
    },
  };
}

/** Mistakes in what is answered: the entries of every changed statement are rewritten. */
function answering(
  name: string,
  breaks: string,
  rewrite: (entries: readonly string[], question: Question) => readonly string[],
): Planted {
  return {
    name,
    breaks,
    refine(question) {
      const answer = engine.refine(question);
      if (answer.recommendedAction !== "CREATE_POLICY") return answer;
      const old = new Set(statementsOf(question.policy));
      const statements = statementsOf(answer.policy).map((statement) => {
        if (old.has(statement) || statement.Action === undefined) return statement;
        const entries = rewrite(entriesOf(statement.Action), question);
        return withEntries(
          statement,
          typeof statement.Action === "string" && entries.length === 1 ? entries[0]! : entries, // the one
        );
      });
      return withStatements(answer, question, statements);
    },
  };
}

/** Mistakes in what a NotAction gains. */
function appending(
  name: string,
  breaks: string,
  rewrite: (appended: readonly string[], question: Question) => readonly string[],
): Planted {
  return {
    name,
    breaks,
    refine(question) {
      const answer = engine.refine(question);
      const [before, ...others] = statementsOf(question.policy);
      const [after] = statementsOf(answer.policy);
      if (others.length > 0 || before === after || before?.NotAction === undefined || after === undefined)
        return answer;
      const old = entriesOf(before.NotAction);
      const appended = rewrite(entriesOf(after.NotAction).slice(old.length), question);
      return withStatements(answer, question, [withEntries(after, [...old, ...appended])]);
    },
  };
}

function withStatements(answer: Answer, { policy }: Question, statements: readonly Statement[]): Answer {
  const Statement = Array.isArray(policy.Statement) ? statements : statements[0]!; // a single one
  return { recommendedAction: answer.recommendedAction, policy: { ...policy, Statement } };
}

function allowing(statement: Statement, Effect: Statement["Effect"]): Statement {
  return { ...statement, Effect };
}

function eachStatement(policy: PolicyDocument, change: (statement: Statement) => Statement): PolicyDocument {
  const statements = statementsOf(policy).map(change);
  return { ...policy, Statement: Array.isArray(policy.Statement) ? statements : statements[0]! }; // a single one
}

function eachEntry(policy: PolicyDocument, change: (entry: string) => string): PolicyDocument {
  return eachStatement(policy, (statement) => {
    if (statement.Action === undefined) return statement;
    const entries = statement.Action;
    return { ...statement, Action: typeof entries === "string" ? change(entries) : entries.map(change) };
  });
}

/** U by the names alone that pass; services reported whole stay. */
function namesOnly(unused: Unused, passes: (action: string) => boolean): Unused {
  return unused
    .map((one) => (one.whole ? one : { ...one, names: one.names.filter((name) => passes(`${one.service}:${name}`)) }))
    .filter(({ whole, names }) => whole || names.length > 0);
}

/** The prefixes that are safe for an entry ending in its only star if what is unused blocks its own word prefixes alone. */
function coverAlongWords(entry: string, { catalog, unused }: Question): readonly string[] {
  const head = fold(entry).slice(0, -1);
  const known = new Set(catalog.map(fold));
  const inReach = catalog.filter((action) => fold(action).startsWith(head));
  const left = inReach.filter((action) => !isUnused(action, unused));
  const blocked = wordPrefixesOf(inReach.filter((action) => isUnused(action, unused)));
  const unlisted = unused
    .flatMap(({ service, names }) => names.map((name) => `${service}:${name}`))
    .filter((name) => !known.has(name));
  const isSafe = (q: string): boolean => !blocked.has(q) && !unlisted.some((name) => name.startsWith(q));
  return left.flatMap((action) => {
    const q = [...wordPrefixesOf([action])].find((one) => one.length >= head.length && isSafe(one));
    const covered = left.filter((other) => q !== undefined && fold(other).startsWith(q));
    return q === undefined || covered.length < 2 ? [] : [`${action.slice(0, q.length)}*`];
  });
}

export const PLANTED: readonly Planted[] = [
  asking("forgets names that the catalog lacks", "all-and-only", (question) => {
    const known = new Set(question.catalog.map(fold));
    return { ...question, unused: namesOnly(question.unused, (action) => known.has(action)) };
  }),
  answering("decides safety along words", "all-and-only", (entries, question) => {
    const [statement, ...others] = statementsOf(question.policy);
    const isByName =
      optionsText(question.options) === optionsText(DEFAULT_OPTIONS) && question.unused.every(({ whole }) => !whole);
    if (others.length > 0 || !isByName) return entries;
    const generated = entriesOf(statement?.Action).flatMap((entry) =>
      entries.includes(entry) || !/^[^*?]*:[^*?]*\*$/.test(entry) ? [] : coverAlongWords(entry, question),
    );
    return generated.length === 0 ? entries : [...new Set([...entries, ...generated])];
  }),
  {
    name: "compares literal entries by case",
    breaks: "all-and-only",
    refine(question) {
      const known = new Set(question.catalog);
      const hidden = (entry: string): boolean => !/[*?]/.test(entry) && !known.has(entry);
      const visible = eachEntry(question.policy, (entry) => (hidden(entry) ? `${entry}\0` : entry));
      const answer = engine.refine({ ...question, policy: visible });
      if (answer.recommendedAction !== "CREATE_POLICY")
        return answer.policy === null ? answer : { ...answer, policy: question.policy };
      return {
        recommendedAction: "CREATE_POLICY",
        policy: eachEntry(answer.policy!, (entry) => entry.replace("\0", "")), // created
      };
    },
  },
  asking("folds case as Unicode does", "all-and-only", (question) => ({
    ...question,
    policy: eachEntry(question.policy, (entry) =>
      /[\u212a\u017f]/.test(entry) ? entry.replace("\u212a", "k").replace("\u017f", "s") : entry,
    ),
  })),
  asking("takes ? for *", "never-broader", (question) => ({
    ...question,
    policy: eachEntry(question.policy, (entry) => entry.replaceAll("?", "*")),
  })),
  answering("merges what starts alike", "all-and-only", (entries) => {
    const at = entries.findIndex((entry, i) => i > 0 && /^[^*?]*\*$/.test(entry) && /^[^*?]*\*$/.test(entries[i - 1]!));
    if (at < 0) return entries;
    const [a, b] = [entries[at - 1]!, entries[at]!]; // at > 0
    let same = 0;
    while (a[same] === b[same] && same < a.length - 1) same++;
    return [...entries.slice(0, at - 1), `${a.slice(0, same)}*`, ...entries.slice(at + 1)];
  }),
  answering("leaves out what is required after a prefix", "never-broader", (entries, { policy }) => {
    const old = new Set(statementsOf(policy).flatMap(({ Action }) => entriesOf(Action)));
    return entries.map((entry) => (old.has(entry) ? entry : entry.replace(/\*.+$/s, "*")));
  }),
  {
    name: "refines what denies",
    breaks: "deny-intact",
    refine(question) {
      const policy = eachStatement(question.policy, (statement) => allowing(statement, "Allow"));
      const answer = engine.refine({ ...question, policy });
      if (
        answer.recommendedAction !== "CREATE_POLICY" ||
        statementsOf(answer.policy).length < statementsOf(policy).length
      )
        return engine.refine(question);
      const effects = statementsOf(question.policy).map(({ Effect }) => Effect);
      const statements = statementsOf(answer.policy).map((statement, i) => allowing(statement, effects[i]!)); // as many
      return withStatements(answer, question, statements);
    },
  },
  {
    name: "leaves NotAction as it is",
    breaks: "all-and-only",
    refine(question) {
      if (statementsOf(question.policy).some(({ Effect, NotAction }) => Effect === "Allow" && NotAction !== undefined))
        return { recommendedAction: "NONE", policy: question.policy };
      return engine.refine(question);
    },
  },
  asking("reads PassRole as part of a service reported whole", "all-and-only", (question) => ({
    ...question,
    unused: question.unused.map((one) => (one.whole ? { ...one, names: [] } : one)),
  })),
  answering("names what a prefix could cover", "shortest", (entries, { catalog, unused }) =>
    entries.flatMap((entry) => {
      if (!/^[^*?]*\*$/.test(entry)) return [entry];
      const covered = catalog.filter((action) => matches(fold(entry), fold(action)) && !isUnused(action, unused));
      return covered.length === 2 ? covered.toSorted((x, y) => (fold(x) < fold(y) ? -1 : 1)) : [entry];
    }),
  ),
  answering("sorts by code units", "structure", (entries) => (entries.length < 2 ? entries : entries.toSorted())),
  answering("writes what stands there already", "structure", (entries, question) => {
    const [statement, ...others] = statementsOf(question.policy);
    if (others.length > 0) return entries;
    return entriesOf(statement?.Action).flatMap((entry) => {
      const policy = { Statement: { Effect: "Allow" as const, Action: [entry], Resource: "*" } };
      return entriesOf(statementsOf(engine.refine({ ...question, policy }).policy)[0]?.Action);
    });
  }),
  answering("writes a wildcard in the service", "structure", (entries, { policy }) => {
    const old = new Set(statementsOf(policy).flatMap(({ Action }) => entriesOf(Action)));
    const isWide = [...old].some((entry) => entry.startsWith("*"));
    return entries.map((entry) => (isWide && !old.has(entry) ? entry.replace(/^[^:](?=[^*?]*:.*[*?])/s, "?") : entry));
  }),
  appending("lists a whole service in NotAction for part of it", "all-and-only", (appended) =>
    appended.map((entry) => entry.replace(/:.*$/s, ":*")),
  ),
  appending("lists names in NotAction that a prefix could cover", "shortest", (appended, { catalog }) =>
    appended.flatMap((entry) =>
      entry.endsWith("*") ? catalog.filter((action) => matches(fold(entry), fold(action))) : [entry],
    ),
  ),
  {
    name: "detaches what is left of a policy when that only denies",
    breaks: "deny-intact",
    refine(question) {
      const answer = engine.refine(question);
      const isLeft = statementsOf(answer.policy).some(({ Effect }) => Effect === "Allow");
      return answer.recommendedAction === "CREATE_POLICY" && !isLeft
        ? { recommendedAction: "DETACH_POLICY", policy: null }
        : answer;
    },
  },
  {
    name: "upgrades the version",
    breaks: "structure",
    refine(question) {
      const { recommendedAction, policy } = engine.refine(question);
      return {
        recommendedAction,
        policy: recommendedAction === "CREATE_POLICY" ? { ...policy!, Version: "2012-10-17" } : policy, // created
      };
    },
  },
  {
    name: "lists a string that is left alone",
    breaks: "structure",
    refine(question) {
      const answer = engine.refine(question);
      if (answer.recommendedAction !== "CREATE_POLICY") return answer;
      const old = new Set(statementsOf(question.policy));
      return withStatements(
        answer,
        question,
        statementsOf(answer.policy).map((statement) =>
          !old.has(statement) && typeof statement.Action === "string"
            ? withEntries(statement, [statement.Action])
            : statement,
        ),
      );
    },
  },
  answering("spells a prefix as the first action listed", "deterministic", (entries, { catalog, policy }) => {
    const old = new Set(statementsOf(policy).flatMap(({ Action }) => entriesOf(Action)));
    return entries.map((entry) => {
      const q = fold(entry).replace(/\*.*$/s, "");
      const first = catalog.find((action) => fold(action).startsWith(q));
      return old.has(entry) || first === undefined ? entry : first.slice(0, q.length) + entry.slice(q.length);
    });
  }),
  asking("reads the first service of a report", "monotone", (question) =>
    question.unused.length > 1 ? { ...question, unused: question.unused.slice(0, 1) } : question,
  ),
  asking("names everything where it saw a name it does not know", "local", (question) => {
    const known = new Set(question.catalog.map(fold));
    const isStrange = question.unused.some(
      ({ service, whole, names }) => !whole && names.some((name) => !known.has(`${service}:${name}`)),
    );
    return isStrange ? { ...question, options: { ...question.options, granularity: "exact", services: [] } } : question;
  }),
  asking("does not know of Sids that keep statements", "all-and-only", (question) => ({
    ...question,
    options: { ...question.options, keptSids: [] },
  })),
  asking("keeps statements whose Sid differs by case", "all-and-only", (question) => {
    const sids = statementsOf(question.policy).map(({ Sid }) => Sid ?? "");
    const { keptSids } = question.options;
    const alike = sids.filter((sid) => keptSids.some((start) => fold(sid).startsWith(fold(start)) && start !== ""));
    return { ...question, options: { ...question.options, keptSids: [...new Set([...keptSids, ...alike])].sort() } };
  }),
  asking("does not know of granularities by service", "shortest", (question) => ({
    ...question,
    options: { ...question.options, services: [] },
  })),
  {
    name: "creates a policy whenever anything is unused",
    breaks: "idempotent",
    refine(question) {
      const answer = engine.refine(question);
      if (answer.recommendedAction !== "NONE" || question.unused.length === 0) return answer;
      return { recommendedAction: "CREATE_POLICY", policy: { ...question.policy } };
    },
  },
  {
    name: "throws at a letter outside the basic plane",
    breaks: "answers",
    refine(question) {
      if (JSON.stringify(question.policy).includes("\u{1f600}")) throw new RangeError("no such letter");
      return engine.refine(question);
    },
  },
];
