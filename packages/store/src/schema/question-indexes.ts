/**
 * Indexes that only serve questions. Writing many results through them would rewrite most of their pages with every commit, so the first
 * large run of a database drops them when it is planned and makes them again when it ends.
 */
export const QUESTION_INDEXES: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: "unit_by_document",
    sql: "CREATE INDEX IF NOT EXISTS unit_by_document ON unit (document_id, final_document_id)",
  },
  {
    name: "unit_by_final_document",
    sql: "CREATE INDEX IF NOT EXISTS unit_by_final_document ON unit (final_document_id) WHERE final_document_id IS NOT NULL",
  },
  {
    name: "unit_by_removed",
    sql: "CREATE INDEX IF NOT EXISTS unit_by_removed ON unit (actions_removed DESC, recommended_action, actions_before)",
  },
  {
    name: "unit_by_before",
    sql: "CREATE INDEX IF NOT EXISTS unit_by_before ON unit (actions_before DESC, actions_removed)",
  },
];

/** As part of the schema. */
export const QUESTION_INDEX_SQL: string = `${QUESTION_INDEXES.map(({ sql }) => sql).join(";\n")};\n`;
