import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What `details` files hold, as the generator writes them. */
interface Details {
  readonly RoleDetailList: readonly { readonly RolePolicyList: readonly { readonly PolicyDocument: unknown }[] }[];
  readonly Policies: readonly { readonly PolicyVersionList: readonly { readonly Document: unknown }[] }[];
}

/** Reads and parses every file of a made-up organization, and writes each policy document as text. Gives the number of documents. */
export function readInputs(folder: string): number {
  let documents = 0;
  for (const path of filesIn(join(folder, "details"))) {
    const { RoleDetailList, Policies } = JSON.parse(textOf(path)) as Details; // what the generator wrote
    for (const { RolePolicyList } of RoleDetailList)
      for (const { PolicyDocument } of RolePolicyList) documents += JSON.stringify(PolicyDocument).length > 0 ? 1 : 0;
    for (const { PolicyVersionList } of Policies)
      for (const { Document } of PolicyVersionList) documents += JSON.stringify(Document).length > 0 ? 1 : 0;
  }
  for (const kind of ["findings", "last-accessed"])
    for (const path of filesIn(join(folder, kind)))
      for (const line of textOf(path).split("\n")) if (line !== "") JSON.parse(line);
  return documents;
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
