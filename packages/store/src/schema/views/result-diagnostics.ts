/** A kind of thing that single results have to say, as SQL: for the view, and for whoever reads them one after the other. */
interface ResultDiagnostics {
  /** What the columns severity, code, path, pointer, message, hint are. */
  readonly columns: string;
  /** Tables and conditions, by SQL of the run's id: a column of a table that comes before them, or a parameter. */
  readonly from: (run: string) => string;
  /** What tells the rows apart, in the order in which they come. */
  readonly keys: readonly string[];
}

const NAMED = `CROSS JOIN principal pr ON pr.principal_id = r.principal_id
  CROSS JOIN policy po ON po.policy_id = r.policy_id`;

/** Policies without an answer, forms without an answer, entries that the catalog lacks. */
export const RESULT_DIAGNOSTICS: readonly [
  failed: ResultDiagnostics,
  forms: ResultDiagnostics,
  unknown: ResultDiagnostics,
] = [
  {
    columns: `'error' AS severity, u.failure_code AS code, pr.arn AS path, po.name AS pointer, u.failure AS message,
         CASE WHEN u.failure_code IN ('out-of-memory', 'out-of-time') THEN 'nothing was stored for this policy; refine into another file with more ' || CASE u.failure_code WHEN 'out-of-memory' THEN '--worker-memory' ELSE '--task-seconds' END
           ELSE 'this is a bug in Leastwise: nothing was stored for this policy' END AS hint`,
    from: (run) => `unit u INDEXED BY unit_failed
  CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = ${run}
  ${NAMED}
  WHERE u.state = 'failed'`,
    keys: ["u.unit_id", "r.principal_id", "r.policy_id"],
  },
  {
    columns: `'error' AS severity, u.failure_code AS code, 'unit ' || u.unit_id AS path, 'in the form ' || json_extract(o.text, '$.fit.form') AS pointer,
         u.failure AS message,
         CASE WHEN u.failure_code IN ('out-of-memory', 'out-of-time') THEN '' ELSE 'this is a bug in Leastwise: ' END || 'the next form was tried' AS hint`,
    from: (run) => `rung g
  CROSS JOIN unit u ON u.unit_id = g.unit_id
  CROSS JOIN option_set o ON o.option_set_id = u.option_set_id
  WHERE g.run_id = ${run} AND u.state = 'failed'`,
    keys: ["u.unit_id"],
  },
  {
    columns: `'warning' AS severity, 'unknown-action' AS code, pr.arn AS path,
         po.name || ', statement ' || json_extract(entry.value, '$.statement') AS pointer,
         'the catalog has no action \`' || json_extract(entry.value, '$.entry') || '\`' AS message,
         'kept unless reported unused; check the spelling, or use a newer catalog' AS hint`,
    from: (run) => `unit u INDEXED BY unit_with_unknown_actions
  CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = ${run}
  CROSS JOIN json_each(u.unknown_actions) AS entry
  ${NAMED}
  WHERE u.unknown_actions IS NOT NULL`,
    keys: ["u.unit_id", "r.principal_id", "r.policy_id", "entry.key"],
  },
];
