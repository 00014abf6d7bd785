import { spawnSync } from "node:child_process";
import { cpus, release, totalmem, type as osType } from "node:os";
import type { Machine } from "./figures.ts";

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    platform: `${osType()} ${release()} ${process.arch}`,
    node: process.version,
  };
}

/** The commit that is measured, with `+` behind it where the working tree differs; `unknown` outside of a repository. */
export function commitOf(folder: string): string {
  const head = git(folder, "rev-parse", "--short=12", "HEAD");
  if (head === undefined) return "unknown";
  return git(folder, "status", "--porcelain") === "" ? head : `${head}+`;
}

function git(folder: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
