export { builtInCatalog } from "./built-in.ts";
export {
  ACCESS_LEVELS,
  type AccessLevel,
  type ActionSource,
  type Catalog,
  type CatalogSource,
  accessLevel,
  isTracked,
  openCatalog,
} from "./catalog.ts";
export { CatalogError } from "./catalog-error.ts";
export { contentHash, imageOf } from "./image.ts";
export { loadCatalog } from "./load.ts";
export type { Operation } from "./operations.ts";
export { type IamData, readIamData } from "./sources/iam-data.ts";
