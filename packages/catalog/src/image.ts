import { createHash } from "node:crypto";
import { buildImage } from "@leastwise/core";
import { type CatalogSource, labelOf, levelByte } from "./catalog.ts";

/** The image of a catalog in shared memory, for any number of threads. The same source in any order gives the same bytes. */
export function imageOf(source: CatalogSource): SharedArrayBuffer {
  return buildImage(
    {
      services: source.services,
      actions: source.actions.map(({ action, accessLevel }) => ({ action, level: levelByte(accessLevel) })),
      contentHash: contentHash(source),
      label: labelOf(source.source, source.date),
    },
    (bytes) => new SharedArrayBuffer(bytes),
  ) as SharedArrayBuffer; // what the allocator returned
}

/** SHA-256 over the sorted lines `service` and `service:Name<TAB>access level`, each ended by a line feed. */
export function contentHash({
  services,
  actions,
}: {
  readonly services: readonly string[];
  readonly actions: readonly { readonly action: string; readonly accessLevel: string }[];
}): string {
  const lines = [...services, ...actions.map(({ action, accessLevel }) => `${action}\t${accessLevel}`)].sort();
  return createHash("sha256")
    .update(lines.map((line) => `${line}\n`).join(""))
    .digest("hex");
}
