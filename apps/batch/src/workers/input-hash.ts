import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type FileStamp, isUnchanged } from "./file-stamp.ts";

/** Read at once; one for each thread. */
const CHUNK = Buffer.allocUnsafeSlow(1024 * 1024);

/** SHA-256 of bytes, in hexadecimal digits. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}

/** The same of a file's bytes as they lie on disk; undefined where they cannot be read. */
export function sha256OfFile(path: string): string | undefined {
  return hashed(path)?.sha256;
}

/** Of a folder that is read as one: what its files are called, and what is in them. Undefined where one of them is not known. */
export function sha256OfFolder(
  files: readonly { readonly path: string; readonly sha256: string | undefined }[],
): string | undefined {
  if (files.some(({ sha256 }) => sha256 === undefined)) return undefined;
  return hash("sha256", JSON.stringify(files.map(({ path, sha256 }) => [basename(path), sha256])));
}

/**
 * The hash of a file that is going to be read once more for what it says, as long as nobody writes to it meanwhile: undefined from then on.
 */
export function sha256WhileSame(path: string): () => string | undefined {
  const before = hashed(path);
  return () => (before !== undefined && isStill(path, before.stamp) ? before.sha256 : undefined);
}

interface Hashed {
  readonly sha256: string;
  /** Of before it was read. */
  readonly stamp: FileStamp;
}

/** Opens without waiting, in case a pipe has taken the file's place. */
function hashed(path: string): Hashed | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file, { bigint: true });
    if (!stats.isFile()) return undefined;
    const sum = createHash("sha256");
    for (;;) {
      const length = readSync(file, CHUNK);
      if (length === 0) break;
      sum.update(CHUNK.subarray(0, length));
    }
    return { sha256: sum.digest("hex"), stamp: stats };
  } catch {
    return undefined; // told of when it is read
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function isStill(path: string, before: FileStamp): boolean {
  try {
    return isUnchanged(before, statSync(path, { bigint: true }));
  } catch {
    return false; // as above
  }
}
