import {
  type PolicyDocument,
  type Statement,
  type Unused,
  type UnusedService,
  intersectionOf,
  unionOf,
} from "@leastwise/core";
import { type Random, pick, shuffled } from "./random.ts";
import { actionsMatching } from "./evidence.ts";
import {
  type Operator,
  type Planted,
  changed,
  isOther,
  standing,
  withStatementList,
  withStatements,
} from "./operator.ts";
import { elementOf, statementsOf } from "../laws/plainly.ts";
import { type RightResult, entriesIn } from "./right-result.ts";
import { fold } from "../reference/glob.ts";

/** What surrounds the statements, the list of statements, the recommended action, and U. */
export const DOCUMENT_OPERATORS: readonly Operator[] = [
  onFrame(
    "Version is another",
    ({ Version }) => ({ Version: Version === "2012-10-17" ? "2008-10-17" : "2012-10-17" }),
    "Version",
  ),
  onFrame("Version is dropped", () => ({}), "Version"),
  {
    name: "Version is added",
    law: "structure",
    sabotage: onDocument((after) => (after.Version === undefined ? { Version: "2012-10-17", ...after } : undefined)),
  },
  onFrame("Id is another", ({ Id }) => ({ Id: `${Id}-refined` }), "Id"),
  onFrame("Id is dropped", () => ({}), "Id"),
  {
    name: "Id is added",
    law: "structure",
    sabotage: onDocument((after) => (after.Id === undefined ? { ...after, Id: "refined" } : undefined)),
  },
  {
    name: "an unknown element of the document is added",
    law: "structure",
    sabotage: onDocument((after) => ({ ...after, Comment: "refined" })),
  },
  onFrame("an unknown element of the document is touched", () => ({ Note: [] }), "Note"),
  onFrame("an unknown element of the document is dropped", () => ({}), "Note"),
  {
    name: "the elements of the document change places",
    law: "structure",
    sabotage: onDocument((after) => Object.fromEntries(Object.entries(after).toReversed())),
  },
  {
    name: "a single statement as a list",
    law: "structure",
    sabotage: onDocument((after) =>
      Array.isArray(after.Statement) ? undefined : { ...after, Statement: [after.Statement] },
    ),
  },
  {
    name: "a list of one statement as a single one",
    law: "structure",
    sabotage: onDocument((after) => {
      const [only, ...rest] = statementsOf(after);
      return Array.isArray(after.Statement) && rest.length === 0 && only !== undefined
        ? { ...after, Statement: only }
        : undefined;
    }),
  },

  // The list of statements -----------------------------------------------------------------------------------------------------
  {
    name: "two statements change places",
    law: "structure",
    sabotage: onList(function* (list) {
      for (let i = 1; i < list.length; i++) yield list.with(i - 1, list[i]!).with(i, list[i - 1]!); // both inside
    }),
  },
  {
    name: "a Deny moves to the end",
    law: "deny-intact",
    sabotage: onList(function* (list) {
      for (const [i, statement] of list.entries()) {
        if (statement.Effect === "Deny") yield [...list.toSpliced(i, 1), statement];
      }
    }),
  },
  {
    name: "a statement stands there twice",
    law: "structure",
    sabotage: onList(function* (list) {
      for (const [i, statement] of list.entries()) yield list.toSpliced(i, 0, statement);
    }),
  },
  {
    name: "an Allow is lost",
    law: "structure",
    sabotage: onList(function* (list) {
      for (const [i, { Effect }] of list.entries()) if (Effect === "Allow") yield list.toSpliced(i, 1);
    }),
  },
  {
    name: "a Deny is lost",
    law: "deny-intact",
    sabotage: onList(function* (list) {
      for (const [i, { Effect }] of list.entries()) if (Effect === "Deny") yield list.toSpliced(i, 1);
    }),
  },
  {
    name: "an Allow is added",
    law: "structure",
    sabotage: onList(function* (list) {
      yield [...list, { Effect: "Allow", Action: "s3:GetObject", Resource: "*" }];
    }),
  },
  {
    name: "an Allow of nothing is added",
    law: "structure",
    sabotage: onList(function* (list) {
      yield [...list, { Effect: "Allow", Action: [], Resource: "*" }];
    }),
  },
  {
    name: "a Deny is added",
    law: "deny-intact",
    sabotage: onList(function* (list) {
      yield [...list, { Effect: "Deny", Action: "*", Resource: "*" }];
    }),
  },
  {
    name: "two statements become one",
    law: "structure",
    sabotage: onList(function* (list) {
      for (let i = 1; i < list.length; i++) {
        const [one, other] = [list[i - 1]!, list[i]!]; // both inside
        if (one.Effect !== "Allow" || other.Effect !== "Allow") continue;
        const entries = [...entriesIn(one), ...entriesIn(other)];
        yield list.toSpliced(i - 1, 2, { ...one, [elementOf(one)]: entries } as Statement); // has the element already
      }
    }),
  },
  {
    name: "one statement becomes two",
    law: "structure",
    sabotage: onList(function* (list) {
      for (const [i, statement] of list.entries()) {
        const [first, ...rest] = entriesIn(statement);
        if (first === undefined || rest.length === 0) continue;
        const part = (entries: readonly string[]): Statement => ({ ...statement, [elementOf(statement)]: entries });
        yield list.toSpliced(i, 1, part([first]), part(rest));
      }
    }),
  },
  { name: "a statement that is to go is as it was", law: "structure", sabotage: goingAs((statement) => statement) },
  {
    name: "a statement that is to go is left without entries",
    law: "structure",
    sabotage: goingAs((statement) => ({ ...statement, [elementOf(statement)]: [] })),
  },
  {
    name: "a statement that is to go becomes a Deny",
    law: "deny-intact",
    sabotage: goingAs((statement) => ({ ...statement, Effect: "Deny" })),
  },

  // The recommended action ------------------------------------------------------------------------------------------------------
  {
    name: "NONE, with the changed document",
    law: "structure",
    sabotage: ({ after, recommendedAction }) =>
      recommendedAction === "NONE" ? [] : [{ after, recommendedAction: "NONE" }],
  },
  {
    name: "NONE, with the document as it was, where something is to change",
    law: "structure",
    sabotage: ({ before, recommendedAction }) =>
      recommendedAction === "NONE" ? [] : [{ after: before, recommendedAction: "NONE" }],
  },
  {
    name: "NONE, with another document where nothing is to change",
    law: "structure",
    sabotage: function* ({ before, recommendedAction }) {
      if (recommendedAction !== "NONE") return;
      yield { after: { ...before, Comment: "refined" }, recommendedAction };
      yield { after: { ...before, Statement: [] }, recommendedAction };
    },
  },
  {
    name: "CREATE_POLICY where nothing changes",
    law: "structure",
    sabotage: ({ before, recommendedAction }) => (recommendedAction === "NONE" ? [changed(before)] : []),
  },
  {
    name: "CREATE_POLICY without a document",
    law: "structure",
    sabotage: () => [{ after: null, recommendedAction: "CREATE_POLICY" }],
  },
  {
    name: "NONE without a document",
    law: "structure",
    sabotage: () => [{ after: null, recommendedAction: "NONE" }],
  },
  {
    name: "DETACH_POLICY with a document",
    law: "structure",
    sabotage: ({ before, after }) => [{ after: after ?? before, recommendedAction: "DETACH_POLICY" }],
  },
  {
    name: "DETACH_POLICY of what still grants something used",
    law: "all-and-only",
    sabotage: (right, random) => (standing(right, random, "Allow").length > 0 ? [DETACHED] : []),
  },
  {
    name: "DETACH_POLICY of what still denies",
    law: "deny-intact",
    sabotage: (right, random) => (standing(right, random, "Deny").length > 0 ? [DETACHED] : []),
  },
  {
    name: "DETACH_POLICY of what never had a statement",
    law: "structure",
    sabotage: ({ before }) => (statementsOf(before).length === 0 ? [DETACHED] : []),
  },
  {
    name: "a policy without statements instead of DETACH_POLICY",
    law: "structure",
    sabotage: ({ before, after }) => (after === null ? [changed({ ...before, Statement: [] })] : []),
  },

  // U ------------------------------------------------------------------------------------------------------------------------------
  onUnused("claimed for a U with a used action more", (right, random) => {
    const action = pickAction(right, random, false);
    return action === undefined ? undefined : unionOf(right.question.unused, [action]);
  }),
  onUnused("claimed for a U with a whole service more", (right, random) => {
    const action = pickAction(right, random, false);
    return action === undefined ? undefined : unionOf(right.question.unused, [{ ...action, whole: true, names: [] }]);
  }),
  onUnused("claimed for a U with a removed action less", (right, random) => {
    const action = pickAction(right, random, true);
    if (action === undefined) return undefined;
    const allOfIt = { service: action.service, whole: true, names: action.names };
    const others = right.question.unused.map(({ service }) => service).filter((service) => service !== action.service);
    const rest = others.map((service): UnusedService => ({ service, whole: true, names: [] }));
    return intersectionOf(right.question.unused, [...rest, allOfIt]);
  }),
  onUnused("claimed for a U that holds nothing", () => []),
];

const DETACHED: Planted = { after: null, recommendedAction: "DETACH_POLICY" };

type Fields = Readonly<Record<string, unknown>>;

/** Another document around the same statements. */
function onDocument(edit: (after: PolicyDocument) => Fields | undefined): Operator["sabotage"] {
  return ({ after }) => {
    const instead = after === null ? undefined : edit(after);
    return instead !== undefined && isOther(instead, after) ? [changed(instead)] : [];
  };
}

/** An element's place taken by another one, or by nothing, where the document has that element. */
function onFrame(name: string, instead: (after: PolicyDocument) => Fields, element: string): Operator {
  const sabotage = onDocument((after) => {
    if (after[element] === undefined) return undefined;
    const other = Object.entries(instead(after));
    return Object.fromEntries(
      Object.entries(after).flatMap(([key, value]) => (key === element ? other : [[key, value]])),
    );
  });
  return { name, law: "structure", sabotage };
}

function onList(edit: (list: readonly Statement[]) => Iterable<readonly Statement[]>): Operator["sabotage"] {
  return (right, random) =>
    shuffled(random, [...edit(statementsOf(right.after))])
      .filter((list) => isOther(list, statementsOf(right.after)))
      .map((list) => withStatementList(right, list));
}

/** Something in the place of a statement that is to go. */
function goingAs(edit: (statement: Statement) => Fields): Operator["sabotage"] {
  return (right, random) =>
    shuffled(
      random,
      right.pairs.filter(({ after }) => after === null),
    ).map(({ place, before }) => withStatements(right, place, edit(before)));
}

/** The right answer, claimed for another U. */
function onUnused(name: string, edit: (right: RightResult, random: Random) => Unused | undefined): Operator {
  return {
    name,
    law: "all-and-only",
    sabotage: (right, random) => {
      const unused = edit(right, random);
      return unused === undefined ? [] : [{ after: right.after, recommendedAction: right.recommendedAction, unused }];
    },
  };
}

/** An action that an Allow granted, as a U of its own. */
function pickAction(right: RightResult, random: Random, isUnused: boolean): UnusedService | undefined {
  const granted = right.pairs
    .filter(({ before }) => before.Effect === "Allow" && before.Action !== undefined)
    .flatMap(({ before }) => entriesIn(before))
    .flatMap((entry) => actionsMatching(fold(entry), right.catalog))
    .filter(({ folded }) => right.isUnused(folded) === isUnused);
  if (granted.length === 0) return undefined;
  const { folded } = pick(random, granted);
  const colon = folded.indexOf(":");
  return { service: folded.slice(0, colon), whole: false, names: [folded.slice(colon + 1)] };
}
