/** What the page is made of, and how large it is. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";
import { bundledInPage } from "../../../release/src/handed-over.ts";
import { readLockFile } from "../../../release/src/supply/lock-file.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SERVED = join(ROOT, "apps/batch/dist/page");
const MOST_BYTES = 250_000;

test("the page that is served weighs less than 250 kB, all of it together, as it goes through the wire", () => {
  const files = readdirSync(SERVED, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const kinds = files.map(({ name }) => name.replace(/^.*\./u, "")).toSorted();
  expect(kinds).toEqual(["css", "html", "js"]);
  const bytes = files.reduce(
    (sum, { parentPath, name }) => sum + gzipSync(readFileSync(join(parentPath, name))).length,
    0,
  );
  expect(bytes).toBeLessThan(MOST_BYTES);
});

test("its code comes from packages whose licences are handed over with the program", async () => {
  const { output } = (await build({
    root: join(ROOT, "apps/dashboard"),
    logLevel: "silent",
    build: { write: false },
  })) as Extract<Awaited<ReturnType<typeof build>>, { readonly output: unknown }>; // one set of outputs, and nobody watches
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(id)?.[1] ?? []));
  const known = bundledInPage(readLockFile(readFileSync(join(ROOT, "package-lock.json"), "utf8"))).map(
    ({ name }) => name,
  );
  expect(known).toEqual(expect.arrayContaining([...packages]));
  expect([...packages]).toEqual(expect.arrayContaining(["preact", "uplot", "diff", "@tanstack/preact-table"]));
});
