import type { GrantRow, OutcomeRows, RecommendedAction, UnitRow } from "@leastwise/core";
import { canonical } from "./canonical.ts";
import { FAILURES } from "./check-outcome.ts";

const ACTIONS: ReadonlySet<unknown> = new Set<RecommendedAction>(["CREATE_POLICY", "DETACH_POLICY", "NONE"]);
const ELEMENTS: ReadonlySet<unknown> = new Set(["Action", "NotAction"]);
const SHA256 = /^[0-9a-f]{64}$/;
/** Of an interval's number: `lo × 2^26 + hi`. */
const HALF = 2 ** 26;

/**
 * Why an outcome has not the form of one, whatever stands in its fields: numbers that are none, texts that are not the JSON that they should be,
 * lists out of order; null where only its content can be wrong. O(characters).
 */
export function shapeProblem({ units, grants }: OutcomeRows): string | null {
  const odd = units.find((unit) => !isUnitRow(unit));
  if (odd !== undefined) return `what stands there for unit ${odd.unitId} is no answer`;
  return grants.every(({ granted }) => isGrantRow(granted))
    ? null
    : "what it says that a document grants is no list of actions";
}

function isUnitRow(unit: UnitRow): boolean {
  if (!unit.ok) return FAILURES.has(unit.code) && isText(unit.message);
  const { recommendedAction, actionsBefore, actionsRemoved, changes, unknownActions, certificate, created } = unit;
  return (
    ACTIONS.has(recommendedAction) &&
    isCount(actionsBefore) &&
    isCount(actionsRemoved) &&
    actionsRemoved <= actionsBefore &&
    (changes === null || isListOf(changes, isChange)) &&
    (unknownActions === null || isListOf(unknownActions, isUnknownAction)) &&
    isSha256(certificate) &&
    (created === null || (isDocument(created.text) && isSha256(created.sha256) && isGrantRow(created.granted)))
  );
}

function isGrantRow({ actions, intervals, wildcards, shape }: GrantRow): boolean {
  return (
    isCount(actions) &&
    sizeOf(intervals) === actions &&
    (wildcards === null || isListOf(wildcards, isText)) &&
    (shape === null || isSha256(shape))
  );
}

/** How many actions are in intervals that ascend and do not touch; undefined where that is not what they are. */
function sizeOf(intervals: unknown): number | undefined {
  const list = isText(intervals) ? canonical(intervals) : undefined;
  if (!Array.isArray(list)) return undefined;
  let [size, last] = [0, -1];
  for (const interval of list as readonly unknown[]) {
    if (!isCount(interval)) return undefined;
    const [lo, hi] = [Math.floor(interval / HALF), interval % HALF];
    if (lo <= last || hi <= lo) return undefined;
    size += hi - lo;
    last = hi;
  }
  return size;
}

function isChange(row: unknown): boolean {
  if (!Array.isArray(row)) return false;
  const [statement, element, entry, ...replacedBy] = row as readonly unknown[];
  return isCount(statement) && ELEMENTS.has(element) && (entry === null || isText(entry)) && replacedBy.every(isText);
}

function isUnknownAction(row: unknown): boolean {
  const { statement, entry } = (row ?? {}) as { readonly statement?: unknown; readonly entry?: unknown }; // it may be anything
  return isCount(statement) && isText(entry);
}

/** A list that is not empty, as JSON.stringify writes it. */
function isListOf(text: unknown, isItem: (item: unknown) => boolean): boolean {
  const list = isText(text) ? canonical(text) : undefined;
  return Array.isArray(list) && list.length > 0 && list.every(isItem);
}

function isDocument(text: unknown): boolean {
  const document = isText(text) ? canonical(text) : undefined;
  return typeof document === "object" && document !== null && !Array.isArray(document);
}

function isSha256(text: unknown): boolean {
  return isText(text) && SHA256.test(text);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0; // a safe integer is a number
}
