import type { z } from "zod";
import { oneLine } from "./fields.ts";

/** The first thing zod objects to, as a place and a sentence in the house style. For unions: of the branch that got furthest. */
export function firstIssue(error: z.ZodError): { readonly pointer: string; readonly message: string } {
  return describe(error.issues, []);
}

type Issue = z.core.$ZodIssue;

function describe(issues: readonly Issue[], parents: readonly PropertyKey[]): { pointer: string; message: string } {
  const issue = issues[0];
  if (issue === undefined) return { pointer: pointerOf(parents), message: "not of the expected shape" };
  const path = [...parents, ...issue.path];
  if (issue.code === "invalid_union") {
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && depth(deepest) > 0) return describe(deepest, path);
  }
  return { pointer: pointerOf(path), message: oneLine(sentence(issue)) }; // may name a key of the file
}

const NOUNS: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** What is wrong, in the words of the other messages instead of zod's. */
function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined") // zod keeps the value itself to itself
        ? `${noun(issue.expected)} is missing here`
        : `this should be ${noun(issue.expected)}`;
    case "invalid_value":
      return `this should be ${issue.values.map((value) => `\`${String(value)}\``).join(" or ")}`;
    case "invalid_union":
      return issue.errors.every((errors) => errors.some(({ message }) => message.endsWith("received undefined")))
        ? "this is missing"
        : `this should be ${[...new Set(issue.errors.flatMap(expectedBy))].join(" or ") || "of another type"}`;
    case "unrecognized_keys":
      return `${issue.keys.map((key) => `\`${key}\``).join(", ")} is no key of this form`;
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function expectedBy(issues: readonly Issue[]): readonly string[] {
  return issues.flatMap((issue) => (issue.code === "invalid_type" ? [noun(issue.expected)] : []));
}

function noun(expected: string): string {
  return NOUNS[expected] ?? expected;
}

function depth(issues: readonly Issue[]): number {
  return issues.reduce((deepest, issue) => Math.max(deepest, issue.path.length), 0); // too many for arguments of a call
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
