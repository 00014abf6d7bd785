/**
 * `npm run demo`: the whole way on the made-up organization, as a person would go it. `demo.mjs PROGRAM FOLDER` does it with another
 * `main.js` of Leastwise, such as an installed one, in a folder that has `test-data`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [
  program = fileURLToPath(new URL("../dist/main.js", import.meta.url)),
  home = fileURLToPath(new URL("../../..", import.meta.url)),
] = process.argv.slice(2);
const PROGRAM = resolve(program);
const FOLDER = "leastwise-demo";
const DATABASE = `${FOLDER}/org.db`;
const ROLE = "arn:aws:iam::123456789012:role/MyRole";

process.chdir(home);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);

say("Six made-up accounts, as AWS's own commands export them. Exit code 3: one input was refused, the rest is done.");
leastwise([3], "refine", "test-data/orgs/demo", "--db", DATABASE);
say("The role of Amazon's article: what goes, on what evidence, and the policy before and after.");
leastwise([0], "show", ROLE, "--db", DATABASE);
say("Why one of its actions goes.");
leastwise([0], "explain", ROLE, "s3:GetBucketPolicy", "--db", DATABASE);
say("Two of the questions that the database answers.");
leastwise([0], "query", "largest-reductions", "--limit", "8", "--db", DATABASE);
leastwise([0], "query", "who-can", "iam:PassRole", "--db", DATABASE);
say(`The database is ${DATABASE}. Look into it: npx leastwise query --list, or any SQLite tool.`);

function say(text) {
  console.log(`\n# ${text}`);
}

function leastwise(expected, ...args) {
  console.log(`\n$ leastwise ${args.join(" ")}`);
  const { status, error } = spawnSync(process.execPath, [PROGRAM, ...args], { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (!expected.includes(status)) throw new Error(`leastwise ended with ${status}`);
}
