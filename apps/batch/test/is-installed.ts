import { spawnSync } from "node:child_process";

/**
 * Whether a program that tests need is installed. Where it is not, they are skipped by name, and this says so; but where `LEASTWISE_REQUIRE`, a list
 * with commas, has its name, as on a machine that is to test everything, its absence is a failure.
 *
 * @param untested what nobody tests without it
 * @throws Error when it is required and missing
 */
export function isInstalled(name: string, program: string, untested: string): boolean {
  if (spawnSync(program, ["--version"]).status === 0) return true;
  if ((process.env["LEASTWISE_REQUIRE"] ?? "").split(",").includes(name))
    throw new Error(`LEASTWISE_REQUIRE asks for ${name}, and ${program} is not installed`);
  console.warn(`SKIPPED: ${program} is not installed, so nothing of ${untested} is tested`);
  return false;
}
