import { type BrotliOptions, brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

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

/** Whether a text may be sent. */
export function isWithin(kind: Kind, text: string): boolean {
  return text.length * 3 <= MOST_BYTES[kind] || Buffer.byteLength(text) <= MOST_BYTES[kind]; // mostly nobody has to count
}

/** A text for a job: Brotli as Base64. In this thread, which takes no longer than having it done by those of libuv. */
export function packed(text: string): string {
  const bytes = Buffer.from(text);
  return brotliCompressSync(bytes, packing(bytes)).toString("base64");
}

/** The bytes of a packed text. @throws ProtocolError when it is none, or more than such a message may hold; then no more than that is unpacked */
export function unpacked(kind: Kind, body: string): Buffer {
  if (body.length > 2 * MOST_BYTES[kind]) throw tooLong(kind); // Base64 of what cannot be made smaller
  try {
    return brotliDecompressSync(Buffer.from(body, "base64"), unpacking(kind));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooLong(kind, { cause: error });
    throw new ProtocolError(`the ${kind} cannot be unpacked`, { cause: error });
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

function tooLong(kind: Kind, options?: ErrorOptions): ProtocolError {
  return new ProtocolError(`the ${kind} is longer than ${MOST_BYTES[kind]} bytes`, options);
}
