import type { Reply } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type Asked, text } from "./asked.ts";
import { PageError } from "./page-error.ts";
import { passing, pulseOf } from "./pulse.ts";

type Found = Reply<"find">[number];

/** Of each kind. */
const MOST_FOUND = 5;
const MOST_SEARCHED = 256;

interface Kind {
  /** SQL: key, label and detail of what may be meant, those that are called just so or begin so first. `$q`: lower-cased. */
  readonly exact: string;
  /** SQL: all there are, in the order of an index, as key, label, detail and the text that is searched. */
  readonly all: string;
}

const KINDS: Readonly<Record<Found["kind"], Kind>> = {
  account: {
    exact: `SELECT account_id AS key, account_id AS label, attachments || ' attached policies' AS detail FROM account_total
      WHERE run_id = $run AND account_id >= $q AND account_id < $q || char(1114111) ORDER BY account_id`,
    all: `SELECT account_id AS key, account_id AS label, attachments || ' attached policies' AS detail, account_id AS searched
      FROM account_total WHERE run_id = $run`,
  },
  action: {
    exact: `SELECT a.action AS key, a.action AS label, a.access_level AS detail FROM run CROSS JOIN action a ON a.catalog_id = run.catalog_id
      WHERE run.run_id = $run AND a.action >= $q AND a.action < $q || char(1114111) ORDER BY a.action`,
    all: `SELECT a.action AS key, a.action AS label, a.access_level AS detail, a.action AS searched FROM run CROSS JOIN action a ON a.catalog_id = run.catalog_id
      WHERE run.run_id = $run`,
  },
  service: {
    exact: `SELECT service AS key, service AS label, attachments_before || ' attached policies' AS detail FROM service_total
      WHERE run_id = $run AND service >= $q AND service < $q || char(1114111) ORDER BY service`,
    all: `SELECT service AS key, service AS label, attachments_before || ' attached policies' AS detail, service AS searched
      FROM service_total WHERE run_id = $run`,
  },
  principal: {
    exact: `SELECT p.arn AS key, p.name AS label, p.kind || ' of ' || p.account_id AS detail FROM principal p
      CROSS JOIN run_principal rp ON rp.run_id = $run AND rp.principal_id = p.principal_id WHERE p.arn = $given`,
    all: `SELECT p.arn AS key, p.name AS label, p.kind || ' of ' || p.account_id AS detail, p.arn AS searched
      FROM principal p CROSS JOIN run_principal rp ON rp.run_id = $run AND rp.principal_id = p.principal_id ORDER BY p.arn`,
  },
  policy: {
    exact: `SELECT po.key, po.name AS label, po.kind || coalesce(' of ' || po.account_id, '') AS detail FROM policy po
      WHERE po.key = $given AND po.kind <> 'inline' AND EXISTS (SELECT 1 FROM attachment a WHERE a.run_id = $run AND a.policy_id = po.policy_id)`,
    all: `SELECT po.key, po.name AS label, po.kind || coalesce(' of ' || po.account_id, '') AS detail, po.name AS searched
      FROM policy_total t CROSS JOIN policy po ON po.policy_id = t.policy_id WHERE t.run_id = $run ORDER BY t.policy_id`,
  },
};

/**
 * What a person may mean by some letters: at most five of each kind, those that begin so first, then those that have them anywhere. Of
 * policies those that several principals have; others are found by their whole ARN.
 *
 * @param isOver whether the time is over that searching may take; what is found until then is given
 */
export function findAnything(db: Connection, runId: number, asked: Asked, isOver: () => boolean): readonly Found[] {
  const given = text(asked, "q") ?? "";
  if (given.length > MOST_SEARCHED)
    throw new PageError("bad-parameter", "`q` is too long", `search for ${MOST_SEARCHED} characters at the most`);
  if (given === "") return [];
  const q = given.toLowerCase();
  const pulse = pulseOf(db);
  const kinds = Object.keys(KINDS) as Found["kind"][]; // its own keys
  const all: Found[] = [];
  for (const kind of kinds) {
    const found = new Map<string, Found>();
    const values = { run: runId, q, given };
    const { exact, all: every } = KINDS[kind];
    for (const row of db.prepare<[object], Omit<Found, "kind">>(`${exact} LIMIT ${MOST_FOUND}`).all(values))
      found.set(row.key, { kind, key: row.key, label: row.label, detail: row.detail });
    if (found.size < MOST_FOUND) {
      const rows = db
        .prepare<[object], Omit<Found, "kind"> & { readonly isFound: 0 | 1 }>(
          `SELECT *, searched LIKE $like ESCAPE '\\' AS isFound FROM (${every}) WHERE ${passing("searched LIKE $like ESCAPE '\\'")}`,
        )
        .iterate({ ...values, like: `%${given.replace(/[\\%_]/g, "\\$&")}%` });
      for (const { key, label, detail, isFound } of rows) {
        pulse.seen();
        if (isFound === 1) found.set(key, { kind, key, label, detail });
        if (found.size >= MOST_FOUND || (isFound !== 1 && isOver())) break;
      }
    }
    all.push(...found.values());
  }
  return all;
}
