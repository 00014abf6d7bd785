const TOKEN = /\s*(\(|\)|[^\s()]+)/y;

/**
 * Whether an SPDX licence expression can be met with licences of the list alone: one side of an OR, both sides of an AND. A licence
 * WITH an exception must stand in the list as such. Whatever is no such expression (`SEE LICENSE IN …`, `UNLICENSED`) cannot.
 */
export function isMetBy(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = tokensOf(expression);
  let at = 0;

  /** AND binds closer than OR. An undefined answer: this is no expression. */
  function either(): boolean | undefined {
    let met = both();
    while (tokens[at] === "OR") {
      at++;
      const other = both();
      met = met === undefined || other === undefined ? undefined : met || other;
    }
    return met;
  }

  function both(): boolean | undefined {
    let met = one();
    while (tokens[at] === "AND") {
      at++;
      const other = one();
      met = met === undefined || other === undefined ? undefined : met && other;
    }
    return met;
  }

  function one(): boolean | undefined {
    const token = tokens[at++];
    if (token === undefined || token === ")" || token === "OR" || token === "AND" || token === "WITH") return undefined;
    if (token === "(") {
      const met = either();
      return tokens[at++] === ")" ? met : undefined;
    }
    if (tokens[at] !== "WITH") return allowed.has(token);
    const exception = tokens[at + 1] ?? "";
    at += 2;
    return allowed.has(`${token} WITH ${exception}`);
  }

  return either() === true && at === tokens.length;
}

function tokensOf(expression: string): readonly string[] {
  return Array.from(expression.matchAll(new RegExp(TOKEN, "gy")), ([, token]) => token!); // the group always takes part
}
