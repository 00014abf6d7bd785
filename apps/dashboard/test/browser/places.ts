const MY_ROLE = "arn:aws:iam::123456789012:role/MyRole";

function place(path: string, query: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(query).toString()}`;
}

/** Where every view is, of the made-up organization: what it is called, and its address behind the `#`. */
export const PLACES: readonly (readonly [view: string, place: string])[] = [
  ["organization", "/"],
  ["accounts", "/accounts"],
  ["principals", "/principals"],
  ["policies", "/policies"],
  ["shared policies", "/shared"],
  ["services", "/services"],
  ["actions", "/actions"],
  ["refused inputs", "/refused"],
  ["who can", place("/holders", { action: "iam:PassRole", when: "after" })],
  ["principal", place("/principal", { arn: MY_ROLE })],
  ["policy", place("/policy", { principal: MY_ROLE, policy: `${MY_ROLE}#MyRolePolicy` })],
  ["tree", place("/tree", { principal: MY_ROLE, policy: `${MY_ROLE}#MyRolePolicy`, statement: "1", entry: "s3:Get*" })],
];

/** Those that a report does not have. */
export const LIVE_PLACES: readonly (readonly [view: string, place: string])[] = [
  ["documents of a policy", place("/policy", { principal: MY_ROLE, policy: `${MY_ROLE}#MyRolePolicy`, tab: "json" })],
  ["runs", "/runs"],
  ["questions", place("/ask", { question: "by-account" })],
  ["SQL", place("/ask", { sql: "SELECT account_id, count(*) AS policies FROM recommendations GROUP BY 1" })],
];
