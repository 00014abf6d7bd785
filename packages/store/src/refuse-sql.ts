import { type SqlToken, sqlTokens } from "./sql-tokens.ts";
import { StoreError } from "./store-error.ts";

export const SQL_HINT: string =
  "one SELECT (or WITH … SELECT, VALUES, EXPLAIN) on the views; `leastwise query --list` shows examples";

/** Keywords of writing. SQLite reserves all but REPLACE, so no question is lost; REPLACE( is a function of texts. */
const WRITES = new Set(["INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"]);

/** Functions that reach out of the database, in this build of SQLite or in another. */
const REACHING_OUT = new Set(["load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "sqlite_log"]);

/** The PRAGMAs that may be asked as tables: those that say something of the database and can do nothing to it. */
const INTROSPECTION: ReadonlySet<string> = new Set(
  [
    ["table_list", "table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list"],
    ["function_list", "module_list", "collation_list", "database_list", "compile_options", "pragma_list"],
    ["user_version", "application_id", "schema_version", "page_count", "page_size", "freelist_count", "encoding"],
    ["integrity_check", "quick_check", "foreign_key_check"],
  ]
    .flat()
    .map((name) => `pragma_${name}`),
);

/**
 * Refuses whatever is more than one question, before SQLite sees it: VACUUM INTO writes a file even on a read-only connection, ATTACH
 * opens others, and some PRAGMAs act when they are prepared, even behind EXPLAIN. O(characters).
 *
 * @throws StoreError `refused-sql`
 */
export function refuseUnlessQuestion(sql: string): void {
  if (sql.includes("\0")) throw refusal("the SQL has a NUL character, and SQLite would read no further");
  const tokens = [...sqlTokens(sql)];
  const end = tokens.findIndex(({ kind }) => kind === "semicolon");
  if (end !== -1 && tokens.slice(end).some(({ kind }) => kind !== "semicolon"))
    throw refusal("there are several statements, and only one question is answered at a time");
  if (!startsAsQuestion(tokens)) throw refusal("only questions are answered here");
  for (const [i, token] of tokens.entries()) refuseToken(token, tokens[i + 1]);
}

/** Whether the first words are those of a question. */
function startsAsQuestion(tokens: readonly SqlToken[]): boolean {
  const words = tokens.slice(0, 4).map(({ kind, text }) => (kind === "word" ? text.toUpperCase() : ""));
  const rest = words[0] === "EXPLAIN" ? words.slice(words[1] === "QUERY" && words[2] === "PLAN" ? 3 : 1) : words;
  return ["SELECT", "WITH", "VALUES"].includes(rest[0] ?? "");
}

function refuseToken({ kind, text }: SqlToken, next: SqlToken | undefined): void {
  if (kind === "word") {
    const word = text.toUpperCase();
    const isWrite = WRITES.has(word) || (word === "REPLACE" && next?.text.toUpperCase() === "INTO");
    if (isWrite) throw refusal(`only questions are answered here, and \`${word}\` is none`);
  }
  const name = text.toLowerCase();
  const isCalled = (kind === "word" || kind === "name") && next?.kind === "other" && next.text === "(";
  if (isCalled && REACHING_OUT.has(name))
    throw refusal(`the function \`${name}\` reaches out of the database, so it is refused`);
  const isTable = kind === "word" || kind === "name" || kind === "string"; // FROM 'pragma_…' is the table too
  if (isTable && /^pragma_\w+$/.test(name) && !INTROSPECTION.has(name)) {
    throw refusal(
      `\`${name}\` is refused: it does more than describe the database`,
      "pragma_table_list, pragma_table_xinfo, pragma_index_list, pragma_function_list and their like may be asked",
    );
  }
}

function refusal(message: string, hint: string = SQL_HINT): StoreError {
  return new StoreError("refused-sql", message, hint);
}
