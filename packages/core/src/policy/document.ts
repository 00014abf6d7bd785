/**
 * An IAM identity policy as JSON.parse gives it, after the edge has checked its shape. Everything that Leastwise does not read
 * (Resource, Condition, unknown keys) is carried along untouched. Never mutated.
 *
 * Source: "Grammar of the IAM JSON policy language", AWS IAM User Guide.
 */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
  readonly [element: string]: unknown;
}

/** Has exactly one of `Action` and `NotAction`. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly [element: string]: unknown;
}

/** The statements in order, whether the document holds a list or a single object. */
export function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return Array.isArray(policy.Statement) ? (policy.Statement as readonly Statement[]) : [policy.Statement as Statement]; // TypeScript does not narrow readonly arrays by Array.isArray
}

/** The entries in order, whether the element holds a list or a single string; none where it is absent. */
export function entriesOf(element: string | readonly string[] | undefined): readonly string[] {
  return element === undefined ? [] : typeof element === "string" ? [element] : element;
}
