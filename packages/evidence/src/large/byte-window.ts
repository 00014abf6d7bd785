import type { KeyTwice } from "@leastwise/core";

/** Bytes of a file that are looked at, and how to get more of them. Owns its buffer: what is taken from it holds until `fill`. */
export class ByteWindow {
  readonly #chunks: AsyncIterator<Buffer>;
  bytes: Buffer = Buffer.alloc(0);
  /** Where in `bytes` the reader is: it may move it forward. */
  at = 0;
  #offset: number;
  #isEnded = false;
  /** Whether keys that stand twice are looked for: not in what has been looked at before. */
  readonly isNew: boolean;
  /** The first of them, by the place of its second in the file. Whoever reads notes it and goes on, since JSON comes first. */
  twice: KeyTwice | undefined;

  /** @param offset where in the file the first chunk begins */
  constructor(chunks: AsyncIterable<Buffer>, offset = 0, isNew = true) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#offset = offset;
    this.isNew = isNew;
  }

  /** Where in the file the reader is. */
  get place(): number {
    return this.#offset + this.at;
  }

  /**
   * Takes the bytes before the reader away, and at least doubles the others, so that a value that does not fit is looked at again
   * O(log size) times. False where the file has no more.
   */
  async fill(): Promise<boolean> {
    const kept = this.bytes.subarray(this.at);
    const parts = [kept];
    let more = 0;
    while (!this.#isEnded && more <= kept.length) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#isEnded = true;
      else {
        parts.push(next.value);
        more += next.value.length;
      }
    }
    this.#offset += this.at;
    this.at = 0;
    this.bytes = parts.length === 2 && kept.length === 0 ? parts[1]! : Buffer.concat(parts); // it has two
    return more > 0;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
