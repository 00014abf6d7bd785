/**
 * `npm run tarball:try`: makes the tarball, has npm install it into an empty folder with what it needs to run, and runs the demo there.
 * SQLite's binding is taken from this checkout; with `--compile` it is built anew, as for anyone else, which takes about a minute.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { showDemo } from "./tarball/demo.ts";
import { pack } from "./tarball/pack.ts";

const BINDING = "node_modules/better-sqlite3/build/Release/better_sqlite3.node";

const root = resolve(".");
const compiles = process.argv.includes("--compile");
const folder = mkdtempSync(join(tmpdir(), "leastwise-tarball-"));
try {
  const { path, packedSize, files } = pack(root, join(folder, "packed"));
  const home = join(folder, "installed");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), JSON.stringify({ allowScripts: { "better-sqlite3": compiles } }));
  const options = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...options, ...(compiles ? [] : ["--ignore-scripts"]), path], {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (!compiles) cpSync(join(root, BINDING), join(home, BINDING));
  const installed = readdirSync(join(home, "node_modules/leastwise/node_modules/@leastwise"));
  if (installed.length !== 6) throw new Error(`npm unpacked ${installed.join(", ")} of our packages`);
  const { code, out, err, expected } = showDemo(root, join(home, "node_modules/.bin/leastwise"), home);
  if (code !== 0 || out !== expected) throw new Error(`the demo ended with ${code}:\n${err}\n${out}`);
  process.stdout.write(
    `${files.length} files, ${Math.ceil(packedSize / 1000)} kB; installed by npm; the demo prints what it should\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
