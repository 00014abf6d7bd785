import { type Connection, type PrincipalView, findPrincipal, suggestPrincipals } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";

/** The principal of that ARN. @throws Failure usage, with what may have been meant */
export function requiredPrincipal(db: Connection, arn: string): PrincipalView {
  const principal = findPrincipal(db, arn);
  if (principal !== undefined) return principal;
  const meant = suggestPrincipals(db, arn);
  const hint =
    meant.length === 0
      ? "`leastwise query --db FILE --sql 'SELECT arn FROM principals'` lists them"
      : `did you mean ${meant.join(", ")}`;
  throw new Failure(EXIT.usage, `the database has no principal \`${arn}\``, hint);
}
