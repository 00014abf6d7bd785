/**
 * SQL: a document's statements as rows of `json_each`, whose `key` counts from 0, also where the document has a single object for a
 * statement and no list. SQLite reads a list where it stands, without a copy.
 *
 * @param text SQL for the document's text
 */
export function statementsOf(text: string): string {
  return `json_each(CASE json_type(${text}, '$.Statement') WHEN 'array' THEN ${text}
    ELSE json_object('Statement', json_array(json_extract(${text}, '$.Statement'))) END, '$.Statement')`;
}
