import type { z } from "zod";

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
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return { pointer: pointerOf(path), message };
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
