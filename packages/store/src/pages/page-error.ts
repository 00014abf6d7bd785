/** Something that is asked for in a way that no list knows; codes are stable. */
export class PageError extends Error {
  readonly code: "bad-parameter" | "bad-cursor" | "not-found";
  readonly hint: string;

  constructor(code: PageError["code"], message: string, hint: string) {
    super(message);
    this.name = "PageError";
    this.code = code;
    this.hint = hint;
  }
}
