import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { GzipBomb, isGzip, mostUnzipped } from "./gzip.ts";

export const CHUNK_BYTES: number = 1 << 20;

/**
 * A file's bytes from an offset on, unzipped where it is gzip (the offset counts unzipped bytes, and those before it are unzipped too).
 * Fails with the system's errors, and with zlib's for a damaged stream or
 * `GzipBomb` for one that grows too much (`gzipProblem`).
 */
export async function* chunksOf(
  path: string,
  offset: number = 0,
  chunkBytes: number = CHUNK_BYTES,
): AsyncGenerator<Buffer> {
  const zipped = await isGzip(path); // fails for a file that cannot be opened, before there is a stream to fail by itself
  const most = zipped ? mostUnzipped((await stat(path)).size) : Infinity; // nothing is waited for between a stream's making and its reading
  const file = createReadStream(path, { highWaterMark: chunkBytes, ...(zipped ? {} : { start: offset }) });
  const unzipped = zipped ? createGunzip({ chunkSize: Math.max(64, chunkBytes) }) : undefined;
  if (unzipped !== undefined) file.on("error", (error) => unzipped.destroy(error)).pipe(unzipped);
  for (const stream of [file, unzipped]) stream?.on("error", () => undefined); // whoever reads is told; one that comes later is nobody's
  let toSkip = zipped ? offset : 0;
  let left = most;
  try {
    for await (const chunk of (unzipped ?? file) as AsyncIterable<Buffer>) {
      // streams without an encoding give buffers
      left -= chunk.length;
      if (left < 0) throw new GzipBomb();
      if (toSkip < chunk.length) yield chunk.subarray(toSkip);
      toSkip = Math.max(0, toSkip - chunk.length);
    }
  } finally {
    unzipped?.destroy();
    file.destroy();
  }
}
