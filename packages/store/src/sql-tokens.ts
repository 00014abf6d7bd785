/** A piece of SQL that means something; white space and comments are none. */
export interface SqlToken {
  /**
   * `word`: a keyword or a bare name; `name`: one in `"…"`, `[…]` or backticks; `string`: in `'…'`, which SQLite also takes for the name
   * of a table; `semicolon`; `other`: numbers, variables, blobs, operators, and what SQLite would not take.
   */
  readonly kind: "word" | "name" | "string" | "semicolon" | "other";
  /** As written, but without the quotes that it stands in. */
  readonly text: string;
}

/** White space as SQLite has it: no Unicode blanks but the byte order mark, and a vertical tab only behind another blank. */
const BLANK = /\uFEFF|[\t\n\f\r ][\t-\r ]*/y;
const LINE_COMMENT = /--[^\n]*/y;
const BLOCK_COMMENT = /\/\*(?=[^])(?:[^]*?\*\/|[^]*$)/y;
const BLOB = /x'[^']*'?/iy;
const STRING = /'((?:[^']|'')*)(?:'|$)/y;
const NAME = /"((?:[^"]|"")*)(?:"|$)|`((?:[^`]|``)*)(?:`|$)|\[([^\]]*)(?:\]|$)/y;
const WORD = /[A-Z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/iy;
const NUMBER_OR_VARIABLE = /[\d$@#:?][\w$\u0080-\uFFFF]*/y;

/**
 * SQL as SQLite's own tokenizer cuts it, as far as it matters to where names, strings and statements begin and end. Unfinished quotes
 * and comments reach to the end. O(characters). Source: https://www.sqlite.org/lang_comment.html, lang_keywords.html and tokenize.c.
 */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  let at = 0;
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const match = form.exec(sql);
    if (match !== null) at = form.lastIndex;
    return match;
  };
  while (at < sql.length) {
    if (take(BLANK) !== null || take(LINE_COMMENT) !== null || take(BLOCK_COMMENT) !== null) continue;
    if (take(BLOB) !== null) {
      yield { kind: "other", text: "" };
      continue;
    }
    const string = take(STRING);
    if (string !== null) {
      yield { kind: "string", text: string[1]!.replaceAll("''", "'") }; // the group takes part in every match
      continue;
    }
    const name = take(NAME);
    if (name !== null) {
      const [, double, tick, bracket = ""] = name;
      yield { kind: "name", text: double?.replaceAll('""', '"') ?? tick?.replaceAll("``", "`") ?? bracket };
      continue;
    }
    const word = take(WORD);
    if (word !== null) {
      yield { kind: "word", text: word[0] };
      continue;
    }
    const [text] = take(NUMBER_OR_VARIABLE) ?? [sql[at++]!]; // at < sql.length
    yield { kind: text === ";" ? "semicolon" : "other", text };
  }
}
