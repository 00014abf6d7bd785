import {
  type Connection,
  type PrincipalView,
  findCutPrincipals,
  findPrincipal,
  suggestPrincipals,
} from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";

/**
 * The principal of that ARN, or of one as tables cut it: `…111122223333:role/MyRole`, `111122223333…MyRole`, where it is the only one.
 *
 * @throws Failure usage, with what may have been meant
 */
export function requiredPrincipal(db: Connection, arn: string): PrincipalView {
  const principal = findPrincipal(db, arn) ?? cutPrincipal(db, arn);
  if (principal !== undefined) return principal;
  const meant = suggestPrincipals(db, arn);
  const hint =
    meant.length === 0
      ? "`leastwise query --db FILE --sql 'SELECT arn FROM principals'` lists them"
      : `did you mean ${meant.join(", ")}`;
  throw new Failure(EXIT.usage, `the database has no principal \`${arn}\``, hint);
}

function cutPrincipal(db: Connection, text: string): PrincipalView | undefined {
  const [head = "", tail, ...more] = text.replace(/^…/, "").split("…");
  if (more.length > 0 || !/^\d{12}/.test(head)) return undefined;
  const [first, ...others] = tail === undefined ? findCutPrincipals(db, head, head) : findCutPrincipals(db, head, tail);
  return others.length === 0 ? first : undefined;
}
