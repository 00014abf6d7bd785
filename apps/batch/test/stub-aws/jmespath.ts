/** As much of JMESPath (jmespath.org/specification.html) as the scripts ask of the AWS CLI. What is not known here is an error. */
export function jmespath(query: string, data: unknown): unknown {
  const parser = new Parser(query);
  const evaluate = parser.expression();
  parser.end();
  return plain(evaluate(data));
}

type Evaluate = (data: unknown) => unknown;

/** Values on which what follows is done one by one, until an operator that is none of a path. */
class Projection {
  readonly values: readonly unknown[];
  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

const TOKEN =
  /\s*(?:(?<literal>`(?:[^`\\]|\\[^])*`)|(?<raw>'[^']*')|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+)|(?<sign>\|\||&&|==|!=|\[\?|\[\]|[.[\]()!,&@{}:]))/y;

class Parser {
  readonly #tokens: { readonly kind: string; readonly text: string }[] = [];
  #at = 0;

  constructor(query: string) {
    for (let at = 0; at < query.trimEnd().length; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(query)?.groups;
      const [kind, text] = Object.entries(groups ?? {}).find(([, found]) => found !== undefined) ?? [];
      if (kind === undefined || text === undefined)
        throw new Error(`Bad value for --query: ${query.slice(at, at + 40)}`);
      this.#tokens.push({ kind, text });
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length)
      throw new Error(`Bad value for --query at ${this.#tokens[this.#at]?.text ?? ""}`);
  }

  expression(): Evaluate {
    return this.#binary("||", () => this.#binary("&&", () => this.#comparison()));
  }

  #binary(sign: "||" | "&&", next: () => Evaluate): Evaluate {
    let left = next();
    while (this.#take(sign)) {
      const [first, second] = [left, next()];
      left = (data) => {
        const value = plain(first(data));
        return isTrue(value) === (sign === "||") ? value : plain(second(data));
      };
    }
    return left;
  }

  #comparison(): Evaluate {
    const left = this.#unary();
    if (!this.#take("==")) return left;
    const right = this.#unary();
    return (data) => isEqual(plain(left(data)), plain(right(data)));
  }

  #unary(): Evaluate {
    if (!this.#take("!")) return this.#path();
    const operand = this.#unary();
    return (data) => !isTrue(plain(operand(data)));
  }

  #path(): Evaluate {
    let path = this.#primary();
    for (;;) {
      const before = path;
      if (this.#take("[]")) path = (data) => new Projection(flat(plain(before(data))));
      else if (this.#take("[?")) {
        const condition = this.expression();
        this.#expect("]");
        path = (data) => new Projection(list(plain(before(data))).filter((item) => isTrue(plain(condition(item)))));
      } else if (this.#take(".")) {
        const step = this.#take("[") ? this.#multiSelect() : this.#field();
        path = (data) => {
          const value = before(data);
          if (!(value instanceof Projection)) return step(value);
          return new Projection(value.values.map((item) => step(item)).filter((item) => item !== null));
        };
      } else return path;
    }
  }

  #primary(): Evaluate {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error("Bad value for --query: it ends too soon");
    if (token.kind === "raw") return () => token.text.slice(1, -1);
    if (token.kind === "literal") {
      const value = JSON.parse(token.text.slice(1, -1).replaceAll("\\`", "`")) as unknown;
      return () => value;
    }
    if (token.text === "[") return this.#multiSelect();
    if (token.text === "(") {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (token.kind === "name" && token.text === "sort_by" && this.#take("(")) {
      const items = this.expression();
      this.#expect(",");
      this.#expect("&");
      const key = this.expression();
      this.#expect(")");
      return (data) =>
        [...list(plain(items(data)))].sort((a, b) => (String(plain(key(a))) < String(plain(key(b))) ? -1 : 1));
    }
    if (token.kind !== "name") throw new Error(`Bad value for --query at ${token.text}`);
    return fieldOf(token.text);
  }

  #field(): Evaluate {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "name") throw new Error(`Bad value for --query at ${token?.text ?? "its end"}`);
    return fieldOf(token.text);
  }

  #multiSelect(): Evaluate {
    const items = [this.expression()];
    while (this.#take(",")) items.push(this.expression());
    this.#expect("]");
    return (data) => (data === null ? null : items.map((item) => plain(item(data))));
  }

  #take(sign: string): boolean {
    if (this.#tokens[this.#at]?.kind !== "sign" || this.#tokens[this.#at]?.text !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new Error(`Bad value for --query: ${sign} expected`);
  }
}

function fieldOf(name: string): Evaluate {
  return (data) => {
    const value = plain(data);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? ((value as Readonly<Record<string, unknown>>)[name] ?? null)
      : null;
  };
}

function plain(value: unknown): unknown {
  return value instanceof Projection ? value.values : value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function flat(value: unknown): readonly unknown[] {
  return list(value)
    .flatMap((item): readonly unknown[] => (Array.isArray(item) ? item : [item]))
    .filter((item) => item !== null);
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== false && value !== "";
}

/** JSON values, whatever the order of keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => key in right && isEqual(left[key], right[key]))
  );
}
