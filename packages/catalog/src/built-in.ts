import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Catalog, openCatalog } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import { ImageError } from "@leastwise/core";

/** Where the build puts the image of the built-in catalog. */
export const BUILT_IN_IMAGE: URL = new URL("./built-in.image", import.meta.url);

/**
 * The catalog that the package ships, in shared memory.
 *
 * @throws CatalogError `catalog-unreadable` when the image is missing or damaged
 */
export function builtInCatalog(): Catalog {
  try {
    return openCatalog(readShared(BUILT_IN_IMAGE));
  } catch (error) {
    if (!(error instanceof ImageError) && (error as NodeJS.ErrnoException).code === undefined) throw error; // not from reading or opening
    const reason = error instanceof Error ? error.message : String(error);
    throw new CatalogError(
      "catalog-unreadable",
      `the built-in catalog cannot be opened: ${reason}`,
      "install or build the package again",
      {
        cause: error,
      },
    );
  }
}

/** A file's bytes in shared memory, without a copy of them on the way. A file that becomes shorter meanwhile ends in zeros. */
function readShared(file: URL): SharedArrayBuffer {
  const descriptor = openSync(file, "r");
  try {
    const shared = new SharedArrayBuffer(fstatSync(descriptor).size);
    const bytes = new Uint8Array(shared);
    for (let at = 0, read = 1; at < bytes.length && read > 0; at += read)
      read = readSync(descriptor, bytes, { offset: at });
    return shared;
  } finally {
    closeSync(descriptor);
  }
}
