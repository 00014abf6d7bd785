import type { Evidence, KeyTwice } from "@leastwise/core";
import { isTrail, isTrailDigest, readRecords } from "../cloudtrail/cloudtrail.ts";
import { Draft } from "../draft.ts";
import { isObject } from "../fields.ts";
import { READ_ORDER, beginAccountDetails, readItems } from "../forms/account-details.ts";
import { LISTS, addAccount } from "../forms/completeness.ts";
import { isListForm, recognise } from "../recognise.ts";
import { TOO_LARGE_HINT } from "../text.ts";
import { tooDeep } from "../json.ts";
import { ByteWindow } from "./byte-window.ts";
import { ChangedFile } from "./changed-file.ts";
import { CHUNK_BYTES, chunksOf } from "./chunks.ts";
import { gzipProblem } from "./gzip.ts";
import { type Items, type Stop, LONGEST_VALUE, jsonPieces, listItems } from "./json-pieces.ts";
import { LONGEST_LINE, readLinesInParts } from "./large-lines.ts";
import { refuseFrom } from "./place-in-file.ts";
import { startsAsLines } from "./starts-as-lines.ts";

/** Of so many bytes of JSON a part is made, about. */
const PART_BYTES = 2 * 1024 * 1024;

/** So much of a file is looked at to see what it is. */
const LOOKED_AT = 1024 * 1024;

/** Lists that make a file large whose items are read one by one. */
const STREAMED: ReadonlySet<string> = new Set([...LISTS, "Records", "findings"]);

/**
 * Whether a file, plain or gzipped, is what `readLargeJson` reads, by how it begins: a list, or an object in which one of the lists that
 * it knows begins within the first megabyte; `Policies` only with the versions that tell an account's from what list-policies gives. The
 * system's errors in opening and reading it are thrown.
 */
export async function startsAsLargeJson(path: string): Promise<boolean> {
  const window = new ByteWindow(chunksOf(path, 0, CHUNK_BYTES / 16));
  let isBegun = false;
  let current: string | null = null;
  try {
    await skipMark(window);
    for await (const piece of jsonPieces(window)) {
      if (piece.kind === "stop") return isBegun;
      if (piece.kind === "list") {
        current = piece.name;
        if (current === null || (STREAMED.has(current) && current !== "Policies")) return true;
      }
      if (piece.kind === "items" && current === "Policies" && piece.values.some(hasVersions)) return true;
      if (window.place > LOOKED_AT) return false;
      isBegun = true;
    }
    return false;
  } catch (error) {
    if (gzipProblem(error) !== undefined) return isBegun;
    throw error;
  } finally {
    await window.close();
  }
}

/**
 * Everything that a large file of one JSON value says, plain or gzipped, in parts: what `readEvidence` says of it, with one item of its
 * lists in memory at a time beside the part. Documents and policies may come in several parts. The file is read twice and more: nothing is
 * said of it before it is known to be JSON to its end.
 *
 * Gives whether it could be read so. Where not, nothing has been said, it has no more bytes than a value may have here, and `readEvidence`
 * is for it: a larger one, of which only what comes late shows that it is of no such form, is refused. What a file contains never makes it
 * throw; the system's errors do, and `ChangedFile` for a file that changes meanwhile.
 *
 * @param chunkBytes how much is read at once
 */
export async function* readLargeJson(
  path: string,
  chunkBytes: number = CHUNK_BYTES,
): AsyncGenerator<Evidence, boolean> {
  const draft = new Draft(path);
  let outline: Outline;
  try {
    outline = await outlineOf(path, chunkBytes);
  } catch (error) {
    const problem = gzipProblem(error);
    if (problem === undefined) throw error;
    const { code, message, hint } = problem;
    draft.refuse(code, "", message, hint);
    yield draft.finish();
    return true;
  }
  const { value, lists, trail, stop } = outline;
  if (outline.beside > LONGEST_VALUE) {
    yield tooLarge(draft, "its values beside its lists have");
    return true;
  }
  if (stop !== undefined) {
    yield* refused(draft, stop, outline.start, chunkBytes);
    return true;
  }
  if (outline.twice !== undefined) {
    await refuseFrom(draft, outline.start, outline.twice.at, chunkBytes, outline.twice.key);
    yield draft.finish();
    return true;
  }
  if (lists.has("Records")) {
    yield trail.finish();
    return true;
  }
  const list = lists.get(null);
  if (list !== undefined) {
    yield* readList(draft, list, chunkBytes);
    return true;
  }
  if (isTrail(value) || isTrailDigest(value)) return yield* leftWhole(draft, outline);
  if (lists.get("Policies")?.hasVersions === true || LISTS.some((name) => name !== "Policies" && lists.has(name))) {
    yield* readDetails(draft, outline, chunkBytes);
    return true;
  }
  if (lists.size !== 1 || !lists.has("findings")) return yield* leftWhole(draft, outline);
  recognise(draft, { value, pointer: "" }); // by its keys alone
  yield draft.finish();
  return true;
}

/** Nobody counts on more than such a value in memory at once, since the file began as one that is read in parts. */
function* leftWhole(draft: Draft, { bytes }: Outline): Generator<Evidence, boolean> {
  if (bytes <= LONGEST_VALUE) return false;
  yield tooLarge(draft, "the file cannot be read in parts and has");
  return true;
}

function tooLarge(draft: Draft, subject: string): Evidence {
  draft.refuse("too-large", "", `${subject} more than ${LONGEST_VALUE / 1024 / 1024} MB`, TOO_LARGE_HINT);
  return draft.finish();
}

/** What one reading of a file tells of it. */
interface Outline {
  /** The offset at which its text begins. */
  readonly start: number;
  /** How much there is of it, unzipped; up to `stop` where there is one. */
  readonly bytes: number;
  /** Of how many bytes `value` is made: names, and members that are no lists. Nothing is read behind the place where they are too many. */
  readonly beside: number;
  /** The object, its lists empty. */
  readonly value: Readonly<Record<string, unknown>>;
  /** By name; null for a file that is a list. */
  readonly lists: ReadonlyMap<string | null, ListFacts>;
  /** What the list `Records` says. */
  readonly trail: Draft;
  readonly stop: Stop | undefined;
  readonly twice: KeyTwice | undefined;
}

interface ListFacts {
  readonly from: number;
  /** Of its items' ARNs. */
  readonly accounts: Set<string>;
  hasVersions: boolean;
  hasObjects: boolean;
  isEmpty: boolean;
  /** Its first items where all of them together are a form of its own. */
  form: readonly unknown[] | undefined;
}

async function outlineOf(path: string, chunkBytes: number): Promise<Outline> {
  const { window, start } = await openText(path, chunkBytes);
  const members = new Map<string, unknown>();
  const lists = new Map<string | null, ListFacts>();
  let trail = new Draft(path);
  let stop: Stop | undefined;
  let current: string | null = null;
  let beside = 0;
  try {
    for await (const piece of jsonPieces(window)) {
      if (piece.kind === "member" || piece.kind === "list") beside += piece.bytes;
      if (beside > LONGEST_VALUE) break;
      if (piece.kind === "stop") stop = piece;
      else if (piece.kind === "member") {
        members.set(piece.name, piece.value);
        lists.delete(piece.name);
      } else if (piece.kind === "list") {
        current = piece.name;
        if (current !== null) members.set(current, []);
        lists.set(current, {
          from: piece.from,
          accounts: new Set(),
          hasVersions: false,
          hasObjects: false,
          isEmpty: true,
          form: undefined,
        });
        if (current === "Records") readRecords((trail = new Draft(path)), [], "", 0);
      } else {
        if (current === "Records") readRecords(trail, piece.values, "/Records", piece.first);
        note(lists.get(current)!, piece, current !== null && STREAMED.has(current)); // its beginning came before
      }
    }
  } finally {
    await window.close();
  }
  const bytes = window.place - start;
  return { start, bytes, beside, value: Object.fromEntries(members), lists, trail, stop, twice: window.twice };
}

function note(facts: ListFacts, { first, values }: Items, hasAccounts: boolean): void {
  facts.isEmpty = false;
  const isForm = isListForm(values);
  if (first === 0) facts.form = isForm ? values.slice(0, 1) : undefined;
  else if (!isForm || !isListForm([...(facts.form ?? []), ...values.slice(0, 1)])) facts.form = undefined;
  facts.hasObjects ||= values.some(isObject);
  if (!hasAccounts) return;
  for (const item of values) {
    addAccount(facts.accounts, item);
    facts.hasVersions ||= hasVersions(item);
  }
}

function hasVersions(policy: unknown): boolean {
  return isObject(policy) && "PolicyVersionList" in policy;
}

async function* refused(draft: Draft, stop: Stop, start: number, chunkBytes: number): AsyncGenerator<Evidence, void> {
  if (stop.because === "too-large") {
    yield tooLarge(draft, `a value at byte ${stop.at} has`);
    return;
  }
  if (stop.because === "too-deep") {
    const { code, message, hint } = tooDeep("");
    draft.refuse(code, "", message, hint);
    yield draft.finish();
    return;
  }
  if (await startsAsLines(draft.path, LONGEST_LINE)) {
    yield* readLinesInParts(draft.path); // of which the first is long
    return;
  }
  await refuseFrom(draft, start, stop.at, chunkBytes);
  yield draft.finish();
}

async function* readDetails(
  draft: Draft,
  { value, lists }: Outline,
  chunkBytes: number,
): AsyncGenerator<Evidence, void> {
  const accounts = new Set<string>();
  for (const name of LISTS) for (const account of lists.get(name)?.accounts ?? []) accounts.add(account);
  const page = beginAccountDetails(draft, value, [...accounts]);
  for (const name of READ_ORDER) {
    const list = lists.get(name);
    if (list === undefined) readItems(draft, page, name, value[name], `/${name}`, 0);
    else
      yield* inParts(draft, list, chunkBytes, ({ values, first }) =>
        readItems(draft, page, name, values, `/${name}`, first),
      );
  }
  yield draft.finish();
}

/** A list with objects in it counts as its items, as in `parseValues`. */
async function* readList(draft: Draft, list: ListFacts, chunkBytes: number): AsyncGenerator<Evidence, void> {
  if (!list.hasObjects || list.form !== undefined)
    recognise(draft, { value: list.isEmpty ? [] : (list.form ?? [null]), pointer: "" }); // which says no more of more items
  else
    yield* inParts(draft, list, chunkBytes, ({ values, first }) =>
      values.forEach((value, index) => recognise(draft, { value, pointer: `/${first + index}` })),
    );
  yield draft.finish();
}

/** Reads the items of a list, and gives what the draft has whenever it is much. */
async function* inParts(
  draft: Draft,
  { from }: ListFacts,
  chunkBytes: number,
  read: (items: Items) => void,
): AsyncGenerator<Evidence, void> {
  const window = new ByteWindow(chunksOf(draft.path, from, chunkBytes), from, false);
  let given = from;
  try {
    for await (const piece of listItems(window)) {
      if (piece.kind === "stop") throw new ChangedFile(draft.path);
      read(piece);
      if (window.place - given < PART_BYTES) continue;
      given = window.place;
      yield draft.part();
    }
  } finally {
    await window.close();
  }
}

/** Opens a file behind its byte order mark. */
async function openText(
  path: string,
  chunkBytes: number,
): Promise<{ readonly window: ByteWindow; readonly start: number }> {
  const window = new ByteWindow(chunksOf(path, 0, chunkBytes));
  await skipMark(window);
  return { window, start: window.at };
}

async function skipMark(window: ByteWindow): Promise<void> {
  while (window.bytes.length < 3 && (await window.fill())); // what is there stays
  const [a, b, c] = window.bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) window.at = 3;
}
