/** `npm run supply`: fails when a licence, an install script or an origin is not what docs/dependencies.md says. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PAGE, PROGRAM, bundledInPage } from "./handed-over.ts";
import { closureOf } from "./supply/closure.ts";
import { installedPackages } from "./supply/installed.ts";
import { type LockedPackage, isForeign, readLockFile } from "./supply/lock-file.ts";
import { MAY_RUN_AT_INSTALL, REFUSED_AT_INSTALL } from "./supply/policy.ts";
import { supplyProblems } from "./supply/problems.ts";

const root = resolve(process.argv[2] ?? ".");
const lock = readLockFile(readFileSync(join(root, "package-lock.json"), "utf8"));
const { allowScripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}; // npm has read it before
const ours = [...lock.values()].flatMap(({ target }) => (target === null ? [] : [target]));
const installed = ["", ...ours].flatMap((folder) => installedPackages(root, folder));
const problems = supplyProblems({ lock, installed, handedOver: [PROGRAM, PAGE], allowScripts });
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else {
  const runTime = closureOf(lock, PROGRAM).filter(isForeign);
  const inPage = bundledInPage(lock);
  const isOther = (each: LockedPackage): boolean => !runTime.includes(each) && !inPage.includes(each);
  const others = [...lock.values()].filter((each) => isForeign(each) && isOther(each));
  process.stdout.write(
    `run time: ${runTime.length} packages, ${told(runTime)}\nin the page: ${inPage.length} packages, ${told(inPage)}\nbuild and tests: ${others.length} packages, ${told(others)}\n` +
      `install scripts: ${[...MAY_RUN_AT_INSTALL].join(", ")}; refused: ${[...REFUSED_AT_INSTALL].join(", ")}\n`,
  );
}

/** How many there are of each licence, most first. */
function told(packages: readonly LockedPackage[]): string {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence ?? "none", (counts.get(licence ?? "none") ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([licence, count]) => `${licence} ${count}`).join(", ");
}
