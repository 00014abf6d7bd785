import { createHash } from "node:crypto";
import type { DocumentRecord } from "@leastwise/core";
import { z } from "zod";
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

const policy = z.looseObject({
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
    const met = memory.get(text);
    if (met !== undefined) return { record: met };
    const checked = policy.safeParse(value);
    if (!checked.success) return firstIssue(checked.error);
    const record = { sha256: createHash("sha256").update(text).digest("hex"), text };
    remember(record);
    return { record };
  } catch (error) {
    if (error instanceof RangeError) return { pointer: "", message: "the document is nested too deeply" };
    throw error;
  }
}

/** Characters of documents that are remembered: the same managed policies stand in the export of every account. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const memory = new Map<string, DocumentRecord>();
let remembered = 0;

function remember(record: DocumentRecord): void {
  if (remembered > MOST_CHARACTERS) {
    memory.clear();
    remembered = 0;
  }
  memory.set(record.text, record);
  remembered += record.text.length;
}

/** JSON text, URL-encoded or not. URL-encoded text starts with `%7B`, JSON text with `{` or white space. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text.trimStart().startsWith("%") ? decodeURIComponent(text) : text) as unknown;
  } catch {
    return undefined; // both are data errors; the caller says so with the place
  }
}
