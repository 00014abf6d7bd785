import type { DiagnosticRow } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { RESULT_DIAGNOSTICS } from "../schema/views/result-diagnostics.ts";
import { type Asked, choice, found, searched, text } from "./asked.ts";
import { type Looked, collect } from "./collect.ts";
import { type KeyValues, cursorValues } from "./cursor.ts";
import type { Value } from "./list-query.ts";
import { type List, questionText } from "./list.ts";
import { PageError } from "./page-error.ts";
import { type Pulse, passing, pulseOf } from "./pulse.ts";
import { branches } from "./read-page.ts";

/** Diagnostics of one kind and severity, in the order of their keys. */
interface Stage {
  readonly severity: DiagnosticRow["severity"];
  readonly columns: string;
  readonly from: (run: string) => string;
  readonly keys: readonly string[];
}

const [FAILED, FORMS, UNKNOWN] = RESULT_DIAGNOSTICS;

function ofInputs(severity: DiagnosticRow["severity"]): Stage {
  return {
    severity,
    columns: "d.severity, d.code, d.path, d.pointer, d.message, d.hint",
    from: (run) => `diagnostic d WHERE d.run_id = ${run} AND d.severity = '${severity}'`,
    keys: ["d.code", "d.diagnostic_id"],
  };
}

/** As the view `diagnostics` has them: errors first. */
const STAGES: readonly Stage[] = [
  ofInputs("error"),
  { severity: "error", ...FAILED },
  { severity: "error", ...FORMS },
  ofInputs("warning"),
  { severity: "warning", ...UNKNOWN },
  ofInputs("info"),
];
const MOST_KEYS = 4;
const SEVERITIES = ["error", "warning", "info"] as const;

export const DIAGNOSTICS: List<DiagnosticRow> = {
  filters: ["severity", "code"],
  sorts: [],
  columns: ["severity", "code", "path", "pointer", "message", "hint"],
  read: (db, runId, asked, part) => {
    const question = questionText("diagnostics", runId, asked);
    const after = text(asked, "after");
    const from = after === undefined ? null : cursorValues(question, 1 + MOST_KEYS, after);
    if (from !== null && STAGES[Number(from[0])] === undefined)
      throw new PageError("bad-cursor", "`after` is no place in this list", "begin again without `after`");
    const severity = choice(asked, "severity", SEVERITIES) ?? null;
    const values = { run: runId, q: searched(asked), code: text(asked, "code") ?? null };
    const page = collect(question, said(db, severity, values, from), part);
    return { ...page, total: total(db, runId, severity, asked) };
  },
};

function* said(
  db: Connection,
  severity: string | null,
  values: Readonly<Record<"run" | "q" | "code", Value>>,
  from: KeyValues | null,
): Generator<Looked<DiagnosticRow>> {
  const pulse = pulseOf(db);
  for (let stage = Number(from?.[0] ?? 0); stage < STAGES.length; stage++) {
    const { severity: own, keys } = STAGES[stage]!; // stage is inside
    if (severity !== null && own !== severity) continue;
    const after = from !== null && stage === from[0] ? from.slice(1, 1 + keys.length) : null;
    for (const branch of branches(
      keys.map((sql) => ({ sql })),
      after,
    ))
      yield* rowsOf(db, stage, branch.where, { ...values, ...branch.values }, pulse);
  }
}

function* rowsOf(
  db: Connection,
  place: number,
  after: string,
  values: Readonly<Record<string, Value>>,
  pulse: Pulse,
): Generator<Looked<DiagnosticRow>> {
  const { columns, from, keys } = STAGES[place]!; // places are those of stages
  const wanted = [
    ...(values["code"] === null ? [] : ["code = $code"]),
    ...(values["q"] === null ? [] : [found("path", "message", "code")]),
  ];
  const inner = `SELECT ${columns}, ${keys.map((key, i) => `${key} AS at${i}`).join(", ")} FROM ${from("$run")} AND (${after}) ORDER BY ${keys.join(", ")}`;
  const all = wanted.map((one) => `(${one})`).join(" AND ") || "1";
  const rows = db
    .prepare<[object], Record<string, Value>>(
      `SELECT *, coalesce(${all}, 0) AS isWanted FROM (${inner}) WHERE ${wanted.map(passing).join(" AND ") || "1"}`,
    )
    .iterate(values);
  for (const row of rows) {
    pulse.seen();
    const at = Array.from({ length: MOST_KEYS }, (_, i) => row[`at${i}`] ?? 0);
    const { severity, code, path, pointer, message, hint } = row as unknown as DiagnosticRow; // the columns of each stage
    yield {
      place: [place, ...at],
      item: row["isWanted"] === 1 ? { severity, code, path, pointer, message, hint } : null,
    };
  }
}

/** Said when the run ended; of one code nobody has counted them. */
function total(db: Connection, runId: number, severity: string | null, asked: Asked): number | null {
  if (text(asked, "code") !== undefined) return null;
  if (severity !== null) {
    return (
      db
        .prepare<[string, number], number | null>(
          "SELECT json_extract(found, '$.diagnostics.' || ?) FROM run WHERE run_id = ?",
        )
        .pluck()
        .get(severity, runId) ?? null
    );
  }
  return (
    db
      .prepare<[number], number | null>(
        `SELECT json_extract(found, '$.diagnostics.error') + json_extract(found, '$.diagnostics.warning')
           + json_extract(found, '$.diagnostics.info') FROM run WHERE run_id = ?`,
      )
      .pluck()
      .get(runId) ?? null
  );
}
