import { isIamCollectPart } from "@leastwise/evidence";
import { sha256OfFile, sha256OfFolder } from "./input-hash.ts";
import type { FileToRead } from "./read-files.ts";

/** What a thread is to hash. */
export interface HashTask {
  readonly files: readonly FileToRead[];
}

/** Worker task: the hashes that reading these files would give, in their order; null where there is none. */
export default function hashFiles({ files }: HashTask): readonly (string | null)[] {
  return files.map((file) => (typeof file === "string" ? sha256OfFile(file) : ofFolder(file.parts)) ?? null);
}

function ofFolder(paths: readonly string[]): string | undefined {
  return sha256OfFolder(paths.filter(isIamCollectPart).map((path) => ({ path, sha256: sha256OfFile(path) })));
}
