import { createHash } from "node:crypto";

/** A resource's name: letters, digits and underscores of the change's id, and a digest that keeps it unique. */
export function resourceName(id: string): string {
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 8);
  return `${id.replace(/\W+/g, "_").slice(0, 80)}_${digest}`;
}

/** Text as a string of Terraform's JSON syntax holds it: `${` and `%{` would begin a template. */
export function templateText(text: string): string {
  return text.replace(/([$%])\{/g, "$1$1{");
}

/** Takes a document from the file beside, so that neither JSON nor policy variables such as `${aws:username}` have to be escaped. */
export function fileText(path: string): string {
  return `\${file("\${path.module}/${path}")}`;
}
