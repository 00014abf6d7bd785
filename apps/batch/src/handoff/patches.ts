import type { Connection } from "@leastwise/store";
import { readPolicyRecommendations, readRecommendations } from "@leastwise/store";
import { byPrincipal } from "../format/by-principal.ts";
import { patchOf, policyPatchOf } from "../format/exports.ts";
import { byAccount } from "./by-account.ts";
import type { GrowingFile, OutputFolder } from "./output-folder.ts";

/** `ACCOUNT.patch` for each account in which something changes, the same as `--format diff` of that account alone; gives their number. */
export function writePatches(db: Connection, folder: OutputFolder): number {
  let open: { readonly accountId: string; readonly file: GrowingFile } | undefined;
  let accounts = 0;
  for (const part of byAccount(readPolicyRecommendations(db), byPrincipal(readRecommendations(db)))) {
    const patch = "shared" in part ? policyPatchOf(part.shared) : part.rows.map(patchOf).join("");
    if (patch === "") continue;
    if (open?.accountId !== part.accountId) {
      open?.file.finish();
      open = { accountId: part.accountId, file: folder.begin(`${part.accountId}.patch`) };
      accounts++;
    }
    open.file.write(patch);
  }
  open?.file.finish();
  return accounts;
}
