import type { PolicyDocument, Statement } from "../policy/document.ts";
import { isSame, isStatement } from "./frame.ts";
import { listOf } from "./reading.ts";

/** Trials of which piece belongs to which statement, where several could be its origin. */
const MOST_TRIALS = 20_000;

const LISTS = ["Action", "Resource"] as const;
type List = (typeof LISTS)[number];

/**
 * What is wrong with a split (SEMANTICS 9.3); nothing where putting the parts together gives the whole again: every statement is there
 * once, as it is or as two or more pieces that share out exactly one of its lists, Action or Resource; only a statement that is too
 * large by itself is in pieces, and none whose Sid starts with one of `keptSids`; no piece's Sid stands anywhere else; every part has
 * the whole's other elements, its statements in the whole's order, and no more characters than the limit.
 *
 * Shares no code with `splitPolicy`. O(characters), where no two statements of the whole differ in the cut list alone.
 */
export function splitViolations(
  whole: PolicyDocument,
  parts: readonly PolicyDocument[],
  limit: number,
  keptSids: readonly string[] = [],
): readonly string[] {
  const problems: string[] = [];
  if (parts.length === 0) problems.push("there are no parts");
  parts.forEach((part, i) => {
    const problem = frameProblem(whole, part, limit);
    if (problem !== undefined) problems.push(`part ${i + 1} ${problem}`);
  });
  if (problems.length > 0) return problems;
  if (parts.length === 1) return isSame(whole, parts[0]) ? [] : ["the only part is another document"];
  const statements = listOf(whole.Statement);
  const found = parts.flatMap((part, i) => listOf(part.Statement).map((statement): Found => ({ part: i, statement })));
  const cut = takeWhole(statements, found);
  for (const place of cut) {
    const statement = statements[place]!; // a place of the list, here and below
    const alone = { ...whole, Statement: Array.isArray(whole.Statement) ? [statement] : statement };
    if (length(alone) <= limit) problems.push(`statement ${place} is not there as it is, though it would fit`);
    if (isKept(statement, keptSids)) problems.push(`statement ${place} is not there as it is, though its Sid keeps it`);
  }
  if (problems.length > 0) return problems;
  const open = found.filter(({ origin }) => origin === undefined);
  if (!shareOut(statements, cut, open)) return ["the pieces are not those of the statements that are cut"];
  return [...sidProblems(found), ...orderProblems(statements, parts.length, found)];
}

/** A statement of a part. */
interface Found {
  readonly part: number;
  readonly statement: Statement;
  /** "whole" where it stands in the whole as it is, else the place of the statement of which it is a piece. */
  origin?: "whole" | number;
}

function frameProblem(whole: PolicyDocument, part: PolicyDocument, limit: number): string | undefined {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return "is no policy document";
  const keys = Object.keys(whole);
  if (keys.join("\n") !== Object.keys(part).join("\n")) return "has other elements, or in another order";
  if (keys.some((key) => key !== "Statement" && !isSame(whole[key], part[key])))
    return "differs outside the statements";
  if (Array.isArray(whole.Statement) !== Array.isArray(part.Statement))
    return "has a single statement in place of a list, or a list in place of a single statement";
  if (!listOf(part.Statement).every(isStatement)) return "has something that is no statement";
  if (listOf(part.Statement).length === 0) return "has no statement";
  const size = length(part);
  return size > limit ? `has ${size} characters, more than ${limit}` : undefined;
}

/** Marks what stands in the whole as it is, each statement once; gives the places of the statements that are left. */
function takeWhole(statements: readonly Statement[], found: readonly Found[]): readonly number[] {
  const byText = new Map<string, Found[]>();
  for (const one of found.toReversed()) {
    const text = JSON.stringify(one.statement);
    const equal = byText.get(text);
    if (equal === undefined) byText.set(text, [one]);
    else equal.push(one);
  }
  return statements.flatMap((statement, place) => {
    const match = byText.get(JSON.stringify(statement))?.pop();
    if (match === undefined) return [place];
    match.origin = "whole";
    return [];
  });
}

/** What is left of a statement's list while pieces take their shares. */
interface Shares {
  readonly place: number;
  readonly list: List;
  readonly items: Map<string, number>;
  left: number;
  pieces: number;
}

/** Gives each open piece its statement, so that each statement's pieces share out one of its lists; false where that cannot be. */
function shareOut(statements: readonly Statement[], cut: readonly number[], open: readonly Found[]): boolean {
  const shares = cut.flatMap((place) =>
    LISTS.flatMap((list): Shares[] => {
      const items = textsOf(statements[place]![list]);
      return items === undefined ? [] : [{ place, list, items: counted(items), left: items.length, pieces: 0 }];
    }),
  );
  const cutAlong = new Map<number, List>();
  let trials = MOST_TRIALS;
  const give = (next: number): boolean => {
    const piece = open[next];
    if (piece === undefined)
      return cut.every((place) => shares.some((one) => one.place === place && one.left === 0 && one.pieces > 1));
    for (const share of shares) {
      const along = cutAlong.get(share.place);
      if (along !== undefined && along !== share.list) continue;
      if (!isPieceOf(piece.statement, statements[share.place]!, share.list)) continue;
      if (--trials < 0) return false;
      const items = textsOf(piece.statement[share.list])!; // a piece has a list there
      if (!take(share, items)) continue;
      cutAlong.set(share.place, share.list);
      piece.origin = share.place;
      if (give(next + 1)) return true;
      giveBack(share, items);
      if (share.pieces === 0) cutAlong.delete(share.place);
      delete piece.origin;
    }
    return false;
  };
  return give(0);
}

/** Whether a statement could be a piece: what it says beside the list and the Sid is the same. */
function isPieceOf(piece: Statement, statement: Statement, list: List): boolean {
  const items = piece[list];
  const keys = Object.keys(statement);
  if (!Array.isArray(items) || items.length === 0 || keys.join("\n") !== Object.keys(piece).join("\n")) return false;
  return keys.every((key) => {
    if (key === list) return true;
    if (key === "Sid" && statement.Sid !== "")
      return typeof piece.Sid === "string" && isNumbered(piece.Sid, statement.Sid ?? "");
    return isSame(statement[key], piece[key]);
  });
}

function isNumbered(sid: string, of: string): boolean {
  return sid.slice(0, of.length) === of && /^\d+$/.test(sid.slice(of.length));
}

function take(share: Shares, items: readonly string[]): boolean {
  const taken = counted(items);
  for (const [item, number] of taken) if ((share.items.get(item) ?? 0) < number) return false;
  for (const [item, number] of taken) share.items.set(item, share.items.get(item)! - number); // it has so many
  share.left -= items.length;
  share.pieces++;
  return true;
}

function giveBack(share: Shares, items: readonly string[]): void {
  for (const [item, number] of counted(items)) share.items.set(item, share.items.get(item)! + number); // they were taken from it
  share.left += items.length;
  share.pieces--;
}

function counted(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function textsOf(list: unknown): readonly string[] | undefined {
  return Array.isArray(list) ? list.map((item) => JSON.stringify(item)) : undefined;
}

/** A piece's Sid stands nowhere else. */
function sidProblems(found: readonly Found[]): readonly string[] {
  const sids = counted(found.flatMap(({ statement: { Sid } }) => (typeof Sid === "string" && Sid !== "" ? [Sid] : [])));
  const repeated = found.filter(
    ({ origin, statement }) => origin !== "whole" && (sids.get(statement.Sid ?? "") ?? 0) > 1,
  );
  return [...new Set(repeated.map(({ statement }) => statement.Sid ?? ""))].map(
    (sid) => `the Sid \`${sid}\` stands there twice`,
  );
}

/** In each part the statements stand in the order of the whole, and no two pieces are of one statement. */
function orderProblems(statements: readonly Statement[], parts: number, found: readonly Found[]): readonly string[] {
  const problems: string[] = [];
  for (let part = 0; part < parts; part++) {
    let next = 0;
    for (const { origin, statement } of found.filter((one) => one.part === part)) {
      const stands = (place: number): boolean =>
        origin === "whole" ? isSame(statements[place], statement) : place === origin;
      while (next < statements.length && !stands(next)) next++;
      if (next === statements.length) {
        problems.push(`part ${part + 1} has its statements in another order, or two pieces of one`);
        break;
      }
      next++;
    }
  }
  return problems;
}

function isKept({ Effect, Sid }: Statement, keptSids: readonly string[]): boolean {
  return (
    Effect === "Allow" && typeof Sid === "string" && keptSids.some((start) => Sid.slice(0, start.length) === start)
  );
}

function length(value: unknown): number {
  return JSON.stringify(value).length;
}
