import { type PolicyDocument, type Statement, statementsOf } from "../policy/document.ts";
import { packBins } from "./bin-packing.ts";
import { type CutStatement, cutStatement, joinPieces } from "./cut-statement.ts";

/** The documents that together say what one did. */
export interface PolicySplit {
  readonly parts: readonly PolicyDocument[];
  /** Whether no split into fewer documents exists. Where it is false there may be one. */
  readonly isFewest: boolean;
}

/** A statement, or a piece of one, on its way into a document. */
interface Piece {
  /** The statement's place in the whole. */
  readonly statement: number;
  readonly value: Statement;
  /** The list along which it was cut; undefined where it is whole. */
  readonly list: CutStatement["list"] | undefined;
}

/**
 * Splits a policy into the fewest documents within a limit (SEMANTICS 9.3). What its statements allow and deny together stays what it
 * was, as long as one principal has all parts. Statements stay whole, but for those that are too large by themselves, which are cut
 * along their Action or Resource list; statements whose Sid starts with one of `keptSids` are never cut. A document within the limit
 * is its own only part.
 *
 * @param limit in characters of minified JSON
 * @returns undefined where a statement that must not or cannot be cut is too large. O(characters + statements²), and the search's budget
 */
export function splitPolicy(
  policy: PolicyDocument,
  limit: number,
  keptSids: readonly string[] = [],
): PolicySplit | undefined {
  if (characters(policy) <= limit) return { parts: [policy], isFewest: true };
  const isList = Array.isArray(policy.Statement);
  const statements = statementsOf(policy);
  const frame = characters({ ...policy, Statement: isList ? [] : 0 }) - (isList ? 0 : 1);
  const room = limit - frame;
  const taken = new Set(statements.flatMap(({ Sid }) => Sid ?? []));
  const pieces: Piece[] = [];
  let fill = 0;
  for (const [statement, value] of statements.entries()) {
    const size = characters(value);
    fill += size + 1;
    if (size <= room) {
      pieces.push({ statement, value, list: undefined });
      continue;
    }
    const cut = isKept(value, keptSids) ? undefined : cutStatement(value, room, taken);
    if (cut === undefined) return undefined;
    for (const piece of cut.pieces) {
      pieces.push({ statement, value: piece, list: cut.list });
      if (piece.Sid !== undefined) taken.add(piece.Sid);
    }
  }
  const weights = pieces.map(({ value }) => characters(value) + 1); // with a comma; the last needs none
  const { bins, isFewest } = packBins(weights, room + 1);
  const contents = bins
    .map((bin) => bin.toSorted((a, b) => a - b))
    .sort(([a], [b]) => a! - b!) // no bin is empty, here and below
    .map((bin) => joined(bin.map((place) => pieces[place]!))); // places of the list
  const partOf = (values: readonly Statement[]): PolicyDocument => ({
    ...policy,
    Statement: isList ? values : values[0]!,
  });
  const isCut = pieces.some(({ list }) => list !== undefined);
  return {
    parts: contents.map(partOf),
    isFewest: bins.length === Math.ceil(fill / (room + 1)) || (isFewest && !isCut), // there is no less to say, however it is cut
  };
}

/** The statements of a part: pieces of one statement that came together again stand as one. */
function joined(pieces: readonly Piece[]): readonly Statement[] {
  const values: Statement[] = [];
  pieces.forEach(({ statement, value, list }, i) => {
    const last = values.at(-1);
    if (list !== undefined && last !== undefined && pieces[i - 1]?.statement === statement)
      values[values.length - 1] = joinPieces(list, last, value);
    else values.push(value);
  });
  return values;
}

function isKept({ Effect, Sid }: Statement, keptSids: readonly string[]): boolean {
  return Effect === "Allow" && Sid !== undefined && keptSids.some((start) => Sid.startsWith(start));
}

function characters(value: unknown): number {
  return JSON.stringify(value).length;
}
