const VALUE = '{["w';
const BLANK = /[\t\n\r ]*/y;
const PLAIN = /[ !#-[\]-\uffff]*/y; // RFC 8259, `unescaped`
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const ESCAPE_CUT = /\\(?:u[\da-fA-F]{0,3})?$/y;
const WORD = /[\w.+-]+/y;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const SCALAR_CUT = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|-?(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?))$/;

/**
 * Where a text that JSON.parse refuses stops being JSON: the offset of the first character, or of the first word or number, that
 * cannot stand there; the text's length where it is the beginning of some JSON value and only ends too early. O(length).
 *
 * JSON.parse's own message does not say: Node 20 names a place for some errors only, and quotes the file in its text.
 */
export function stopOfJson(text: string): number {
  const open: string[] = []; // what closes each object and list that is open, the innermost last
  let allowed = VALUE; // first characters of what may stand next; `w` for words and numbers
  let isKey = false;
  for (let at = after(BLANK, text, 0); at < text.length; at = after(BLANK, text, at)) {
    const character = text.charAt(at);
    const kind = '{}[],:"'.includes(character) ? character : "w";
    if (!allowed.includes(kind)) return at;
    if (kind === "{" || kind === "[") {
      isKey = kind === "{";
      open.push(isKey ? "}" : "]");
      allowed = isKey ? '"}' : `${VALUE}]`;
      at++;
    } else if (kind === "," || kind === ":") {
      isKey = kind === "," && open.at(-1) === "}";
      allowed = isKey ? '"' : VALUE;
      at++;
    } else {
      const token = kind === "w" ? wordAt(text, at) : kind === '"' ? stringAt(text, at) : { end: at + 1 };
      if ("stop" in token) return token.stop;
      if (kind === "}" || kind === "]") open.pop();
      allowed = isKey && kind === '"' ? ":" : open.length === 0 ? "" : `,${open.at(-1)}`;
      isKey = false;
      at = token.end;
    }
  }
  return text.length;
}

type Token = { readonly end: number } | { readonly stop: number };

function stringAt(text: string, start: number): Token {
  let at = after(PLAIN, text, start + 1);
  while (text[at] === "\\") {
    const end = after(ESCAPE, text, at);
    if (end === at) return { stop: after(ESCAPE_CUT, text, at) === text.length ? text.length : at };
    at = after(PLAIN, text, end);
  }
  return text[at] === '"' ? { end: at + 1 } : { stop: at };
}

function wordAt(text: string, start: number): Token {
  const end = after(WORD, text, start);
  const word = text.slice(start, end);
  if (SCALAR.test(word)) return { end };
  return { stop: end === text.length && SCALAR_CUT.test(word) ? end : start };
}

/** The end of what a sticky expression matches at `from`; `from` itself where it matches nothing. */
function after(expression: RegExp, text: string, from: number): number {
  expression.lastIndex = from;
  return expression.test(text) ? expression.lastIndex : from;
}
