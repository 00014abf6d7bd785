import { hash } from "node:crypto";
import { type DocumentRecord, type PolicyDocument, entriesOf, statementsOf } from "@leastwise/core";
import { z } from "zod";
import { isObject, quoted } from "./fields.ts";
import { parse } from "./json.ts";
import { isText } from "./quick-checks.ts";
import { firstIssue } from "./zod-issue.ts";

const entries = z.union([z.string(), z.array(z.string())]);

const statement = z
  .looseObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: entries.optional(),
    NotAction: entries.optional(),
  })
  .refine((value) => (value.Action === undefined) !== (value.NotAction === undefined), {
    message: "a statement has exactly one of Action and NotAction",
  });

export const policy: z.ZodType = z.looseObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([z.array(statement), statement]),
});

/** Characters of a minified document, at the most: IAM's largest, of a role's inline policies together, has 10,240. */
export const LONGEST_DOCUMENT = 250_000;
/** The same of text that is not minified, or URL-encoded, before anything is made of it. */
const LONGEST_TEXT = 4 * LONGEST_DOCUMENT;
/** Objects and lists inside one another in a document, at the most: IAM's grammar has six. */
export const DEEPEST_DOCUMENT = 64;

/** Characters of an entry of `Action` or `NotAction`, at the most: the longest name of an action has some eighty. */
export const LONGEST_ENTRY = 1000;
/** Different entries of a document with a wildcard before their end, at the most: each is tried on every action there is. */
export const MOST_GLOBS = 1000;

export type DocumentResult = { readonly record: DocumentRecord } | DocumentProblem;

interface DocumentProblem {
  readonly code: "invalid-policy" | "duplicate-key" | "too-deep" | "too-large" | "inexact-number";
  readonly pointer: string;
  readonly message: string;
}

/**
 * A policy document in any of the forms that AWS's tools export: an object (CLI, boto3), JSON text, or URL-encoded JSON text (raw
 * API, JavaScript SDK). Only the shape is checked; the value itself goes on, so that key order and unknown elements stay. A document that
 * JSON.parse would read otherwise than it is written, or that is far beyond what IAM takes, is none.
 */
export function readDocument(raw: unknown): DocumentResult {
  const parsed = typeof raw === "string" ? parseText(raw) : { value: raw };
  if ("code" in parsed) return parsed;
  const { value } = parsed;
  if (value === undefined) return invalid("the document is neither JSON nor URL-encoded JSON");
  const text = minified(value);
  if (text === undefined) return TOO_DEEP;
  const known = recall(text);
  if (known !== undefined) return { record: known };
  if (text.length > LONGEST_DOCUMENT) return tooLarge(text.length, LONGEST_DOCUMENT);
  if (isDeeper(value, DEEPEST_DOCUMENT)) return TOO_DEEP;
  if (!isPolicy(value)) {
    const checked = policy.safeParse(value);
    if (!checked.success) return { code: "invalid-policy", ...firstIssue(checked.error) };
  }
  const tooMuch = text.length > LONGEST_ENTRY ? beyondEntries(value as PolicyDocument) : undefined; // it has been checked
  if (tooMuch !== undefined) return tooMuch;
  const inexact = MAY_BE_INEXACT.test(text) ? inexactNumber(value, "") : undefined;
  if (inexact !== undefined) return inexact;
  const record = { sha256: hash("sha256", text), text };
  remember(record);
  return { record };
}

function invalid(message: string): DocumentProblem {
  return { code: "invalid-policy", pointer: "", message };
}

const TOO_DEEP: DocumentProblem = {
  code: "too-deep",
  pointer: "",
  message: `more than ${DEEPEST_DOCUMENT} objects and lists of the document lie inside one another`,
};

function tooLarge(characters: number, most: number): DocumentProblem {
  const message = `the document has ${characters} characters, and ${most} are read at the most`;
  return { code: "too-large", pointer: "", message };
}

/** Undefined for a value that is too deep even to be written. */
function minified(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Goes no deeper than `levels`. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** The first entry that is too long, or one pattern too many. */
function beyondEntries(document: PolicyDocument): DocumentProblem | undefined {
  const globs = new Set<string>();
  for (const [index, { Action, NotAction }] of statementsOf(document).entries()) {
    for (const entry of entriesOf(NotAction ?? Action)) {
      const pointer = `/Statement/${index}`;
      if (entry.length > LONGEST_ENTRY) {
        const message = `an entry has ${entry.length} characters, and ${LONGEST_ENTRY} are read at the most`;
        return { code: "too-large", pointer, message };
      }
      const wildcard = entry.search(/[*?]/);
      if (wildcard >= 0 && (wildcard < entry.length - 1 || entry.endsWith("?"))) globs.add(entry);
      if (globs.size > MOST_GLOBS) {
        const message = `more than ${MOST_GLOBS} different entries have a wildcard before their end`;
        return { code: "too-large", pointer, message };
      }
    }
  }
  return undefined;
}

/** A number of many digits, or null, which JSON has for what is beyond all numbers: also in texts, since this is a first look only. */
const MAY_BE_INEXACT = /[[,:](?:null|-?[\d.]+e|-?[\d.]{15})/;

/** Where a number stands that may be another one than was written: JSON.parse rounds to 53 bits. Of a value that is not too deep. */
function inexactNumber(value: unknown, pointer: string): DocumentProblem | undefined {
  if (typeof value === "number") {
    if (isExact(value)) return undefined;
    const message = "the number is too long to be read exactly; IAM takes it as a text";
    return { code: "inexact-number", pointer, message };
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = inexactNumber(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whole numbers up to 2^53, and fractions of no more digits than every double keeps. */
function isExact(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  const digits = String(value).replace(/^-?0*\.?0*/, ""); // an exponent or `Infinity` is more
  return /^[\d.]{1,16}$/.test(digits);
}

/** As `policy`, which says what is wrong with anything else; see `quick-checks.ts`. */
export function isPolicy(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { Version, Id, Statement } = value;
  if ((Version !== undefined && !isText(Version)) || (Id !== undefined && !isText(Id))) return false;
  return Array.isArray(Statement) ? Statement.every(isStatement) : isStatement(Statement);
}

function isStatement(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { Sid, Effect, Action, NotAction } = value;
  if ((Effect !== "Allow" && Effect !== "Deny") || (Sid !== undefined && !isText(Sid))) return false;
  return Action === undefined ? isEntries(NotAction) : NotAction === undefined && isEntries(Action);
}

function isEntries(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.every(isText));
}

/** Characters of documents that are remembered, at the most: the same managed policies stand in the export of every account. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
/**
 * Those met lately, and those met before: when there are too many the latter go, so what stands in every export stays. By a few of their
 * characters, of several that are alike in these the one met last: to hash a whole text takes as long as to write it, and to compare it no time.
 */
let met = new Map<number, DocumentRecord>();
let metBefore = new Map<number, DocumentRecord>();
let characters = 0;

function recall(text: string): DocumentRecord | undefined {
  const sample = sampleOf(text);
  const record = met.get(sample);
  if (record?.text === text) return record;
  const older = metBefore.get(sample);
  if (older?.text !== text) return undefined;
  remember(older);
  return older;
}

function remember(record: DocumentRecord): void {
  if (characters > MOST_CHARACTERS / 2) {
    metBefore = met;
    met = new Map();
    characters = 0;
  }
  met.set(sampleOf(record.text), record);
  characters += record.text.length;
}

/** Of the text's length and 32 of its characters, evenly apart. */
function sampleOf(text: string): number {
  let sample = text.length;
  for (let i = 1; i <= 32; i++)
    sample = (Math.imul(sample, 31) + text.charCodeAt(Math.floor((text.length * i) / 33))) | 0;
  return sample;
}

/** JSON text, URL-encoded or not. URL-encoded text starts with `%7B`, JSON text with `{` or white space. */
function parseText(text: string): { readonly value: unknown } | DocumentProblem {
  if (text.length > LONGEST_TEXT) return tooLarge(text.length, LONGEST_TEXT);
  const plain = text.trimStart().startsWith("%") ? decoded(text) : text;
  const parsed = plain === undefined ? "not-json" : parse(plain);
  if (parsed === "not-json") return { value: undefined }; // a data error; the caller says so with the place
  if (parsed === "too-deep") return TOO_DEEP;
  if ("value" in parsed) return parsed;
  const message = `an object of the document has the key ${quoted(parsed.twice.key)} twice`;
  return { code: "duplicate-key", pointer: "", message };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // not URL-encoded
  }
}
