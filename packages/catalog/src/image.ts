import { createHash } from "node:crypto";
import { buildImage } from "@leastwise/core";
import { type CatalogSource, labelOf, levelByte } from "./catalog.ts";

/** The image of a catalog in shared memory, for any number of threads. The same source in any order gives the same bytes. */
export function imageOf(source: CatalogSource): SharedArrayBuffer {
  return buildImage(
    {
      services: source.services,
      actions: source.actions.map((action) => ({ action: action.action, level: levelByte(action) })),
      contentHash: contentHash(source),
      label: labelOf(source.source, source.date),
    },
    (bytes) => new SharedArrayBuffer(bytes),
  ) as SharedArrayBuffer; // what the allocator returned
}

/**
 * SHA-256 over the sorted lines `service` and `service:Name<TAB>access level`, the latter with `<TAB>tracked` behind it where the
 * action is tracked, each ended by a line feed. So a catalog that knows nothing of tracking keeps its hash.
 */
export function contentHash({
  services,
  actions,
}: {
  readonly services: readonly string[];
  readonly actions: readonly { readonly action: string; readonly accessLevel: string; readonly tracked?: boolean }[];
}): string {
  const lines = [
    ...services,
    ...actions.map(
      ({ action, accessLevel, tracked }) => `${action}\t${accessLevel}${tracked === true ? "\ttracked" : ""}`,
    ),
  ].sort();
  return createHash("sha256")
    .update(lines.map((line) => `${line}\n`).join(""))
    .digest("hex");
}
