import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

/** What a message may hold, in bytes of its JSON, before it is packed. More is not sent, and not unpacked. */
export const MOST_BYTES: Readonly<Record<"shard" | "outcome" | "catalog", number>> = {
  shard: 16 * 1024 * 1024,
  outcome: 64 * 1024 * 1024,
  catalog: 64 * 1024 * 1024,
};

/** Something that was read from Redis and is not what this program writes there. */
export class ProtocolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProtocolError";
  }
}

/** What is made at a time: all of most messages, which takes a third of the time that the usual 16 KB take. */
const CHUNK = 512 * 1024;

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** A text for a job: gzip as Base64. By threads of libuv, so that this one goes on. */
export async function packed(text: string): Promise<string> {
  return (await zip(text, { level: 1, chunkSize: CHUNK })).toString("base64");
}

/** @throws ProtocolError when it is no packed text, or more than such a message may hold; then no more than that is unpacked */
export async function unpacked(kind: keyof typeof MOST_BYTES, body: string): Promise<string> {
  const most = MOST_BYTES[kind];
  if (body.length > 2 * most) throw new ProtocolError(`the ${kind} is longer than ${most} bytes`); // Base64 of what gzip cannot make smaller
  try {
    return (await unzip(Buffer.from(body, "base64"), { maxOutputLength: most, chunkSize: CHUNK })).toString();
  } catch (error) {
    const isTooLong = (error as { readonly code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
    const reason = isTooLong ? `is longer than ${most} bytes` : "cannot be unpacked";
    throw new ProtocolError(`the ${kind} ${reason}`, { cause: error });
  }
}
