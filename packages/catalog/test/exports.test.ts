import { expect, test } from "vitest";
import * as catalog from "../src/index.ts";

test("the package gives away exactly this", () => {
  expect(Object.keys(catalog).sort()).toEqual([
    "ACCESS_LEVELS",
    "CatalogError",
    "accessLevel",
    "builtInCatalog",
    "contentHash",
    "imageOf",
    "isTracked",
    "loadCatalog",
    "openCatalog",
    "readIamData",
  ]);
});
