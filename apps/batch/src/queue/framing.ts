import { ProtocolError } from "./packing.ts";

/**
 * Puts long texts behind the form of a message, one after another, in which their lengths stand instead (in bytes of UTF-8). As strings
 * of the form, JSON within JSON, they would be escaped and read character by character, which takes some five times as long.
 */
export class Frame {
  #texts = "";

  /** The length, for the form. Texts are taken in the order in which they are put. */
  put(text: string): number {
    this.#texts += text;
    return Buffer.byteLength(text);
  }

  /** JSON writes no line feed. */
  close(form: unknown): string {
    return `${JSON.stringify(form)}\n${this.#texts}`;
  }
}

const LINE_FEED = 10;

/** What a frame held. */
export class Unframed {
  readonly form: string;
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer) {
    const end = bytes.indexOf(LINE_FEED);
    this.form = bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
    this.#bytes = bytes;
    this.#at = end < 0 ? bytes.length : end + 1;
  }

  /** The next text, of this length. A string of its own: a slice would keep the whole message in memory as long as itself. */
  take(length: number): string {
    const from = this.#at;
    this.#at += length;
    return this.#at > this.#bytes.length ? "" : this.#bytes.toString("utf8", from, this.#at);
  }

  /** @throws ProtocolError where the lengths that were taken are not those of the texts */
  end(what: string): void {
    if (this.#at !== this.#bytes.length)
      throw new ProtocolError(`the texts of the ${what} have other lengths than it says`);
  }
}
