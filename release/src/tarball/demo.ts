import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** What a demo printed, and what it ought to print. Without the one thing that differs from run to run: how long it took. */
export interface Shown {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly expected: string;
}

/** Runs the demo with an installed `main.js`, in a folder of its own beside the installation. */
export function showDemo(root: string, main: string, folder: string): Shown {
  const home = join(folder, "work");
  mkdirSync(home);
  symlinkSync(join(root, "test-data"), join(home, "test-data"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "apps/batch/demo/demo.mjs"), main, home], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: folder },
  });
  const expected = readFileSync(join(root, "test-data/demo-output.txt"), "utf8");
  return { code: status, out: withoutTime(stdout), err: stderr, expected: withoutTime(expected) };
}

function withoutTime(output: string): string {
  return output.replace(/ time {2}.* s for/, " time  … s for");
}
