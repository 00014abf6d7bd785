/** Part of the build: puts the page, where it is built, beside the program that serves it: what its index.html names, since a build's folder may hold an older one's. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../dashboard/dist/", import.meta.url));
const beside = fileURLToPath(new URL("dist/page/", import.meta.url));
const index = join(built, "index.html");

rmSync(beside, { recursive: true, force: true });
if (existsSync(index)) {
  const named = [...readFileSync(index, "utf8").matchAll(/ (?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name);
  for (const name of ["index.html", ...named]) {
    mkdirSync(dirname(join(beside, name)), { recursive: true });
    copyFileSync(join(built, name), join(beside, name));
  }
}
