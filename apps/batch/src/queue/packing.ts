import { promisify } from "node:util";
import {
  type BrotliOptions,
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  constants,
} from "node:zlib";

/** What a message may hold, in bytes of its text, before it is packed. More is not sent, and not unpacked. */
export const MOST_BYTES: Readonly<Record<Kind, number>> = {
  shard: 16 * 1024 * 1024,
  outcome: 64 * 1024 * 1024,
  catalog: 64 * 1024 * 1024,
};

type Kind = "shard" | "outcome" | "catalog";

/** Something that was read from Redis and is not what this program writes there. */
export class ProtocolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProtocolError";
  }
}

/** What is made at a time: all of most messages, which takes a third of the time that the usual 16 KB take. */
const CHUNK = 512 * 1024;

const zip = promisify(brotliCompress);
const unzip = promisify(brotliDecompress);

/** Whether a text may be sent. */
export function isWithin(kind: Kind, text: string): boolean {
  return text.length * 3 <= MOST_BYTES[kind] || Buffer.byteLength(text) <= MOST_BYTES[kind]; // mostly nobody has to count
}

/** A text for a job: Brotli as Base64. In this thread. */
export function packedHere(text: string): string {
  const bytes = Buffer.from(text);
  return brotliCompressSync(bytes, packing(bytes)).toString("base64");
}

/** As `packedHere`, by threads of libuv, so that this one goes on. */
export async function packed(text: string): Promise<string> {
  const bytes = Buffer.from(text);
  return (await zip(bytes, packing(bytes))).toString("base64");
}

/**
 * A text that was packed. In this thread.
 *
 * @throws ProtocolError when it is no packed text, or more than such a message may hold; then no more than that is unpacked
 */
export function unpackedHere(kind: Kind, body: string): string {
  try {
    return brotliDecompressSync(bytesOf(kind, body), unpacking(kind)).toString();
  } catch (error) {
    throw fault(kind, error);
  }
}

/** As `unpackedHere`, by threads of libuv, so that this one goes on. @throws ProtocolError likewise */
export async function unpacked(kind: Kind, body: string): Promise<string> {
  try {
    return (await unzip(bytesOf(kind, body), unpacking(kind))).toString();
  } catch (error) {
    throw fault(kind, error);
  }
}

/** At this quality Brotli takes half the time of the fastest gzip, and makes less of it. */
function packing({ length }: Buffer): BrotliOptions {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: length };
  return { params, chunkSize: CHUNK };
}

function unpacking(kind: Kind): BrotliOptions {
  return { maxOutputLength: MOST_BYTES[kind], chunkSize: CHUNK };
}

function bytesOf(kind: Kind, body: string): Buffer {
  if (body.length > 2 * MOST_BYTES[kind]) throw tooLong(kind); // Base64 of what cannot be made smaller
  return Buffer.from(body, "base64");
}

function tooLong(kind: Kind, options?: ErrorOptions): ProtocolError {
  return new ProtocolError(`the ${kind} is longer than ${MOST_BYTES[kind]} bytes`, options);
}

function fault(kind: Kind, cause: unknown): ProtocolError {
  if (cause instanceof ProtocolError) return cause;
  if ((cause as { readonly code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") return tooLong(kind, { cause });
  return new ProtocolError(`the ${kind} cannot be unpacked`, { cause });
}
