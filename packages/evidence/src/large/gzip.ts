import { open } from "node:fs/promises";
import { MAX_TEXT_BYTES, TOO_LARGE_HINT, type TextProblem, damagedGzip } from "../text.ts";

/** What is written out of a gzip stream may have so many times its size: exports become ten to fifty times as large, a bomb a thousand times. */
const MOST_GROWTH = 250;

/** How many bytes may be written out of a gzip file of that size. What is no larger than a file that is read whole is never a bomb. */
export function mostUnzipped(bytes: number): number {
  return Math.max(MAX_TEXT_BYTES, MOST_GROWTH * bytes);
}

/** More comes out of a gzip file than may. */
export class GzipBomb extends Error {
  constructor() {
    super(`more than ${MOST_GROWTH} times its size comes out of the gzip stream`);
    this.name = "GzipBomb";
  }
}

/** What is to be said of a stream that fails for what it contains; undefined for the system's errors. */
export function gzipProblem(error: unknown): TextProblem | undefined {
  if (error instanceof GzipBomb) return { code: "too-large", message: error.message, hint: TOO_LARGE_HINT };
  return isZlibError(error) ? damagedGzip(error) : undefined;
}

/** Whether a file begins as gzip does. Fails for one that cannot be opened. */
export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** Whether an error tells of what the stream contains rather than of the system. */
function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
}
