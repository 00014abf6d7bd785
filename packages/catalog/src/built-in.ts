import { readFileSync } from "node:fs";
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
    const bytes = readFileSync(BUILT_IN_IMAGE);
    const image = new SharedArrayBuffer(bytes.byteLength);
    new Uint8Array(image).set(bytes);
    return openCatalog(image);
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
