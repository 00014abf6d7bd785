/** Part of the build: puts the page, where it is built, beside the program that serves it. */
import { cpSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../dashboard/dist/", import.meta.url));
const beside = fileURLToPath(new URL("dist/page/", import.meta.url));

rmSync(beside, { recursive: true, force: true });
const isShown = (path) => !/\.(?:map|d\.ts|tsbuildinfo)$/.test(path);
if (existsSync(`${built}index.html`)) cpSync(built, beside, { recursive: true, filter: isShown });
