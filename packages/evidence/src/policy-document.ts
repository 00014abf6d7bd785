import { hash } from "node:crypto";
import type { DocumentRecord } from "@leastwise/core";
import { z } from "zod";
import { isObject } from "./fields.ts";
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

export type DocumentResult =
  { readonly record: DocumentRecord } | { readonly pointer: string; readonly message: string };

/**
 * A policy document in any of the forms that AWS's tools export: an object (CLI, boto3), JSON text, or URL-encoded JSON text (raw
 * API, JavaScript SDK). Only the shape is checked; the value itself goes on, so that key order and unknown elements stay.
 */
export function readDocument(raw: unknown): DocumentResult {
  const value = typeof raw === "string" ? parseText(raw) : raw;
  if (value === undefined) return { pointer: "", message: "the document is neither JSON nor URL-encoded JSON" };
  try {
    const text = JSON.stringify(value);
    const known = recall(text);
    if (known !== undefined) return { record: known };
    if (!isPolicy(value)) {
      const checked = policy.safeParse(value);
      if (!checked.success) return firstIssue(checked.error);
    }
    const record = { sha256: hash("sha256", text), text };
    remember(record);
    return { record };
  } catch (error) {
    if (error instanceof RangeError) return { pointer: "", message: "the document is nested too deeply" };
    throw error;
  }
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
/** Those met lately, and those met before: when there are too many the latter go, so what stands in every export stays. */
let met = new Map<string, DocumentRecord>();
let metBefore = new Map<string, DocumentRecord>();
let characters = 0;

function recall(text: string): DocumentRecord | undefined {
  const record = met.get(text);
  if (record !== undefined) return record;
  const older = metBefore.get(text);
  if (older !== undefined) remember(older);
  return older;
}

function remember(record: DocumentRecord): void {
  if (characters > MOST_CHARACTERS / 2) {
    metBefore = met;
    met = new Map();
    characters = 0;
  }
  met.set(record.text, record);
  characters += record.text.length;
}

/** JSON text, URL-encoded or not. URL-encoded text starts with `%7B`, JSON text with `{` or white space. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text.trimStart().startsWith("%") ? decodeURIComponent(text) : text) as unknown;
  } catch {
    return undefined; // both are data errors; the caller says so with the place
  }
}
