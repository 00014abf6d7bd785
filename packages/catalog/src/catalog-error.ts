/** Why a catalog cannot be used; codes are stable. */
export class CatalogError extends Error {
  readonly code: "catalog-unreadable" | "catalog-shape" | "catalog-name";
  readonly hint: string;

  constructor(code: CatalogError["code"], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CatalogError";
    this.code = code;
    this.hint = hint;
  }
}
