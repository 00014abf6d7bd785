import type { BigIntStats } from "node:fs";

/** What tells a file from another one, and from itself before somebody has written to it. Dates in nanoseconds. */
export type FileStamp = Pick<BigIntStats, "ino" | "size" | "mtimeNs" | "ctimeNs">;

/**
 * Whether nobody has written to a file, or put another in its place, between two looks. Whoever writes can set `mtime` back, but not `ctime`;
 * that one moves with names and permissions, too, which is why a file that is only renamed counts as changed.
 */
export function isUnchanged(before: FileStamp, after: FileStamp): boolean {
  return (
    before.ino === after.ino &&
    before.size === after.size &&
    before.mtimeNs === after.mtimeNs &&
    before.ctimeNs === after.ctimeNs
  );
}
